"""A rate that is looked for at each step: where it ends up, and that it always does."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from course_lib.graph import Parameter, apply, backpropagate
from course_lib.layers import Dense, Sequential, Sigmoid
from course_lib.operations.classification_losses import cross_entropy
from course_lib.optimizers import SGD, GradientDescent

Function = Callable[[np.ndarray], float]


def run(
    f: Function, df: Callable, x: Parameter, steps: int, **settings: float
) -> tuple[GradientDescent, list[float], list[float]]:
    """The optimizer after its steps, the loss before each and after the last, and the
    rate of each."""
    optimizer = GradientDescent([x], **settings)
    losses, rates = [f(x.value)], []
    for _ in range(steps):
        losses.append(optimizer.step({x: df(x.value)}, lambda: f(x.value)))
        rates.append(optimizer.rate)
    return optimizer, losses, rates


@pytest.mark.parametrize("alpha", [0.8, 5.0, 300.0])
@pytest.mark.parametrize("decrease", [1e-4, 0.3])
@pytest.mark.parametrize(("lr", "shrink"), [(1.0, 0.5), (1000.0, 0.8), (0.7, 0.1)])
def test_on_a_parabola_it_is_the_first_rate_below_its_bound(
    alpha: float, decrease: float, lr: float, shrink: float
) -> None:
    """f(x − τg) = f(x)(1 − τα)², so the condition is τ ≤ 2(1 − c)/α: below 2/α."""
    x = Parameter([3.0])
    optimizer, losses, rates = run(
        lambda x: alpha * x[0] ** 2 / 2,
        lambda x: alpha * x,
        x,
        1,
        lr=lr,
        shrink=shrink,
        decrease=decrease,
    )
    bound = 2 * (1 - decrease) / alpha
    trials = 1
    expected = lr
    while expected > bound:
        expected *= shrink
        trials += 1
    assert rates == [expected]
    assert min(lr, shrink * bound) <= expected <= bound
    assert optimizer.evaluations == 1 + trials
    np.testing.assert_allclose(x.value, [3 * (1 - expected * alpha)], rtol=1e-13)
    np.testing.assert_allclose(losses[1], losses[0] * (1 - expected * alpha) ** 2)


def test_on_a_bowl_each_rate_keeps_armijos_condition_and_the_loss_dies() -> None:
    curvature = np.array([0.2, 1.0, 4.0])
    x = Parameter([-5.0, 1.0, -2.0])
    expected = x.value.copy()
    _, losses, rates = run(
        lambda x: float(curvature @ x**2 / 2),
        lambda x: curvature * x,
        x,
        100,
        lr=100.0,
        shrink=0.7,
        decrease=0.1,
    )
    for (before, after), rate in zip(pairwise(losses), rates, strict=True):
        g = curvature * expected
        assert after <= before - 0.1 * rate * (g @ g)
        # ‖g‖² ≥ 2mf with the least curvature m: so much is certain at every step
        assert after <= before * (1 - 2 * 0.2 * 0.1 * rate)
        # with the largest curvature M, no rate up to 2(1 − c)/M is refused
        assert rate > 0.7 * 2 * (1 - 0.1) / 4
        expected -= rate * g
    np.testing.assert_allclose(x.value, expected, rtol=1e-12)
    assert losses[-1] < 1e-8 * losses[0]


def test_rosenbrocks_valley() -> None:
    """f = (1 − x)² + 100(y − x²)², from the customary start; a fixed rate of 1 leaves
    the plane."""

    def f(x: np.ndarray) -> float:
        return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)

    def slope(x: np.ndarray) -> np.ndarray:
        to_valley = x[1] - x[0] ** 2
        return np.array([-2 * (1 - x[0]) - 400 * x[0] * to_valley, 200 * to_valley])

    x = Parameter([-1.2, 1.0])
    optimizer, losses, rates = run(f, slope, x, 3000)
    assert losses[0] == pytest.approx(24.2)
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] < 1e-3
    np.testing.assert_allclose(x.value, [1, 1], atol=0.05)
    assert min(rates) < 1 / 256 < 1 / 64 < max(rates)  # it adapts
    trials = 1 - np.log2(rates)
    assert optimizer.evaluations == 3000 + trials.sum()


def test_a_rate_far_too_high_is_rescued_on_a_network() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5))
    labels = (x[:, 0] * x[:, 1] > 0).astype(int)

    def make() -> Sequential:
        rng = np.random.default_rng(1)
        return Sequential(Dense(5, 8, rng=rng), Sigmoid(), Dense(8, 2, rng=rng))

    def train(network: Sequential, step: Callable) -> list[float]:
        losses = []
        for _ in range(200):
            l = apply(cross_entropy, network(x), labels=labels)
            losses.append(float(l.value))
            step(backpropagate(l))
        return losses

    fixed, searched = make(), make()
    optimizer = GradientDescent(searched.parameters(), lr=100.0)

    def loss() -> np.ndarray:
        return cross_entropy(searched.predict(x), labels=labels)[0]

    too_fast = train(fixed, SGD(fixed.parameters(), lr=100.0).step)
    losses = train(searched, lambda gradients: optimizer.step(gradients, loss))
    assert max(too_fast) > 10 * too_fast[0]
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] < 0.5 * losses[0]


def test_a_rate_that_leaves_the_domain_is_too_high() -> None:
    """f = x − log x: the logarithm is NaN beyond 0, where the first trials land."""
    x = Parameter([3.0])
    optimizer, losses, rates = run(
        lambda x: (x - np.log(x))[0], lambda x: 1 - 1 / x, x, 1, lr=32.0
    )
    assert rates == [4.0]
    assert optimizer.evaluations == 5
    np.testing.assert_allclose(x.value, [1 / 3])
    np.testing.assert_allclose(losses[1], 1 / 3 + np.log(3))


@pytest.mark.parametrize(("dtype", "spacing"), [(np.float32, 2**-23), (float, 2**-52)])
def test_against_the_slope_nothing_moves(dtype: type, spacing: float) -> None:
    """The gradient has the wrong sign: every rate is too high, until it promises less
    than rounding shows, here 4τ against the spacing of numbers at 1."""
    x = Parameter(np.ones(1, dtype))
    optimizer, losses, rates = run(lambda x: (x * x)[0], lambda x: -2 * x, x, 1)
    assert rates == [0.0]
    assert losses == [1.0, 1.0]
    np.testing.assert_array_equal(x.value, [1.0])
    assert x.value.dtype == dtype
    halvings = -np.log2(spacing / 4)
    # f(x), the trials, and f(x) again where τ = 0
    assert optimizer.evaluations == 1 + halvings + 1


def test_at_a_minimum_it_stays() -> None:
    x = Parameter([0.0])
    optimizer, losses, rates = run(lambda x: x[0] ** 2, lambda x: 2 * x, x, 1)
    assert losses == [0.0, 0.0]
    assert rates == [1.0]
    assert optimizer.evaluations == 2


def test_a_loss_that_is_another_at_each_evaluation_ends_too() -> None:
    x = Parameter([1.0])
    growing = iter(range(1, 1000))
    optimizer = GradientDescent([x])
    optimizer.step({x: np.array([1.0])}, lambda: next(growing))
    assert optimizer.rate == 0
    np.testing.assert_array_equal(x.value, [1.0])


def test_all_parameters_move_by_one_rate_and_count_in_the_norm() -> None:
    a, b = Parameter([[1.0, 2.0]]), Parameter(2.0)
    optimizer = GradientDescent([a, b], lr=8.0, decrease=0.5)

    def loss() -> float:  # at τ: (5 + 4)(1 − 2τ)², to be ≤ 9 − τ·36/2
        return (a.value**2).sum() + b.value**2

    gradients = {a: 2 * a.value, b: 2 * b.value}
    assert optimizer.step(gradients, loss) == 0.0
    assert optimizer.rate == 0.5
    np.testing.assert_array_equal(a.value, [[0.0, 0.0]])
    np.testing.assert_array_equal(gradients[a], [[2.0, 4.0]])


@pytest.mark.parametrize(
    ("loss", "gradient"),
    [(float("nan"), 1.0), (float("inf"), 1.0), (1.0, float("nan")), (1.0, 1e200)],
)
def test_a_start_that_is_not_finite_is_refused(loss: float, gradient: float) -> None:
    x = Parameter([1.0])
    with pytest.raises(FloatingPointError, match=f"loss is {loss} .* before the step"):
        GradientDescent([x]).step({x: np.array([gradient])}, lambda: loss)
    np.testing.assert_array_equal(x.value, [1.0])


@pytest.mark.parametrize("loss", [Parameter(1.0), np.ones(2), "1", None, 1j])
def test_a_loss_that_is_no_number_is_refused(loss: object) -> None:
    x = Parameter([1.0])
    with pytest.raises(TypeError, match=r"expected one number.*\.value"):
        GradientDescent([x]).step({x: np.array([1.0])}, lambda: loss)


def test_gradients_and_parameters_are_checked_as_by_every_optimizer() -> None:
    x = Parameter([1.0])
    with pytest.raises(ValueError, match=r"GradientDescent\.step: .*shape \(2,\)"):
        GradientDescent([x]).step({x: np.ones(2)}, lambda: 1.0)
    with pytest.raises(ValueError, match="GradientDescent: a parameter is named twice"):
        GradientDescent([x, x])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("lr", 0.0, "above 0"),
        ("lr", float("inf"), "above 0"),
        ("shrink", 0.0, "between 0 and 1"),
        ("shrink", 1.0, "between 0 and 1"),
        ("decrease", 0.0, "between 0 and 1"),
        ("decrease", 1.0, "between 0 and 1"),
        ("decrease", "0.1", "between 0 and 1"),
    ],
)
def test_settings_out_of_range_are_refused(
    name: str, value: float, expected: str
) -> None:
    with pytest.raises(ValueError, match=f"GradientDescent: {name} is .*{expected}"):
        GradientDescent([Parameter([1.0])], **{name: value})
