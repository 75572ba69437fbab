"""Sequences of time steps, of shape (T, N, …), and batches whose sequences differ in
length: the shorter ones are filled up at their end, with padding.
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array, Operation


def unstack(x: Array) -> Operation:
    """x₀, x₁, … = the entries along the first axis; backward stacks their gradients.

    It makes a node of every time step at once. Taking them by x[t] instead costs a
    gradient of the whole sequence's size for each step.

    Args:
        x: array of shape (T, …) with T ≥ 1.

    Returns:
        A tuple of T arrays of shape (…).

    Raises:
        ValueError: x has no first axis, or nothing in it.
    """
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"unstack: x has shape {x.shape}, expected (T, …) with T ≥ 1")
    return tuple(x), lambda *dys: np.stack(dys)


def reverse(x: Array, *, lengths: ArrayLike | None = None) -> Operation:
    """yₜ = x at length − 1 − t: every sequence back to front, within its own length.

    Padding stays where it is, at the end. Reversing undoes itself, so that backward
    reverses `dy`.

    Args:
        x: array of shape (T, N, …).
        lengths: the N sequences' lengths, integers from 1 to T; T by default.

    Raises:
        ValueError: x has fewer than two axes, or the lengths do not fit.
    """
    ends, times = _ends_and_times("reverse", x, lengths)
    order = np.where(times < ends, ends - 1 - times, times)
    sequence = np.arange(x.shape[1])
    return x[order, sequence], lambda dy: dy[order, sequence]


def mask_padding(x: Array, *, lengths: ArrayLike) -> Operation:
    """y = x where a sequence still runs, and 0 past its end, whatever stands there.

    Args:
        x: array of shape (T, N, …).
        lengths: the N sequences' lengths, integers from 1 to T.

    Raises:
        ValueError: x has fewer than two axes, or the lengths do not fit.
    """
    ends, times = _ends_and_times("mask_padding", x, lengths)
    runs = (times < ends).reshape(x.shape[:2] + (1,) * (x.ndim - 2))
    return np.where(runs, x, 0), lambda dy: np.where(runs, dy, 0)


def _ends_and_times(
    name: str, x: Array, lengths: ArrayLike | None
) -> tuple[Array, Array]:
    """The lengths, of shape (N,), and the times 0 … T − 1, of shape (T, 1)."""
    if x.ndim < 2:
        raise ValueError(f"{name}: x has shape {x.shape}, expected (T, N, …)")
    steps, n = x.shape[:2]
    ends = np.full(n, steps) if lengths is None else np.asarray(lengths)
    if (
        ends.shape != (n,)
        or ends.dtype.kind not in "iu"
        or not ((ends >= 1) & (ends <= steps)).all()
    ):
        raise ValueError(
            f"{name}: x has shape {x.shape}, lengths are {ends.tolist()}; expected "
            f"{n} integers from 1 to {steps}. Is the batch first?"
        )
    return ends, np.arange(steps)[:, None]
