"""Clipping by the norm of all gradients together, and entry by entry."""

import numpy as np
import pytest
import torch

from course_lib.graph import Parameter, backpropagate
from course_lib.optimizers import SGD, clip_grad_norm, clip_grad_value

SHAPES: list[tuple[int, ...]] = [(3, 4), (5,), (), (2, 3, 2)]


def draw(seed: int, scale: float = 1.0) -> dict[Parameter, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        Parameter(np.zeros(s)): np.asarray(scale * rng.normal(size=s)) for s in SHAPES
    }


def as_torch(gradients: dict[Parameter, np.ndarray]) -> list[torch.Tensor]:
    tensors = []
    for g in gradients.values():
        tensor = torch.zeros(g.shape, dtype=torch.float64, requires_grad=True)
        tensor.grad = torch.tensor(g)
        tensors.append(tensor)
    return tensors


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("limit", [0.01, 1.5, 1000.0])
def test_the_norm_is_clipped_as_torch_does(seed: int, limit: float) -> None:
    gradients = draw(seed)
    tensors = as_torch(gradients)
    expected = float(torch.nn.utils.clip_grad_norm_(tensors, limit))
    clipped, norm = clip_grad_norm(gradients, limit)
    np.testing.assert_allclose(norm, expected, rtol=1e-14)
    assert type(norm) is float
    assert list(clipped) == list(gradients)
    for p, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(clipped[p], tensor.grad, rtol=1e-14)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("limit", [0.01, 1.5])
def test_values_are_clipped_as_torch_does(seed: int, limit: float) -> None:
    gradients = draw(seed)
    tensors = as_torch(gradients)
    torch.nn.utils.clip_grad_value_(tensors, limit)
    clipped = clip_grad_value(gradients, limit)
    for p, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_array_equal(clipped[p], tensor.grad)


def test_all_gradients_shrink_by_one_factor() -> None:
    a, b = Parameter([0.0, 0.0]), Parameter([[0.0]])
    clipped, norm = clip_grad_norm(
        {a: np.array([3.0, 0.0]), b: np.array([[-4.0]])}, 2.5, eps=0.0
    )
    assert norm == 5.0
    np.testing.assert_array_equal(clipped[a], [1.5, 0.0])
    np.testing.assert_array_equal(clipped[b], [[-2.0]])


def test_epsilon_stands_beside_the_norm() -> None:
    x = Parameter(0.0)
    clipped, norm = clip_grad_norm({x: np.array(-3.0)}, 1.0, eps=1.0)
    assert norm == 3.0
    assert clipped[x] == -0.75


def test_short_gradients_stay_to_the_bit() -> None:
    gradients = draw(0)
    clipped, norm = clip_grad_norm(gradients, 100.0)
    for p, g in gradients.items():
        np.testing.assert_array_equal(clipped[p], g)
    assert norm < 100


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_squares_neither_overflow_nor_vanish(scale: float) -> None:
    _, norm = clip_grad_norm(draw(0), 1.0)
    _, scaled = clip_grad_norm(draw(0, scale), 1.0)
    np.testing.assert_allclose(scaled, scale * norm, rtol=1e-14)


def test_zeros_and_nothing_have_the_norm_zero() -> None:
    x = Parameter([0.0, 0.0])
    clipped, norm = clip_grad_norm({x: np.zeros(2)}, 1.0, eps=0.0)
    assert norm == 0.0
    np.testing.assert_array_equal(clipped[x], [0.0, 0.0])
    assert clip_grad_norm({}, 1.0) == ({}, 0.0)
    empty = Parameter(np.zeros((0, 2)))
    assert clip_grad_norm({empty: np.zeros((0, 2))}, 1.0)[1] == 0.0


def test_float32_stays_float32_and_its_norm_is_summed_in_float64() -> None:
    x = Parameter(np.zeros(1000, np.float32))
    g = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    clipped, norm = clip_grad_norm({x: g}, 2.0)
    assert clipped[x].dtype == np.float32
    assert clip_grad_value({x: g}, 0.1)[x].dtype == np.float32
    assert abs(norm / np.linalg.norm(g.astype(float)) - 1) < 1e-8


def test_the_gradients_that_came_in_are_only_read() -> None:
    gradients = draw(0)
    for g in gradients.values():
        g.flags.writeable = False
    clip_grad_norm(gradients, 0.1)
    clip_grad_value(gradients, 0.1)
    new, _ = clip_grad_norm(gradients, 1e6)
    values = clip_grad_value(gradients, 1e6)
    for p, g in gradients.items():
        assert not np.shares_memory(new[p], g)
        assert not np.shares_memory(values[p], g)


def test_between_backpropagate_and_step() -> None:
    x = Parameter(3.0)
    clipped, norm = clip_grad_norm(backpropagate(x * x), 2.0, eps=0.0)
    assert norm == 6.0
    SGD([x], lr=0.5).step(clipped)
    assert x.value == 2.0
    SGD([x], lr=0.5).step(clip_grad_value(backpropagate(x * x), 2.0))
    assert x.value == 1.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("clip", [clip_grad_norm, clip_grad_value])
def test_what_is_not_finite_is_refused_by_name(clip: object, bad: float) -> None:
    weight, bias = Parameter(np.zeros(2), "weight"), Parameter(np.zeros(2), "bias")
    gradients = {weight: np.ones(2), bias: np.array([1.0, bad])}
    with pytest.raises(FloatingPointError, match=rf"{clip.__name__}: .*\(bias, "):  # type: ignore
        clip(gradients, 1.0)  # type: ignore[operator]


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan"), float("inf")])
def test_limits_out_of_range_are_refused(limit: float) -> None:
    with pytest.raises(ValueError, match=r"clip_grad_norm: max_norm is .*above 0"):
        clip_grad_norm(draw(0), limit)
    with pytest.raises(ValueError, match=r"clip_grad_value: max_value is .*above 0"):
        clip_grad_value(draw(0), limit)
    with pytest.raises(ValueError, match="clip_grad_norm: eps is -1"):
        clip_grad_norm(draw(0), 1.0, eps=-1.0)
