"""Activations far out, at the kink, and where precision is lost first."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.activations import (
    elu,
    leaky_relu,
    maxout,
    relu,
    relu6,
    selu,
    sigmoid,
    softplus,
    softsign,
    tanh,
)

ALL = {
    sigmoid: torch.sigmoid,
    tanh: torch.tanh,
    softsign: functional.softsign,
    relu: torch.relu,
    relu6: functional.relu6,
    leaky_relu: functional.leaky_relu,
    elu: functional.elu,
    selu: functional.selu,
    softplus: functional.softplus,
}
every_activation = pytest.mark.parametrize(
    ("operation", "theirs"), ALL.items(), ids=lambda f: f.__name__
)


@every_activation
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_far_out_and_at_the_kinks_as_in_torch(operation, theirs, dtype):
    """An overflow would warn, and a warning is an error."""
    x = [-1e4, -1000, -100, 0, -0.0, 6, 100, 1000, 1e4]
    tensor = torch.tensor(x, dtype=dtype, requires_grad=True)
    expected = theirs(tensor)
    expected.backward(torch.arange(1.0, 10).to(dtype))
    value, backward = operation(tensor.detach().numpy())
    dx = backward(np.arange(1.0, 10).astype(value.dtype))
    assert value.dtype == dx.dtype == tensor.grad.numpy().dtype
    eps = torch.finfo(dtype).eps
    np.testing.assert_allclose(value, expected.detach(), rtol=4 * eps, atol=1e-37)
    np.testing.assert_allclose(dx, tensor.grad, rtol=4 * eps, atol=10 * eps)


@every_activation
def test_integers_are_not_truncated(operation, theirs):
    x = np.array([-2, 0, 1, 7])
    tensor = torch.tensor(x.astype(float), requires_grad=True)
    expected = theirs(tensor)
    expected.sum().backward()
    value, backward = operation(x)
    np.testing.assert_allclose(value, expected.detach(), rtol=1e-14)
    np.testing.assert_allclose(backward(np.ones(4)), tensor.grad, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_is_safe_far_out(dtype):
    x = np.array([-1e4, -1000, 1000, 1e4, -np.inf, np.inf], dtype)
    value, backward = sigmoid(x)  # an overflow would warn, and a warning is an error
    np.testing.assert_equal(value, np.array([0, 0, 1, 1, 0, 1], dtype))
    np.testing.assert_equal(backward(np.ones_like(x)), np.zeros_like(x))


def test_sigmoid_keeps_its_digits_where_it_is_small():
    """1 − 1/(1 + eˣ) would lose them: relative accuracy, not absolute."""
    x = np.array([-700.0, -100.0, -40.0, -1.0])
    value, backward = sigmoid(x)
    np.testing.assert_allclose(value, np.exp(x) / (1 + np.exp(x)), rtol=1e-15)
    slope = np.exp(x) / (1 + np.exp(x)) ** 2
    np.testing.assert_allclose(backward(np.ones(4)), slope, rtol=1e-15)


def test_where_the_derivatives_round_to_zero():
    ones = np.ones(2)
    slope = sigmoid(np.array([36.0, 37.0]))[1](ones)
    assert slope[0] > 0 == slope[1]
    slope = sigmoid(np.array([-745.0, -746.0]))[1](ones)
    assert slope[0] > 0 == slope[1]
    slope = tanh(np.array([18.0, 19.1]))[1](ones)
    assert slope[0] > 0 == slope[1]


def test_sigmoid_is_point_symmetric():
    x = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(sigmoid(x)[0] + sigmoid(-x)[0], 1, rtol=1e-15)


def test_tanh_is_a_stretched_sigmoid():
    x = np.linspace(-5, 5, 41)
    np.testing.assert_allclose(tanh(x)[0], 2 * sigmoid(2 * x)[0] - 1, atol=1e-15)


def test_elu_and_softplus_keep_their_digits_where_they_are_small():
    """eˣ − 1 and ln(1 + eˣ) would lose them."""
    x = np.array([-1e-10, -1e-5])
    np.testing.assert_allclose(elu(x)[0], x + x**2 / 2 + x**3 / 6, rtol=1e-14)
    x = np.array([-700.0, -40.0])
    np.testing.assert_allclose(softplus(x)[0], np.exp(x), rtol=1e-14)
    np.testing.assert_allclose(softplus(x)[1](np.ones(2)), np.exp(x), rtol=1e-14)
    excess = softplus(np.array([25.0]))[0] - 25
    np.testing.assert_allclose(excess, np.exp(-25.0), rtol=1e-3)  # torch has 0


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_elu_has_its_own_kink_and_limit(alpha):
    value, backward = elu(np.array([-1e4, 0.0, 1e-9]), alpha=alpha)
    np.testing.assert_allclose(value, [-alpha, 0, 1e-9])
    np.testing.assert_allclose(backward(np.ones(3)), [0, alpha, 1])


def test_selus_constants_make_mean_0_and_variance_1_a_fixed_point():
    """The moments of selu(x), x ~ N(0, 1), by the midpoint rule."""
    step = 1e-4
    x = np.arange(-12 + step / 2, 12, step)
    density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * step
    y, _ = selu(x)
    np.testing.assert_allclose((y * density).sum(), 0, atol=1e-9)
    np.testing.assert_allclose((y * y * density).sum(), 1, rtol=1e-8)


def test_a_sharp_softplus_is_nearly_the_relu():
    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(softplus(x, beta=1e4)[0], relu(x)[0], atol=1e-4)


def test_the_leak_is_on_the_left():
    value, backward = leaky_relu(np.array([-2.0, 0.0, 3.0]), negative_slope=0.25)
    np.testing.assert_equal(value, [-0.5, 0, 3])
    np.testing.assert_equal(backward(np.array([-4.0, 4.0, 4.0])), [-1, 1, 4])


def test_maxout_of_equal_pieces_shares_the_gradient():
    """torch.amax does; torch.max along an axis would pick one."""
    value, backward = maxout(np.zeros((3, 4)), pieces=4)
    np.testing.assert_equal(value, np.zeros((3, 1)))
    np.testing.assert_equal(backward(np.ones((3, 1))), np.full((3, 4), 0.25))


def test_maxout_of_one_piece_changes_nothing_and_an_empty_batch_stays_empty():
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_equal(maxout(x, pieces=1)[0], x)
    assert maxout(np.zeros((0, 6)), pieces=3)[0].shape == (0, 2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_softsign_keeps_its_slope_far_out(dtype):
    """torch, which takes a difference there, does not."""
    value, backward = softsign(np.array([-9999, 9999], dtype))
    np.testing.assert_allclose(value, [-0.9999, 0.9999], rtol=1e-6)
    np.testing.assert_allclose(backward(np.ones_like(value)), [1e-8, 1e-8], rtol=1e-6)


def test_relu_is_flat_at_zero():
    x = np.array([-0.0, 0.0, 1.0])
    tensor = torch.tensor(x, requires_grad=True)
    torch.relu(tensor).sum().backward()
    np.testing.assert_equal(relu(x)[1](np.ones(3)), tensor.grad.numpy())


def test_relu_asks_its_input_and_not_the_gradient():
    _, backward = relu(np.array([1.0, -1.0]))
    np.testing.assert_equal(backward(np.array([-5.0, 5.0])), [-5, 0])


def test_an_infinite_gradient_behind_a_closed_relu_is_no_number():
    """torch gives 0 there, at ten times the cost: CONTRIBUTING says why."""
    _, backward = relu(np.array([-1.0, 1.0]))
    with pytest.warns(RuntimeWarning, match="invalid"):
        dx = backward(np.array([np.inf, np.inf]))
    np.testing.assert_equal(dx, [np.nan, np.inf])
