"""What a table of networks consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import course_lib.backbones


def same(name):
    return name


@dataclass(frozen=True)
class Row:
    """A published network, and an independent one in torch.

    Attributes:
        name: of the function in course_lib.backbones.
        parameters: their published number, exactly, for the network as published.
        shape: of one published input, without the batch axis; or a tuple of such.
        torch: makes torch's network as published.
        small: makes a small one of the kind from a generator; None where another row
            of the table has the same class.
        torch_small: makes torch's.
        small_shape: of its input, batch of 3 or more, height and width unequal.
        settings: of the published network, where they are not the defaults.
        mult_adds: multiply-adds for one input as published, and half of the last digit
            that is; None where none is.
        key: our name of a parameter or a buffer, from torch's.
        source: where the counts are published.
    """

    name: str
    parameters: int
    shape: tuple[Any, ...]
    torch: Callable[[], Any]
    small: Callable[[Any], Any] | None = None
    torch_small: Callable[[], Any] | None = None
    small_shape: tuple[Any, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    mult_adds: tuple[float, float] | None = None
    key: Callable[[str], str] = same
    source: str = field(kw_only=True)

    def __str__(self):
        return self.name

    def make(self, rng):
        """The network as published."""
        return getattr(course_lib.backbones, self.name)(rng=rng, **self.settings)


def shapes_of(shape):
    """The shapes of all inputs: a network may have several."""
    return shape if isinstance(shape[0], tuple) else (shape,)


class Zeros:
    """A generator that draws nothing, for networks of which only shapes matter."""

    def normal(self, low, high, shape):
        return np.zeros(shape, np.float32)

    uniform = normal

    def random(self, shape):
        return np.zeros(shape)


def relative_error(actual, expected, floor=0.0):
    """max|a − b| / max|b|, where max|b| counts as `floor` at least."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    difference = np.max(np.abs(actual - expected), initial=0.0)
    largest = max(np.max(np.abs(expected), initial=0.0), floor)
    return difference / largest if difference else 0.0
