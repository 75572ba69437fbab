"""The decks write momentum in three forms and Nesterov in two: how they map."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch

from course_lib.graph import Parameter
from course_lib.optimizers import Momentum, MovingAverageMomentum, Nesterov, Optimizer

GAMMA = 0.75
A = np.diag([0.2, 4.0])  # the elongated valley xᵀAx/2, whose gradient is Ax
START = np.array([-5.0, -2.0])


def constant(t: int) -> float:
    return 0.0625


def falling(t: int) -> float:
    return 0.0625 if t < 10 else 0.015625


def walk(
    rule: Callable[[list[Parameter]], Optimizer], rate: Callable[[int], float]
) -> Iterator[np.ndarray]:
    """Where the rule arrives after each of 40 steps in the valley."""
    x = Parameter(START)
    optimizer = rule([x])
    for t in range(40):
        optimizer.lr = rate(t)
        optimizer.step({x: A @ x.value})
        yield x.value.copy()


def momentum(parameters: list[Parameter]) -> Optimizer:
    return Momentum(parameters, momentum=GAMMA)


def moving_average(parameters: list[Parameter]) -> Optimizer:
    return MovingAverageMomentum(parameters, momentum=GAMMA)


def torch_walk(rate: Callable[[int], float], *, nesterov: bool) -> Iterator[np.ndarray]:
    x = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.SGD([x], momentum=GAMMA, nesterov=nesterov)
    for t in range(40):
        optimizer.param_groups[0]["lr"] = rate(t)
        x.grad = torch.tensor(A) @ x.detach()
        optimizer.step()
        yield x.detach().numpy().copy()


def gap(one: Iterator[np.ndarray], other: Iterator[np.ndarray]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(one, other, strict=True))


def scaled(rate: Callable[[int], float]) -> Callable[[int], float]:
    """η_C = η_A/(1−λ), so that η_A = η_C(1−λ)."""
    return lambda t: rate(t) / (1 - GAMMA)


def test_the_two_forms_agree_while_the_rate_is_constant() -> None:
    assert gap(walk(momentum, constant), walk(moving_average, scaled(constant))) < 1e-13


def test_the_two_forms_part_when_the_rate_changes() -> None:
    a = list(walk(momentum, falling))
    c = list(walk(moving_average, scaled(falling)))
    np.testing.assert_allclose(a[:10], c[:10], rtol=0, atol=1e-13)
    # deck A's velocity keeps the old rate, so its next step is longer
    assert np.abs(a[10] - a[9]).max() > 1.5 * np.abs(c[10] - c[9]).max()


def test_the_velocity_with_the_other_sign_is_the_same_rule_whatever_the_rate() -> None:
    x, v = START.copy(), np.zeros(2)
    for t, expected in enumerate(walk(momentum, falling)):
        v = GAMMA * v - falling(t) * (A @ x)
        x = x + v
        np.testing.assert_array_equal(x, expected)


def test_nesterov_keeps_the_look_ahead_of_the_rule_as_written() -> None:
    """v ← μv − η∇(z + μv), z ← z + v: the library's x is z + μv, at every rate."""

    def rule(parameters: list[Parameter]) -> Optimizer:
        return Nesterov(parameters, momentum=GAMMA)

    z, v = START.copy(), np.zeros(2)
    for t, x in enumerate(walk(rule, falling)):
        v = GAMMA * v - falling(t) * (A @ (z + GAMMA * v))
        z = z + v
        np.testing.assert_allclose(x, z + GAMMA * v, rtol=0, atol=1e-13)


@pytest.mark.parametrize("rule", [Momentum, Nesterov])
def test_torchs_form_agrees_while_the_rate_is_constant(rule: type) -> None:
    def ours(rate: Callable[[int], float]) -> Iterator[np.ndarray]:
        return walk(lambda parameters: rule(parameters, momentum=GAMMA), rate)

    nesterov = rule is Nesterov
    assert gap(ours(constant), torch_walk(constant, nesterov=nesterov)) < 1e-13
    assert gap(ours(falling), torch_walk(falling, nesterov=nesterov)) > 0.1


def test_torchs_dampening_is_the_moving_average_after_its_first_step() -> None:
    """torch's first velocity is g itself; the moving average's is (1−λ)g."""
    gradients = [np.array(g) for g in ([1.0, -2.0], [3.0, 0.5], [-1.0, 4.0])]
    tensor = torch.tensor(START, requires_grad=True)
    reference = torch.optim.SGD([tensor], lr=0.5, momentum=GAMMA, dampening=GAMMA)
    x = Parameter(START)
    optimizer = MovingAverageMomentum([x], lr=0.5, momentum=GAMMA)
    for t, g in enumerate(gradients):
        tensor.grad = torch.tensor(g)
        reference.step()
        if t == 0:
            optimizer.states[0]["v"][...] = -g / GAMMA  # so that λv − (1−λ)·0 = −g
            optimizer.step({x: np.zeros(2)})
        else:
            optimizer.step({x: g})
        np.testing.assert_allclose(x.value, tensor.detach().numpy(), rtol=1e-14)
