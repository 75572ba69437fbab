"""Each initializer against torch's formula, and its draws against its moments."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from course_lib import initializers
from course_lib.initializers import (
    Initializer,
    activation_gain,
    constant,
    fans,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    orthogonal,
    siren,
    siren_first,
    torch_default,
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


def siren_in_torch(tensor: torch.Tensor) -> torch.Tensor:
    """The authors' program."""
    bound = np.sqrt(6 / tensor[0].numel()) / 30
    return tensor.uniform_(-bound, bound)


def siren_first_in_torch(tensor: torch.Tensor) -> torch.Tensor:
    """The authors' program."""
    return tensor.uniform_(-1 / tensor[0].numel(), 1 / tensor[0].numel())


TANH_GAIN = torch.nn.init.calculate_gain("tanh")
TORCH: list[tuple[Initializer, Callable[[torch.Tensor], torch.Tensor]]] = [
    (partial(normal, std=0.3), partial(torch.nn.init.normal_, std=0.3)),
    (partial(uniform, limit=0.3), partial(torch.nn.init.uniform_, a=-0.3, b=0.3)),
    (lecun_normal, partial(torch.nn.init.kaiming_normal_, nonlinearity="linear")),
    (lecun_uniform, partial(torch.nn.init.kaiming_uniform_, nonlinearity="linear")),
    (torch_default, partial(torch.nn.init.kaiming_uniform_, a=5**0.5)),
    (siren, siren_in_torch),
    (siren_first, siren_first_in_torch),
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
    (
        partial(he_normal, mode="fan_out"),
        partial(torch.nn.init.kaiming_normal_, mode="fan_out"),
    ),
    (
        partial(he_uniform, mode="fan_out"),
        partial(torch.nn.init.kaiming_uniform_, mode="fan_out"),
    ),
    (
        partial(he_normal, gain=activation_gain("leaky_relu", slope=0.3)),
        partial(torch.nn.init.kaiming_normal_, a=0.3),
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


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("initializer", "in_dense", "in_convolution"),
    [
        (partial(normal, std=0.3), 0.09, 0.09),
        (partial(uniform, limit=0.3), 0.03, 0.03),
        (lecun_normal, 1 / 200, 1 / 900),
        (lecun_uniform, 1 / 200, 1 / 900),
        (torch_default, 1 / 600, 1 / 2700),
        (glorot_normal, 2 / 230, 2 / 960),
        (glorot_uniform, 2 / 230, 2 / 960),
        (he_normal, 2 / 200, 2 / 900),
        (he_uniform, 2 / 200, 2 / 900),
        (partial(he_normal, mode="fan_out"), 2 / 30, 2 / 60),
        (orthogonal, 1 / 200, 1 / 900),
        (siren, 2 / 200 / 30**2, 2 / 900 / 30**2),
        (siren_first, 1 / 200**2 / 3, 1 / 900**2 / 3),
    ],
    ids=name_of,
)
def test_draws_have_mean_zero_and_the_variance(
    initializer: Initializer, in_dense: float, in_convolution: float, seed: int
) -> None:
    """Within 4 standard errors, for n draws: of the mean, √(variance/n), and of the
    variance, at most variance·√(2/n), which is the normal distribution's."""
    for shape, variance in [(DENSE, in_dense), (CONVOLUTION, in_convolution)]:
        draws = initializer(shape, np.random.default_rng(seed))
        assert draws.shape == shape
        assert draws.dtype == np.float64
        assert abs(draws.mean()) < 4 * np.sqrt(variance / draws.size)
        assert abs(draws.var() - variance) < 4 * variance * np.sqrt(2 / draws.size)


@pytest.mark.parametrize("seed", range(3))
def test_rows_and_columns_are_drawn_alike_and_apart(seed: int) -> None:
    """Equal rows would stay equal. 200 correlations within 5 standard errors, 1/√n."""
    for initializer in [he_normal, glorot_uniform, lecun_uniform]:
        draws = initializer(DENSE, np.random.default_rng(seed))
        for matrix in [draws, draws.T]:
            neighbours = pairwise(matrix)
            worst = max(abs(np.corrcoef(a, b)[0, 1]) for a, b in neighbours)
            assert worst < 5 / np.sqrt(matrix.shape[1])


NAMES = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]


@pytest.mark.parametrize("name", NAMES)
def test_gains_are_torchs(name: str) -> None:
    expected = torch.nn.init.calculate_gain(name)
    np.testing.assert_allclose(activation_gain(name), expected, rtol=1e-15)


@pytest.mark.parametrize("slope", [0.0, 0.1, 1.0])
def test_the_gain_of_a_leaky_relu(slope: float) -> None:
    expected = torch.nn.init.calculate_gain("leaky_relu", slope)
    np.testing.assert_allclose(
        activation_gain("leaky_relu", slope=slope), expected, rtol=1e-15
    )


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match=r"activation_gain: 'gelu' .* tanh, relu, le"):
        activation_gain("gelu")
    with pytest.raises(
        ValueError,
        match=r"he_normal, he_uniform: mode is .fan_avg., expected 'fan_in' or",
    ):
        he_normal((3, 4), np.random.default_rng(0), mode="fan_avg")


MATRICES = [(30, 20), (20, 30), (25, 25), (4, 6, 3, 5), (60, 2, 3)]


@pytest.mark.parametrize("shape", MATRICES, ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_orthogonal_rows_or_columns(shape: tuple[int, ...], seed: int) -> None:
    w = orthogonal(shape, np.random.default_rng(seed), gain=3.0).reshape(shape[0], -1)
    gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(gram, 9 * np.eye(len(gram)), atol=1e-13)


@pytest.mark.parametrize("shape", MATRICES, ids=str)
def test_orthogonal_is_torchs_from_the_same_numbers(
    shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = np.random.default_rng(0).normal(size=(shape[0], int(np.prod(shape[1:]))))
    monkeypatch.setattr(
        torch.Tensor, "normal_", lambda self, *_, **__: self.copy_(torch.tensor(draws))
    )
    expected = torch.nn.init.orthogonal_(torch.empty(shape).double(), gain=0.7)
    ours = orthogonal(shape, np.random.default_rng(0), gain=0.7)
    np.testing.assert_allclose(ours, expected, atol=1e-13)


def test_orthogonal_has_no_preferred_direction() -> None:
    """Each entry's mean over 2,000 draws is 0 within 5 standard errors, 1/√(3·2000);
    without the signs of R that of the diagonal is not."""
    rng = np.random.default_rng(0)
    mean = np.mean([orthogonal((3, 3), rng) for _ in range(2000)], axis=0)
    assert np.abs(mean).max() < 5 / np.sqrt(3 * 2000)


def test_a_sirens_signals_settle() -> None:
    """Its sums have twice the variance v of their inputs. Sines of normal sums have
    (1 − e⁻²ˢ)/2, s being the sums' variance, so that s settles where s = 1 − e⁻²ˢ."""
    rng = np.random.default_rng(0)
    for frequency in [30.0, 5.0]:
        x = np.sin(rng.uniform(-99, 99, (1000, 300)))
        variances = []
        for _ in range(8):
            w = siren((300, 300), rng, frequency=frequency)
            variances.append((frequency * x @ w.T).var())
            x = np.sin(frequency * x @ w.T)
        np.testing.assert_allclose(variances[0], 1, rtol=0.02)
        np.testing.assert_allclose(variances[-3:], 0.7968, rtol=0.02)
    assert abs(0.7968 - (1 - np.exp(-2 * 0.7968))) < 1e-4


def test_every_initializer_is_tested() -> None:
    public = {
        name
        for name, thing in vars(initializers).items()
        if not name.startswith("_")
        and callable(thing)
        and getattr(thing, "__module__", "") == initializers.__name__
    }
    compared = {name_of(ours) for ours, _ in TORCH}
    others = {"zeros", "constant", "orthogonal", "fans", "activation_gain"}
    assert public == compared | others


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
