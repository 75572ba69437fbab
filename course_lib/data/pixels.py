"""Pixels as numbers that a network takes: from 0 to 1, or of mean 0 and deviation 1."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from course_lib.types import Array

WHITE = 255  # the largest value of a pixel of type uint8


def to_float(x: Array, *, dtype: DTypeLike = np.float32) -> Array:
    """x / 255: pixels of type uint8 as floats from 0 to 1, of any shape.

    Raises:
        ValueError: x is not of type uint8.
    """
    if x.dtype != np.uint8:
        raise ValueError(
            f"to_float: x is of type {x.dtype}, expected uint8. Is it done already?"
        )
    return np.divide(x, WHITE, dtype=dtype)


def to_uint8(x: Array) -> Array:
    """255 x, rounded: floats from 0 to 1 as pixels. What lies outside is clipped and
    does not wrap round, as 256 would to 0."""
    return np.rint(np.clip(x, 0, 1) * WHITE).astype(np.uint8)


def channel_statistics(x: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each channel, over a batch of images.

    Take those of the training images alone, for the test images too: they are part of
    what was learned.

    Args:
        x: floats of shape (N, C, …).

    Returns:
        mean, std: float64 of shape (C,).
    """
    axes = (0, *range(2, x.ndim))
    return x.mean(axis=axes, dtype=np.float64), x.std(axis=axes, dtype=np.float64)


def normalize(x: Array, *, mean: ArrayLike, std: ArrayLike) -> Array:
    """(x − mean) / std, channel by channel.

    Args:
        x: floats of shape (N, C, …).
        mean, std: of shape (C,): the training images', see `channel_statistics`.

    Returns:
        An array of x's shape and type.

    Raises:
        ValueError: x is not of floats, mean or std does not have C entries, or a
            deviation is not positive.
    """
    shape = (-1,) + (1,) * (x.ndim - 2)
    m, s = (np.asarray(each, dtype=np.float64) for each in (mean, std))
    if x.dtype.kind != "f":
        raise ValueError(
            f"normalize: x is of type {x.dtype}, expected floats. Is to_float missing?"
        )
    if m.shape != x.shape[1:2] or s.shape != x.shape[1:2]:
        raise ValueError(
            f"normalize: x has shape {x.shape}, mean {m.shape} and std {s.shape}; "
            "expected an entry for each channel. Is x (N, C, …)?"
        )
    if s.min() <= 0:
        raise ValueError(
            f"normalize: std is {s}, expected positive numbers. Is a channel constant?"
        )
    m, s = m.astype(x.dtype), s.astype(x.dtype)
    return (x - m.reshape(shape)) / s.reshape(shape)
