"""What a table of operations consists of: rows, examples and refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


def normal(rng, shape):
    return rng.normal(size=shape)


def positive(rng, shape):
    return rng.uniform(0.5, 3.0, size=shape)


def away_from_zero(rng, shape):
    """Either sign, but no entry within 0.5 of a kink or a pole at 0."""
    x = rng.normal(size=shape)
    return x + 0.5 * np.sign(x)


def far_apart(rng, shape):
    """No two entries within 0.1 of each other, so that a maximum has no ties."""
    return rng.permutation(np.arange(np.prod(shape, dtype=int)) * 0.1).reshape(shape)


@dataclass(frozen=True)
class Row:
    """An operation at random inputs, and the same function in torch.

    `square` lists the inputs that are square by their nature; no other may be.
    """

    operation: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    torch: Callable[..., Any]
    settings: dict[str, Any] = field(default_factory=dict)
    draw: Callable[..., Any] = normal
    square: tuple[int, ...] = ()

    def __str__(self):
        shapes = "_".join(
            "x".join(map(str, shape)) or "number" for shape in self.shapes
        )
        settings = "_".join(f"{k}={v}" for k, v in self.settings.items())
        return f"{self.operation.__name__}-{shapes}-{settings}"[:80]

    def inputs(self, seed):
        rng = np.random.default_rng(seed)
        return [self.draw(rng, shape) for shape in self.shapes]


@dataclass(frozen=True)
class Example:
    """An operation worked by hand: inputs, value, dy, and the gradients."""

    operation: Callable[..., Any]
    inputs: list[Any]
    value: Any
    dy: Any
    dxs: list[Any]
    settings: dict[str, Any] = field(default_factory=dict)

    def __str__(self):
        return self.operation.__name__


@dataclass(frozen=True)
class Refusal:
    """Inputs that an operation refuses, and a part of its message."""

    operation: Callable[..., Any]
    inputs: list[Any]
    message: str
    settings: dict[str, Any] = field(default_factory=dict)
    error: type[Exception] = ValueError

    def __str__(self):
        return f"{self.operation.__name__}-{self.message[:30]}"


def as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


def relative_error(actual, expected):
    """max|a − b| / max|b|, and 0 where both are 0."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    difference = np.max(np.abs(actual - expected), initial=0.0)
    return difference / np.max(np.abs(expected)) if difference != 0 else 0.0
