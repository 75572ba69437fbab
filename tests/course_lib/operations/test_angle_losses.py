"""The seam at ±π, which an angle's loss must not see; and von Mises against torch."""

from functools import partial

import numpy as np
import pytest
import torch

from course_lib.operations.angle_losses import (
    angle_cosine,
    sine_cosine_mse,
    von_mises,
    wrapped_mse,
)
from course_lib.operations.angles import to_sine_cosine
from course_lib.operations.regression_losses import mse

PI, ONE = np.pi, np.array(1.0)


def von_mises_of_mean(y, *, labels, concentration=4.0):
    """Its value less that at the label, and the gradient by the mean alone."""
    kappa = np.asarray(concentration, dtype=y.dtype)
    value, backward = von_mises(y, kappa, labels=labels)
    lowest, _ = von_mises(np.asarray(labels, y.dtype), kappa, labels=labels)
    return value - lowest, lambda dy: backward(dy)[0]


def sine_cosine_of_angle(y, *, labels):
    """As a function of the angle: dl/dy = dl/dsin·cos y − dl/dcos·sin y."""
    value, backward = sine_cosine_mse(to_sine_cosine(y), labels=labels)

    def backward_to_angle(dy):
        d = backward(dy)
        return d[..., 0] * np.cos(y) - d[..., 1] * np.sin(y)

    return value, backward_to_angle


LOSSES = [
    wrapped_mse,
    angle_cosine,
    von_mises_of_mean,
    partial(von_mises_of_mean, concentration=0.5),
    sine_cosine_of_angle,
]
every_loss = pytest.mark.parametrize(
    "loss", LOSSES, ids=lambda f: getattr(f, "__name__", "von_mises_of_mean, 0.5")
)


def fails_at_the_seam(loss):
    """What is wrong with a loss where a prediction and its label lie on the two sides
    of ±π, or whole turns apart."""
    y, t = np.array([PI - 0.02, 0.02 - PI]), np.array([0.03 - PI, PI - 0.03])
    value, backward = loss(y, labels=t)
    inside, backward_inside = loss(np.array([-0.02, 0.02]), labels=[0.03, -0.03])
    if not np.isclose(value, inside, rtol=1e-9):
        return f"{value} over the seam, {inside} elsewhere"
    if not np.allclose(backward(ONE), backward_inside(ONE), rtol=1e-9):
        return "the gradient does not lead over the seam"
    for turns in [2 * PI, -2 * PI, 6 * PI]:
        if not np.isclose(loss(y + turns, labels=t)[0], value, rtol=1e-9):
            return "a whole turn costs"
        if not np.isclose(loss(y, labels=t + turns)[0], value, rtol=1e-9):
            return "a whole turn of the label costs"
    return None


@every_loss
def test_the_seam_is_not_there(loss):
    assert fails_at_the_seam(loss) is None


def test_a_loss_that_does_not_wrap_fails_there():
    assert "over the seam" in fails_at_the_seam(mse)


@every_loss
def test_a_step_against_the_gradient_goes_the_short_way(loss):
    y, t = np.array([3.0]), np.array([-3.0])  # 0.28 apart, over the seam
    value, backward = loss(y, labels=t)
    step = -0.1 * backward(ONE)
    assert step[0] > 0
    assert loss(y + step, labels=t)[0] < value


@every_loss
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_angles_far_out(loss, dtype):
    y = np.array([1e4, -1e4, 0.5], dtype)
    value, backward = loss(y, labels=np.array([0.25, 0.25, -1e4], dtype))
    near = np.mod([1e4, -1e4, 0.5], 2 * PI), np.mod([0.25, 0.25, -1e4], 2 * PI)
    expected, expected_backward = loss(near[0], labels=near[1])
    dx = backward(dtype(1))
    tolerance = 1e-9 if dtype == np.float64 else 3e-3  # float32 steps by 0.001 at 1e4
    np.testing.assert_allclose(value, expected, rtol=tolerance)
    np.testing.assert_allclose(dx, expected_backward(ONE), rtol=tolerance)
    assert value.dtype == dx.dtype == dtype


@every_loss
def test_where_prediction_and_label_agree(loss):
    y = np.array([0.5, -3.0, PI])
    value, backward = loss(y, labels=y)
    assert value == 0
    np.testing.assert_allclose(backward(ONE), 0, atol=1e-16)


def test_small_differences_keep_their_digits():
    """1 − cos d would be 0 for d = 1e-9."""
    value, _ = angle_cosine(np.array([1e-9]), labels=[0])
    np.testing.assert_allclose(value, 0.5e-18, rtol=1e-12)
    value, _ = von_mises(np.array([1e-5]), np.array([1e8]), labels=[0])
    expected = 0.5 * np.log(2 * PI / 1e8) + 0.5e-2
    np.testing.assert_allclose(value, expected, rtol=1e-8)


@pytest.mark.parametrize("concentration", [0.01, 1.0, 19.0, 21.0, 300.0])
def test_von_mises_is_the_likelihood_of_torchs_distribution(concentration):
    """To the 1e-7 of torch's approximation of I₀."""
    t = np.linspace(-3, 3, 7)
    expected = torch.distributions.VonMises(
        torch.tensor(0.5).double(), torch.tensor(concentration).double()
    ).log_prob(torch.tensor(t))
    value, _ = von_mises(np.full(7, 0.5), np.array(concentration), labels=t)
    np.testing.assert_allclose(value, -expected.mean().item(), rtol=1e-6)


@pytest.mark.parametrize("concentration", [0.0, 0.5, 30.0])
def test_the_likelihood_is_a_density(concentration):
    """e⁻ˡ over the whole circle is 1; the midpoints of 200 parts sum it exactly."""
    angles = (np.arange(200) + 0.5) * PI / 100
    density = [
        np.exp(-von_mises(np.array([0.3]), np.array(concentration), labels=[t])[0])
        for t in angles
    ]
    np.testing.assert_allclose(np.sum(density) * PI / 100, 1, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_concentration_of_ten_thousand(dtype):
    """Nearly the normal distribution, whose negative log likelihood has this form."""
    mean, kappa = np.array([1.0, 1.01, 0.97], dtype), np.full(3, 1e4, dtype)
    value, backward = von_mises(mean, kappa, labels=[1, 1, 1])
    d2 = np.array([0, 1e-4, 9e-4])
    expected = np.mean(0.5 * np.log(2 * PI / 1e4) + 1e4 * d2 / 2)
    np.testing.assert_allclose(value, expected, rtol=1e-4)
    dmean, dkappa = backward(dtype(3))
    np.testing.assert_allclose(dmean, [0, 100, -300], rtol=1e-3)
    np.testing.assert_allclose(dkappa, -0.5e-4 + d2 / 2, atol=2e-7)


def test_the_best_concentration_matches_the_spread_of_the_labels():
    """Where I₁/I₀ is the mean of cos(t − μ), its gradient is 0."""
    t = np.array([-0.5, 0.5, 0.1, -0.1])
    low, high = np.array(0.1), np.array(100.0)
    for _ in range(60):
        middle = (low + high) / 2
        _, dkappa = von_mises(np.zeros(4), middle, labels=t)[1](ONE)
        low, high = (middle, high) if dkappa < 0 else (low, middle)
    spread = 1 / low
    np.testing.assert_allclose(spread, np.var(t), rtol=0.1)
    assert von_mises(np.zeros(4), low, labels=t)[0] < min(
        von_mises(np.zeros(4), low * factor, labels=t)[0] for factor in [0.9, 1.1]
    )
