"""Padding: entries before and after those of an array."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from course_lib.types import Array, Operation

PaddingMode = Literal["zeros", "reflect", "replicate"]
PADDING_MODES = ("zeros", "reflect", "replicate")


def pad(
    x: Array,
    *,
    widths: Sequence[tuple[int, int]],
    mode: PaddingMode = "zeros",
    value: float = 0,
) -> Operation:
    """y = x with a border. An entry that the border repeats gets the sum of the
    gradients of all its copies.

    Args:
        x: array of any shape.
        widths: how many entries to put (before, after), a pair for each of the last
            axes of x: ((1, 1), (2, 3)) pads images of shape (N, C, H, W) above and
            below, left and right.
        mode: what the border holds. "zeros": `value` everywhere. "reflect": x mirrored
            at its outermost entries, which are not repeated: c b | a b c | b a.
            "replicate": the outermost entry, a a | a b c | c c; NumPy and many lectures
            call it "edge". The names are those of torch's padding_mode.
        value: what "zeros" puts there.

    Raises:
        ValueError: there are more pairs than axes, a width is negative, the mode is
            unknown, or the border is too wide for x: a mirrored one must be narrower
            than x, and nothing can be repeated of an empty axis.
    """
    widths = [(0, 0)] * (x.ndim - len(widths)) + [*widths]
    _check(x, widths, mode)
    if not any(map(any, widths)):
        return x, lambda dy: dy  # without a copy, which would cost time
    inside = tuple(
        slice(before, before + n)
        for (before, _), n in zip(widths, x.shape, strict=True)
    )
    shape = [sum(pair) + n for pair, n in zip(widths, x.shape, strict=True)]
    y = np.full_like(x, value, shape=shape)  # in memory as x is
    y[inside] = x
    copies = [] if mode == "zeros" else list(_copies(inside, shape, mode))
    for target, source in copies:
        y[target] = y[source]

    def backward(dy: Array) -> Array:
        if copies:
            dy = dy.copy(order="K")
        for target, source in reversed(copies):
            dy[source] += dy[target]
        return dy[inside]

    return y, backward


def _copies(
    inside: tuple[slice, ...], shape: Sequence[int], mode: PaddingMode
) -> Iterator[tuple[Any, Any]]:
    """Pairs of indices: an entry of the border along an axis, and the one it repeats.

    Axis by axis: the corners are copies of copies.
    """
    for axis, (core, n) in enumerate(zip(inside, shape, strict=True)):
        first, last = core.start, core.stop - 1
        for i in [*range(first), *range(core.stop, n)]:
            edge = first if i < first else last
            source = edge if mode == "replicate" else 2 * edge - i
            before = (slice(None),) * axis
            yield (*before, i), (*before, source)


def _check(x: Array, widths: Sequence[tuple[int, int]], mode: PaddingMode) -> None:
    if mode not in PADDING_MODES:
        raise ValueError(f"pad: mode is {mode!r}, expected one of {PADDING_MODES}")
    if len(widths) > x.ndim or min(map(min, widths), default=0) < 0:
        raise ValueError(
            f"pad: widths are {widths}, x has shape {x.shape}; expected at most "
            f"{x.ndim} pairs (before, after), none of them negative"
        )
    for n, pair in zip(x.shape, widths, strict=True):
        # Entries that there are to be mirrored, or to be repeated.
        enough = {"zeros": True, "reflect": max(pair) < n, "replicate": n > 0}
        if max(pair) > 0 and not enough[mode]:
            raise ValueError(
                f"pad: widths are {widths}, x has shape {x.shape}, which is too small "
                f"for mode {mode!r}. Is the batch or the channel axis padded?"
            )
