"""Operations that move entries and change none: the way back moves them back."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.types import Array, Operation


def reshape(x: Array, *, shape: int | tuple[int, ...]) -> Operation:
    """The same entries in another shape, row by row.

    Args:
        x: array of any shape.
        shape: the new shape; one of its sizes may be −1, for what is left over.

    Raises:
        ValueError: the shapes hold different numbers of entries.
    """
    try:
        y = x.reshape(shape)
    except ValueError:
        raise ValueError(
            f"reshape: x has shape {x.shape}, {x.size} entries, which do not fill "
            f"shape {shape}. Was the batch axis forgotten?"
        ) from None
    return y, lambda dy: dy.reshape(x.shape)


def flatten(x: Array) -> Operation:
    """Every sample in one row, row by row: (N, …) becomes (N, D).

    Args:
        x: array of shape (N, …).

    Raises:
        ValueError: x has no axis.
    """
    if x.ndim == 0:
        raise ValueError("flatten: x is one number, expected shape (N, …)")
    return reshape(x, shape=(x.shape[0], math.prod(x.shape[1:])))


def expand_dims(x: Array, *, axis: int | tuple[int, ...]) -> Operation:
    """x with new axes of size 1, torch's unsqueeze: so that it broadcasts along them.

    Args:
        x: array of any shape.
        axis: where the new axes stand in the result.

    Raises:
        ValueError: an axis is not one of the result's, or comes twice.
    """
    try:
        y = np.expand_dims(x, axis)
    except ValueError:
        raise ValueError(
            f"expand_dims: x has shape {x.shape}, the new axis is {axis}; expected "
            "axes of the result, each once"
        ) from None
    return y, lambda dy: dy.reshape(x.shape)


def squeeze(x: Array, *, axis: int | tuple[int, ...] | None = None) -> Operation:
    """x without axes of size 1.

    Args:
        x: array of any shape.
        axis: the axes to remove; all of size 1 by default, a batch of one included.

    Raises:
        ValueError: x has no such axis, or its size is not 1 (torch leaves it).
    """
    try:
        y = np.squeeze(x, axis)
    except ValueError:
        raise ValueError(
            f"squeeze: x has shape {x.shape}, axis {axis} is to be removed; expected "
            "axes of size 1. Is it the right axis?"
        ) from None
    return y, lambda dy: dy.reshape(x.shape)


def transpose(x: Array, *, axes: Sequence[int] | None = None) -> Operation:
    """The axes in another order; backward puts them back, by the inverse permutation.

    Args:
        x: array of any shape.
        axes: axis i of the result is axis axes[i] of x, as in torch.permute. By default
            they are reversed: the transpose of a matrix.

    Raises:
        ValueError: `axes` does not name every axis of x once.
    """
    try:
        y = np.transpose(x, axes)
    except ValueError:
        raise ValueError(
            f"transpose: axes are {axes}, x has shape {x.shape}; expected each of its "
            f"{x.ndim} axes once. Was the batch axis forgotten?"
        ) from None
    order = range(x.ndim)[::-1] if axes is None else [i % x.ndim for i in axes]
    back = np.argsort(order)  # the inverse permutation
    return y, lambda dy: dy.transpose(back)


def getitem(x: Array, *, index: Any) -> Operation:
    """y = x[index]. What was taken gets its gradient, all else 0; an entry that was
    taken twice gets the sum.

    Args:
        x: array of any shape.
        index: whatever NumPy takes: numbers, slices, arrays of numbers or of booleans.

    Raises:
        IndexError: x has no such entry.
    """
    try:
        y = x[index]
    except IndexError as error:
        raise IndexError(f"getitem: x has shape {x.shape}: {error}") from None

    once = np.may_share_memory(x, y)  # numbers and slices give a view: no entry twice

    def backward(dy: Array) -> Array:
        dx = np.zeros_like(x, dtype=dy.dtype)
        if once:
            dx[index] = dy  # ten times as fast
        else:
            np.add.at(
                dx, index, dy
            )  # dx[index] += dy would count a repeated entry once
        return dx

    return y, backward


def concatenate(*xs: Array, axis: int = 0) -> Operation:
    """y = the arrays one after another along `axis`; backward cuts `dy` apart again.

    Args:
        xs: arrays whose shapes agree but along `axis`.
        axis: the axis to join.

    Raises:
        ValueError: there is no array, or the shapes differ elsewhere.
    """
    shapes = [x.shape for x in xs]
    try:
        y = np.concatenate(xs, axis)
    except ValueError:
        raise ValueError(
            f"concatenate: the shapes are {shapes}, to be joined along axis {axis}; "
            "expected one array or more, of equal shapes but along that axis. Is it "
            "the right axis?"
        ) from None
    ends = np.cumsum([shape[axis] for shape in shapes])[:-1]
    return y, lambda dy: tuple(np.split(dy, ends, axis))


def stack(*xs: Array, axis: int = 0) -> Operation:
    """y = the arrays side by side along a new axis; backward takes `dy` apart again.

    Args:
        xs: arrays of one shape.
        axis: where the new axis stands in the result.

    Raises:
        ValueError: there is no array, the shapes differ, or the axis is not one of the
            result's.
    """
    try:
        y = np.stack(xs, axis)
    except ValueError:
        raise ValueError(
            f"stack: the shapes are {[x.shape for x in xs]}, to be stacked along a new "
            f"axis {axis}; expected one array or more, of equal shapes. To join along "
            "an axis that is there, use concatenate."
        ) from None
    return y, lambda dy: tuple(np.moveaxis(dy, axis, 0))


def split(x: Array, *, sizes: Sequence[int], axis: int = 0) -> Operation:
    """y₁, y₂, … = x cut into pieces along `axis`; backward joins their gradients.

    Args:
        x: array of any shape.
        sizes: the pieces' sizes along the axis, first to last, as in torch.split.
        axis: the axis to cut.

    Returns:
        A tuple of arrays, as many as there are sizes.

    Raises:
        ValueError: x has no such axis, or the sizes do not add up to its size.
    """
    if (
        not -x.ndim <= axis < x.ndim
        or min(sizes, default=-1) < 0
        or sum(sizes) != x.shape[axis]
    ):
        raise ValueError(
            f"split: x has shape {x.shape}, to be cut along axis {axis} into sizes "
            f"{list(sizes)}; expected sizes that add up to the axis's. Is it the right "
            "axis?"
        )
    ends = np.cumsum(sizes)[:-1]
    return tuple(np.split(x, ends, axis)), lambda *dys: np.concatenate(dys, axis)
