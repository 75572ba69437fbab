"""Adaptive pooling: the output's size is given, and the windows follow from it.

Window i of m over n entries reaches from ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉. The windows cover
the image, differ in size by at most one where m does not divide n, and then overlap. An
output of size 1 is the pooling of the whole image: global pooling.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from course_lib.operations.windows import per_axis
from course_lib.types import Array, Operation

# Height and width of the output, one number if equal; None, in a pair, is the input's.
OutputSize = int | Sequence[int | None]


def adaptive_avg_pool2d(x: Array, *, output_size: OutputSize) -> Operation:
    """y = the mean of each window; its entries share its gradient equally.

    Args:
        x: images of shape (N, C, H, W).
        output_size: height and width of the output, one number if they are equal;
            None, in a pair, is the input's own. 1 is global average pooling.

    Returns:
        An array of shape (N, C, H′, W′).

    Raises:
        ValueError: x has another number of axes, or no entry; or a size is below 1.
    """
    size = _output_size("adaptive_avg_pool2d", x, output_size)
    y = np.empty_like(x, shape=x.shape[:2] + size)
    for window, entries in _places(x.shape[2:], size):
        y[window] = x[entries].mean(axis=(2, 3), keepdims=True)

    def backward(dy: Array) -> Array:
        dx = np.zeros_like(x)
        for window, entries in _places(x.shape[2:], size):
            height, width = dx[entries].shape[2:]
            dx[entries] += dy[window] / (height * width)
        return dx

    return y, backward


def adaptive_max_pool2d(x: Array, *, output_size: OutputSize) -> Operation:
    """y = the largest entry of each window. It alone gets the window's gradient; where
    several are as large, the first of them does, row by row, as in torch.

    Args:
        x: images of shape (N, C, H, W).
        output_size: height and width of the output, one number if they are equal;
            None, in a pair, is the input's own. 1 is global max pooling.

    Returns:
        An array of shape (N, C, H′, W′).

    Raises:
        ValueError: x has another number of axes, or no entry; or a size is below 1.
    """
    size = _output_size("adaptive_max_pool2d", x, output_size)
    y = np.empty_like(x, shape=x.shape[:2] + size)
    for window, entries in _places(x.shape[2:], size):
        y[window] = x[entries].max(axis=(2, 3), keepdims=True)

    def backward(dy: Array) -> Array:
        dx = np.zeros_like(x)
        for window, entries in _places(x.shape[2:], size):
            dx[entries] += _first_largest(x[entries]) * dy[window]
        return dx

    return y, backward


def _places(
    image: tuple[int, ...], output: tuple[int, ...]
) -> Iterator[tuple[Any, Any]]:
    """For each window, its index in the output, and an index of its entries."""
    along = [
        [(slice(i, i + 1), slice(i * n // m, -(-(i + 1) * n // m))) for i in range(m)]
        for n, m in zip(image, output, strict=True)
    ]
    for places in product(*along):
        window, entries = zip(*places, strict=True)
        yield (..., *window), (..., *entries)


def _first_largest(x: Array) -> Array:
    """Where in each image of x its largest entry lies: the first, row by row."""
    n, c, height, width = x.shape
    flat = x.reshape(n, c, height * width)
    largest = flat.argmax(axis=2, keepdims=True)
    return (np.arange(height * width) == largest).reshape(x.shape)


def _output_size(name: str, x: Array, given: OutputSize) -> tuple[int, ...]:
    if x.ndim != 4 or 0 in x.shape[2:]:
        raise ValueError(
            f"{name}: x has shape {x.shape}, expected (N, C, H, W) and no empty "
            "image. Is the batch axis missing, or were the images flattened?"
        )
    sizes = tuple(given) if isinstance(given, Sequence) else (given, given)
    if len(sizes) == 2:
        sizes = tuple(
            n if size is None else size
            for n, size in zip(x.shape[2:], sizes, strict=True)
        )
    return per_axis(name, 2, output_size=sizes)
