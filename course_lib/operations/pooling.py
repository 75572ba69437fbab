"""Pooling: each window of an image becomes one number, its maximum or its mean.

The windows are those of a convolution, in every channel by itself. Both kinds of
pooling walk through the places of a window, first row first, and treat one place of all
windows at once: k² steps on large arrays, where a loop over windows would take many
steps on small ones. The output has the memory layout of the input.
"""

import numpy as np

from course_lib.operations.windows import Sizes, Windows, slide, strips
from course_lib.types import Array, Operation


def max_pool1d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Operation:
    """y = the largest entry of each window, for signals: see `max_pool2d`.

    Args:
        x: signals of shape (N, C, L).
        kernel_size, stride, padding, dilation, ceil_mode: as in `max_pool2d`.

    Returns:
        An array of shape (N, C, L′).

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode, dilation
    return _max_pool(x, slide("max_pool1d", x, 1, *settings))


def max_pool2d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Operation:
    """y = the largest entry of each window. It alone gets the window's gradient; where
    several are as large, the first of them does, row by row, as in torch.

    Args:
        x: images of shape (N, C, H, W).
        kernel_size: the window's height and width, one number if they are equal.
        stride: steps from one window to the next; by default the window's own size, so
            that windows tile the image.
        padding: by how much windows stick out on all sides, at most half their size.
            There is nothing out there: the padding is −∞, not 0.
        dilation: steps from one of a window's entries to the next.
        ceil_mode: keep a last window that sticks out further, rather than leave out the
            rows and columns at the end that fill no window.

    Returns:
        An array of shape (N, C, H′, W′), with H′ = ⌊(H + 2p − d(k − 1) − 1)/s⌋ + 1.

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode, dilation
    return _max_pool(x, slide("max_pool2d", x, 2, *settings))


def max_pool3d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Operation:
    """y = the largest entry of each window, for clips: see `max_pool2d`.

    Args:
        x: clips of shape (N, C, T, H, W).
        kernel_size, stride, padding, dilation, ceil_mode: as in `max_pool2d`.

    Returns:
        An array of shape (N, C, T′, H′, W′).

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode, dilation
    return _max_pool(x, slide("max_pool3d", x, 3, *settings))


def avg_pool1d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Operation:
    """y = the mean of each window, for signals: see `avg_pool2d`.

    Args:
        x: signals of shape (N, C, L).
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in `avg_pool2d`.

    Returns:
        An array of shape (N, C, L′).

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode
    return _avg_pool(x, slide("avg_pool1d", x, 1, *settings), count_include_pad)


def avg_pool2d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Operation:
    """y = (1/k²) Σ x over each window of k×k entries, each of which gets 1/k² of the
    window's gradient.

    Args:
        x: images of shape (N, C, H, W).
        kernel_size: the window's height and width, one number if they are equal.
        stride: steps from one window to the next; by default the window's own size.
        padding: by how much windows stick out on all sides, at most half their size.
            The padding is 0.
        ceil_mode: keep a last window that sticks out further.
        count_include_pad: divide by the entries of the window, those in the padding
            included; else by those in the image.

    Returns:
        An array of shape (N, C, H′, W′), with H′ = ⌊(H + 2p − k)/s⌋ + 1.

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode
    return _avg_pool(x, slide("avg_pool2d", x, 2, *settings), count_include_pad)


def avg_pool3d(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Operation:
    """y = the mean of each window, for clips: see `avg_pool2d`.

    Args:
        x: clips of shape (N, C, T, H, W).
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in `avg_pool2d`.

    Returns:
        An array of shape (N, C, T′, H′, W′).

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    settings = kernel_size, stride, padding, ceil_mode
    return _avg_pool(x, slide("avg_pool3d", x, 3, *settings), count_include_pad)


def _max_pool(x: Array, over: Windows) -> Operation:
    places = list(over.places())
    y = np.full_like(x, -np.inf, shape=x.shape[:2] + over.counts)
    for x_, y_ in strips(x, y):
        for windows, entries in places:
            np.maximum(y_[windows], x_[entries], out=y_[windows])

    def backward(dy: Array) -> Array:
        dx = np.zeros_like(x)
        for x_, y_, dx_, dy_ in strips(x, y, dx, dy):
            undecided = np.ones_like(y_, dtype=bool)  # have not met their maximum yet
            for windows, entries in places:
                won = (x_[entries] == y_[windows]) & undecided[windows]
                dx_[entries] += won * dy_[windows]  # where windows overlap, it adds up
                undecided[windows] ^= won
        return dx

    return y, backward


def _avg_pool(x: Array, over: Windows, include_padding: bool) -> Operation:
    places = list(over.places())
    lengths = over.lengths(include_padding=include_padding).astype(x.dtype)
    y = np.zeros_like(x, shape=x.shape[:2] + over.counts)
    for x_, y_ in strips(x, y):
        for windows, entries in places:
            y_[windows] += x_[entries]
    y /= lengths

    def backward(dy: Array) -> Array:
        dx = np.zeros_like(x)
        for dx_, share in strips(dx, dy / lengths):
            for windows, entries in places:
                dx_[entries] += share[windows]
        return dx

    return y, backward
