"""What a table of layers consists of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


def normal(rng, shape):
    return rng.normal(size=shape)


@dataclass(frozen=True)
class Row:
    """A layer that `make` builds from a generator, and torch's.

    `shape` is the input's, `output_shape` the output's: each a list where there are
    several, such as those of nested tuples, one after another. `draw` makes an input;
    what consists of integers is not differentiated by.
    """

    make: Any
    shape: tuple[int, ...] | list[tuple[int, ...]]
    torch: Any
    output_shape: tuple[int, ...] | list[tuple[int, ...]]
    repr: str = field(kw_only=True)
    draw: Callable[..., Any] = field(default=normal, kw_only=True)

    def __str__(self):
        return self.repr

    def inputs(self, rng):
        return [self.draw(rng, shape) for shape in as_list(self.shape)]


def as_list(shape):
    return shape if isinstance(shape, list) else [shape]


def flat(output):
    """The nodes or tensors of an output, a tuple of tuples perhaps, as one tuple."""
    if isinstance(output, tuple):
        return tuple(each for part in output for each in flat(part))
    return (output,)
