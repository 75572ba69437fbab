"""Reductions: many entries become one.

All of them reduce over `axis`: a number, a tuple of numbers (negative ones count from
the last axis), or None for all axes. `keepdims=True` keeps the reduced axes, with size
1, so that the result broadcasts against the input.
"""

import numpy as np

from course_lib.types import Array, Operation

Axis = int | tuple[int, ...] | None


def sum(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Operation:
    """y = Σ x over `axis`. Every entry that was summed gets the sum's gradient.

    Args:
        x: array of any shape.
        axis: the axes to sum over; all of them by default.
        keepdims: keep the reduced axes, with size 1.

    Raises:
        ValueError: x has no such axis, or an axis comes twice.
    """
    axes = _axes("sum", x, axis)

    def backward(dy: Array) -> Array:
        return np.broadcast_to(_unreduced(dy, x, axes), x.shape)

    y = x.sum(axis=axes, keepdims=True)
    return y if keepdims else y.squeeze(axes), backward


def mean(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Operation:
    """y = (1/n) Σ x over the n entries along `axis`.

    Args:
        x: array of any shape.
        axis: the axes to take the mean over; all of them by default.
        keepdims: keep the reduced axes, with size 1.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there is no entry.
    """
    axes = _axes("mean", x, axis)
    n = _count("mean", x, axes)

    def backward(dy: Array) -> Array:
        return np.broadcast_to(_unreduced(dy, x, axes) / n, x.shape)

    y = x.mean(axis=axes, keepdims=True)
    return y if keepdims else y.squeeze(axes), backward


def max(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Operation:
    """y = the largest entry along `axis`. It routes the gradient to that entry; k equal
    largest ones get 1/k each, as in torch.amax (torch.max along an axis picks one).

    Args:
        x: array of any shape.
        axis: the axes to take the maximum over; all of them by default.
        keepdims: keep the reduced axes, with size 1.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there is no entry.
    """
    axes = _axes("max", x, axis)
    _count("max", x, axes)
    y = x.max(axis=axes, keepdims=True)

    def backward(dy: Array) -> Array:
        largest = x == y
        ties = largest.sum(axis=axes, keepdims=True, dtype=x.dtype)
        return largest * (_unreduced(dy, x, axes) / ties)

    return y if keepdims else y.squeeze(axes), backward


def min(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Operation:
    """y = the smallest entry along `axis`: −max(−x), and the gradient goes the same
    way, shared between k equal smallest ones, as in torch.amin.

    Args:
        x: array of any shape.
        axis: the axes to take the minimum over; all of them by default.
        keepdims: keep the reduced axes, with size 1.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there is no entry.
    """
    axes = _axes("min", x, axis)
    _count("min", x, axes)
    y, backward = max(-x, axis=axes, keepdims=keepdims)
    return -y, backward  # the two minus signs cancel on the way back


def var(
    x: Array, *, axis: Axis = None, keepdims: bool = False, correction: int = 1
) -> Operation:
    """y = Σ (x − x̄)²/(n − c) over the n entries along `axis`, x̄ being their mean, c the
    correction: dy/dx = 2(x − x̄)/(n − c).

    The derivative needs no term for the mean: dy/dx̄ = −2Σ(x − x̄)/(n − c) is 0.

    Args:
        x: array of any shape.
        axis: the axes to take the variance over; all of them by default.
        keepdims: keep the reduced axes, with size 1.
        correction: 1, as in torch, estimates the variance of what the entries were
            drawn from, without bias (Bessel); 0, as in NumPy and within batch
            normalization, is the variance of the entries themselves.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there are no more
            entries than the correction (torch returns NaN).
    """
    axes = _axes("var", x, axis)
    n, deviation = _deviations("var", x, axes, correction)

    def backward(dy: Array) -> Array:
        return _unreduced(dy, x, axes) * (2 / n) * deviation

    y = (deviation * deviation).sum(axis=axes, keepdims=True) / n
    return y if keepdims else y.squeeze(axes), backward


def std(
    x: Array, *, axis: Axis = None, keepdims: bool = False, correction: int = 1
) -> Operation:
    """y = √(Σ (x − x̄)²/(n − c)), the standard deviation: the root of `var`, so that
    dy/dx = (x − x̄)/((n − c)y). Where all entries are equal it is 0, as in torch.

    Args:
        x: array of any shape.
        axis: the axes to take the standard deviation over; all of them by default.
        keepdims: keep the reduced axes, with size 1.
        correction: as for `var`; 1 by default.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there are no more
            entries than the correction (torch returns NaN).
    """
    axes = _axes("std", x, axis)
    n, deviation = _deviations("std", x, axes, correction)
    y = np.sqrt((deviation * deviation).sum(axis=axes, keepdims=True) / n)

    def backward(dy: Array) -> Array:
        dy = _unreduced(dy, x, axes)
        return np.divide(dy, n * y, out=np.zeros_like(y), where=y != 0) * deviation

    return y if keepdims else y.squeeze(axes), backward


def logsumexp(x: Array, *, axis: Axis = None, keepdims: bool = False) -> Operation:
    """y = ln Σ eˣ over `axis`, a smooth maximum: dy/dx is the softmax of x.

    The largest entry m is taken out, y = m + ln Σ eˣ⁻ᵐ, so that nothing overflows.

    Args:
        x: array of any shape. Entries may be −∞, but not all of those that are summed.
        axis: the axes to sum over; all of them by default.
        keepdims: keep the reduced axes, with size 1.

    Raises:
        ValueError: x has no such axis, an axis comes twice, or there is no entry.
    """
    axes = _axes("logsumexp", x, axis)
    _count("logsumexp", x, axes)
    m = x.max(axis=axes, keepdims=True)
    kept = m + np.log(np.exp(x - m).sum(axis=axes, keepdims=True))

    def backward(dy: Array) -> Array:
        return _unreduced(dy, x, axes) * np.exp(x - kept)

    return kept if keepdims else kept.squeeze(axes), backward


def _axes(name: str, x: Array, axis: Axis) -> tuple[int, ...]:
    """The axes as a tuple of numbers from 0 on."""
    if axis is None:
        return tuple(range(x.ndim))
    given = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(i + x.ndim if i < 0 else i for i in given)
    if len(set(axes)) < len(axes) or not set(axes) <= set(range(x.ndim)):
        raise ValueError(
            f"{name}: axis is {axis}, x has shape {x.shape}; expected axes from "
            f"{-x.ndim} to {x.ndim - 1}, each once. Is the batch axis missing?"
        )
    return axes


def _count(name: str, x: Array, axes: tuple[int, ...]) -> int:
    """How many entries become one."""
    n = int(np.prod([x.shape[i] for i in axes]))
    if n == 0:
        raise ValueError(
            f"{name}: x has shape {x.shape}, which has no entry along axis {axes}. Is "
            "the batch empty?"
        )
    return n


def _deviations(
    name: str, x: Array, axes: tuple[int, ...], correction: int
) -> tuple[int, Array]:
    """What a variance divides by, and how far each entry lies from the mean."""
    entries = _count(name, x, axes)
    if entries <= correction:
        raise ValueError(
            f"{name}: x has shape {x.shape}, {entries} entries along axis {axes}; "
            f"expected more than the correction, {correction}. Is it one sample, whose "
            "variance needs correction=0?"
        )
    return entries - correction, x - x.mean(axis=axes, keepdims=True)


def _unreduced(y: Array, x: Array, axes: tuple[int, ...]) -> Array:
    """Give a reduced array its axes back, with size 1, kept or not."""
    return np.reshape(y, [1 if i in axes else n for i, n in enumerate(x.shape)])
