"""Functions of one number, for a network to fit."""

from collections.abc import Callable

import numpy as np

from course_lib.types import Array


def wave(x: Array) -> Array:
    """sin 2πx: two smooth periods from −1 to 1."""
    return np.sin(2 * np.pi * x)


def bumps(x: Array) -> Array:
    """A wide bump at −0.5 and one a fifth as wide at 0.5, of opposite signs: what fits
    one of them is too coarse, or too fine, for the other."""
    return np.exp(-(((x + 0.5) / 0.25) ** 2)) - np.exp(-(((x - 0.5) / 0.05) ** 2))


def step(x: Array) -> Array:
    """The sign of x: a jump, which no continuous function follows."""
    return np.sign(x)


def sweep(x: Array) -> Array:
    """sin 4π(x + 1)²: slow on the left, fast on the right; for SIREN and its kin."""
    return np.sin(4 * np.pi * (x + 1) ** 2)


def make_curve(
    n: int,
    *,
    rng: np.random.Generator,
    function: Callable[[Array], Array] = wave,
    noise: float = 0.1,
) -> tuple[Array, Array]:
    """y = f(x) + noise at n random places.

    Args:
        n: how many.
        rng: draws the places and the noise.
        function: f, such as `wave`, `bumps`, `step` and `sweep`.
        noise: its standard deviation.

    Returns:
        x: float64 of shape (n, 1), from −1 to 1, in ascending order.
        y: float64 of shape (n, 1).
    """
    x = np.sort(rng.uniform(-1, 1, size=(n, 1)), axis=0)
    return x, function(x) + rng.normal(scale=noise, size=(n, 1))
