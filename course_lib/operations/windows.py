"""Windows that slide over images: how many there are, and which entries each one sees.

Along one axis, window j sees the entries j·stride − padding + i·dilation, for i from 0
to kernel − 1: its places. Those outside the image, in the padding, do not exist:
nothing is stored for them, and no loop reaches them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np

from course_lib.types import Array

# A setting for all axes of an image, or one for each.
Sizes = int | Sequence[int]

# A part of the images that the processor's cache holds, in bytes, together with what is
# made of it: places of a window that are visited in turn then find it there.
STRIP = 2**20

# What the axes of batches of signals, images and clips are called.
AXES = ("(N, C, L)", "(N, C, H, W)", "(N, C, T, H, W)")


@dataclass(frozen=True)
class AxisWindows:
    """Windows along one axis.

    Attributes:
        size: entries of the axis.
        kernel: entries of a window.
        stride: entries from one window to the next.
        padding: entries by which windows may stick out, at either end.
        dilation: entries from one of a window's to the next.
        ceil_mode: let the last window stick out further, rather than leave it out.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool

    @cached_property
    def span(self) -> int:
        """Entries from a window's first to its last, both counted."""
        return (self.kernel - 1) * self.dilation + 1

    @cached_property
    def count(self) -> int:
        """⌊(size + 2·padding − span)/stride⌋ + 1 windows; with ceil_mode ⌈…⌉ + 1, but
        none that starts beyond the axis and its first padding.
        """
        room = self.size + 2 * self.padding - self.span
        if self.ceil_mode:
            last_start = self.size + self.padding - 1
            return min(-(-room // self.stride), last_start // self.stride) + 1
        return room // self.stride + 1

    def place(self, i: int) -> tuple[slice, slice]:
        """The windows whose entry i lies in the image, and these entries."""
        start = i * self.dilation - self.padding  # of window 0
        first = max(0, -(start // self.stride))
        stop = min(self.count, (self.size - 1 - start) // self.stride + 1)
        number = max(0, stop - first)
        entry = start + first * self.stride
        return (
            slice(first, first + number),
            slice(entry, entry + number * self.stride, self.stride),
        )

    def lengths(self, *, include_padding: bool) -> Array:
        """How many entries each window has, for dilation 1: those in the image, or
        with those in the padding.
        """
        start = np.arange(self.count) * self.stride - self.padding
        stop = np.minimum(start + self.kernel, self.size + self.padding)
        if include_padding:
            return stop - start
        return np.minimum(stop, self.size) - np.maximum(start, 0)


@dataclass(frozen=True)
class Windows:
    """Windows over the last axes of a batch of images.

    Attributes:
        axes: the windows along each of these axes.
    """

    axes: tuple[AxisWindows, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many windows there are, along each axis."""
        return tuple(axis.count for axis in self.axes)

    def places(self) -> Iterator[tuple[Any, Any]]:
        """For each place in a window, row by row, an index of the windows that have an
        entry there, and an index of these entries: y[windows] and x[entries] are views
        of one shape.
        """
        along = [[axis.place(i) for i in range(axis.kernel)] for axis in self.axes]
        for places in product(*along):
            windows, entries = zip(*places, strict=True)
            yield (..., *windows), (..., *entries)

    def lengths(self, *, include_padding: bool) -> Array:
        """How many entries each window has, of the shape of `counts`."""
        along = [axis.lengths(include_padding=include_padding) for axis in self.axes]
        return reduce(np.multiply.outer, along)


def slide(
    name: str,
    x: Array,
    dims: int,
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    ceil_mode: bool,
    dilation: Sizes = 1,
) -> Windows:
    """The windows over the last `dims` axes of x.

    Args:
        name: the operation, for messages.
        x: images of shape (N, C, …), with `dims` axes after the channels.
        dims: axes of an image.
        kernel_size, stride, padding: one number, or one for each axis. The stride is
            the kernel's size where none is given.
        ceil_mode: count windows that stick out at the end, as torch does.
        dilation: one number, or one for each axis.

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    if x.ndim != dims + 2:
        raise ValueError(
            f"{name}: x has shape {x.shape}, expected {AXES[dims - 1]}. Is the batch "
            "axis missing, or were the images flattened?"
        )
    kernels = per_axis(name, dims, kernel_size=kernel_size)
    strides = kernels if stride is None else per_axis(name, dims, stride=stride)
    paddings = per_axis(name, dims, least=0, padding=padding)
    dilations = per_axis(name, dims, dilation=dilation)
    settings = zip(x.shape[2:], kernels, strides, paddings, dilations, strict=True)
    axes = tuple(AxisWindows(*each, ceil_mode) for each in settings)
    for axis in axes:
        if axis.padding > axis.kernel // 2:
            raise ValueError(
                f"{name}: padding is {padding}, expected at most half of "
                f"kernel_size, which is {kernel_size}: a window further out would see "
                "nothing but padding"
            )
        if axis.span > axis.size + 2 * axis.padding:
            raise ValueError(
                f"{name}: x has shape {x.shape}, in which no window fits: kernel_size "
                f"is {kernel_size}, dilation {dilation}, padding {padding}. Has the "
                "image been halved too often?"
            )
    return Windows(axes)


def per_axis(
    name: str, dims: int, *, least: int = 1, **setting: Any
) -> tuple[int, ...]:
    """A setting as one whole number for each of `dims` axes.

    Raises:
        ValueError: there are not as many, or one is not a whole number from `least` on.
    """
    ((key, given),) = setting.items()
    sizes = tuple(given) if isinstance(given, Sequence) else (given,) * dims
    whole = all(isinstance(size, (int, np.integer)) for size in sizes)
    if len(sizes) != dims or not whole or min(sizes) < least:
        raise ValueError(
            f"{name}: {key} is {given!r}, expected a whole number from {least} on, or "
            f"{dims} of them, one for each axis"
        )
    return sizes


def strips(x: Array, *others: Array) -> Iterator[tuple[Array, ...]]:
    """Views of x and of the others, some images or some channels at a time: whichever
    lie together in memory, as much as the processor's cache holds.

    Args:
        x: images of shape (N, C, …).
        others: arrays with the same N and C.
    """
    axis = 0 if x.strides[0] >= x.strides[1] else 1
    count = x.shape[axis]
    step = max(1, count // max(1, round(x.nbytes / STRIP)))
    for start in range(0, count, step):
        part = (slice(None),) * axis + (slice(start, start + step),)
        yield tuple(array[part] for array in (x, *others))
