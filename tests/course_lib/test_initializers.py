"""Each initializer against torch's formula, and its draws against its moments."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from course_lib import initializers
from course_lib.initializers import (
    Initializer,
    constant,
    fans,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    normal,
    uniform,
    zeros,
)

DENSE = (30, 200)
CONVOLUTION = (4, 60, 3, 5)


class RecordingGenerator:
    """Remembers what is asked of it: the distribution and its settings."""

    def normal(self, mean: float, std: float, shape: tuple[int, ...]) -> np.ndarray:
        self.asked = ("normal", float(mean), float(std))
        return np.zeros(shape)

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        self.asked = ("uniform", float(low), float(high))
        return np.zeros(shape)


class RecordingTensor(torch.Tensor):
    """The same, for torch's initializers."""

    def normal_(self, mean: float, std: float, **_: Any) -> torch.Tensor:
        self.asked = ("normal", mean, std)
        return self

    def uniform_(self, low: float, high: float, **_: Any) -> torch.Tensor:
        self.asked = ("uniform", low, high)
        return self


TANH_GAIN = torch.nn.init.calculate_gain("tanh")
TORCH: list[tuple[Initializer, Callable[[torch.Tensor], torch.Tensor]]] = [
    (partial(normal, std=0.3), partial(torch.nn.init.normal_, std=0.3)),
    (partial(uniform, limit=0.3), partial(torch.nn.init.uniform_, a=-0.3, b=0.3)),
    (lecun_normal, partial(torch.nn.init.kaiming_normal_, nonlinearity="linear")),
    (glorot_normal, torch.nn.init.xavier_normal_),
    (glorot_uniform, torch.nn.init.xavier_uniform_),
    (
        partial(glorot_normal, gain=TANH_GAIN),
        partial(torch.nn.init.xavier_normal_, gain=TANH_GAIN),
    ),
    (
        partial(glorot_uniform, gain=TANH_GAIN),
        partial(torch.nn.init.xavier_uniform_, gain=TANH_GAIN),
    ),
    (he_normal, torch.nn.init.kaiming_normal_),
    (he_uniform, torch.nn.init.kaiming_uniform_),
    (
        partial(he_normal, gain=TANH_GAIN),
        partial(torch.nn.init.kaiming_normal_, nonlinearity="tanh"),
    ),
    (
        partial(he_uniform, gain=TANH_GAIN),
        partial(torch.nn.init.kaiming_uniform_, nonlinearity="tanh"),
    ),
]


def name_of(initializer: Any) -> str | None:
    return getattr(getattr(initializer, "func", initializer), "__name__", None)


@pytest.mark.parametrize("shape", [DENSE, CONVOLUTION], ids=["dense", "convolution"])
@pytest.mark.parametrize(("ours", "theirs"), TORCH, ids=name_of)
def test_asks_for_the_distribution_that_torch_asks_for(
    ours: Initializer, theirs: Callable[[torch.Tensor], Any], shape: tuple[int, ...]
) -> None:
    rng: Any = RecordingGenerator()
    tensor = torch.empty(shape).as_subclass(RecordingTensor)
    ours(shape, rng)
    theirs(tensor)
    assert rng.asked[0] == tensor.asked[0]
    np.testing.assert_allclose(rng.asked[1:], tensor.asked[1:], rtol=1e-14)


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (partial(normal, std=0.3), 0.09),
        (partial(uniform, limit=0.3), 0.03),
        (lecun_normal, 1 / 200),
        (glorot_normal, 2 / 230),
        (glorot_uniform, 2 / 230),
        (he_normal, 2 / 200),
        (he_uniform, 2 / 200),
    ],
    ids=name_of,
)
def test_draws_have_mean_zero_and_the_variance(
    initializer: Initializer, variance: float
) -> None:
    """Within 4 standard errors, for 6,000 draws: of the mean, √(variance/n), and of
    the variance, at most variance·√(2/n), which is the normal distribution's."""
    draws = initializer(DENSE, np.random.default_rng(0))
    assert draws.shape == DENSE
    assert draws.dtype == np.float64
    assert abs(draws.mean()) < 4 * np.sqrt(variance / draws.size)
    assert abs(draws.var() - variance) < 4 * variance * np.sqrt(2 / draws.size)


def test_every_initializer_is_tested() -> None:
    public = {
        name
        for name, thing in vars(initializers).items()
        if callable(thing) and getattr(thing, "__module__", "") == initializers.__name__
    }
    compared = {name_of(ours) for ours, _ in TORCH}
    assert public == compared | {"zeros", "constant", "fans"}


def test_a_generator_moves_on_between_draws() -> None:
    rng = np.random.default_rng(0)
    assert not np.array_equal(he_normal((3, 4), rng), he_normal((3, 4), rng))
    again = np.random.default_rng(0)
    first = he_normal((3, 4), np.random.default_rng(0))
    np.testing.assert_array_equal(he_normal((3, 4), again), first)


def test_zeros_and_constant() -> None:
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(zeros((2, 3), rng), np.zeros((2, 3)))
    ones = constant((2, 3), rng, value=1)
    np.testing.assert_array_equal(ones, np.ones((2, 3)))
    assert ones.dtype == np.float64


def test_fans_by_hand() -> None:
    assert fans((3, 7)) == (7, 3)
    assert fans((4, 6, 3, 5)) == (6 * 15, 4 * 15)


@pytest.mark.parametrize("shape", [(), (5,), (3, 0)])
def test_fans_need_two_axes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"fans: shape .* has no fan-in"):
        fans(shape)
