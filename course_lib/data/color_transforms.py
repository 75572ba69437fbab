"""Transforms of colors: brightness, contrast, saturation, as the light may change them.

Each blends a batch of images with another picture, y = f x + (1 − f) other, clipped to
the range: with black, with its own mean gray, with itself in gray. Images are of shape
(N, C, H, W) with C = 1 or C = 3 (red, green, blue), pixels from 0 to 255 as uint8 and
from 0 to 1 as floats. The names and the blends are torchvision's.
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.data.photographs import LUMINANCE
from course_lib.data.transforms import check_range, largest, of_type
from course_lib.types import Array


def color_jitter(
    x: Array,
    *,
    rng: np.random.Generator,
    brightness: float = 0,
    contrast: float = 0,
    saturation: float = 0,
) -> Array:
    """Change each image's brightness, contrast and saturation, in this order, by
    factors of its own.

    torchvision draws the order too, and has a change of hue.

    Args:
        x: images of shape (N, C, H, W): uint8, or floats from 0 to 1.
        rng: draws the factors: from 1 − brightness to 1 + brightness, and so on.
        brightness, contrast, saturation: from 0, no change, to 1.

    Raises:
        ValueError: a setting lies outside 0 to 1, or floats do.
    """
    settings = np.array([[brightness], [contrast], [saturation]])
    if settings.min() < 0 or settings.max() > 1:
        raise ValueError(
            f"color_jitter: brightness is {brightness}, contrast {contrast}, "
            f"saturation {saturation}; expected numbers from 0 to 1."
        )
    factors = 1 + settings * rng.uniform(-1, 1, size=(3, len(x)))
    x = adjust_brightness(x, factor=factors[0])
    x = adjust_contrast(x, factor=factors[1])
    return adjust_saturation(x, factor=factors[2])


def adjust_brightness(x: Array, *, factor: ArrayLike) -> Array:
    """f x: black at 0, x at 1, brighter above.

    Args:
        x: images of shape (N, C, H, W): uint8, or floats from 0 to 1.
        factor: one f, or one for each image, of shape (N,).
    """
    check_range("adjust_brightness", x)
    return _blend(x, np.zeros(1), factor)


def adjust_contrast(x: Array, *, factor: ArrayLike) -> Array:
    """f x + (1 − f) m, with m the mean luminance of each image: gray at 0, x at 1.

    Args:
        x: images of shape (N, C, H, W): uint8, or floats from 0 to 1.
        factor: one f, or one for each image, of shape (N,).
    """
    check_range("adjust_contrast", x)
    return _blend(x, _luminance(x).mean(axis=(1, 2, 3), keepdims=True), factor)


def adjust_saturation(x: Array, *, factor: ArrayLike) -> Array:
    """f x + (1 − f) l, with l the luminance of each pixel: without color at 0, x at 1.

    Args:
        x: images of shape (N, C, H, W): uint8, or floats from 0 to 1.
        factor: one f, or one for each image, of shape (N,).
    """
    check_range("adjust_saturation", x)
    return _blend(x, _luminance(x), factor)


def _blend(x: Array, other: Array, factor: ArrayLike) -> Array:
    f = np.broadcast_to(np.asarray(factor, dtype=np.float64), len(x))
    f = f[:, None, None, None]
    return of_type(np.clip(f * x + (1 - f) * other, 0, largest(x)), x)


def _luminance(x: Array) -> Array:
    """Of shape (N, 1, H, W)."""
    channels = x.shape[1]
    if channels not in {1, 3}:
        raise ValueError(
            f"color transforms: x has shape {x.shape}, expected 1 or 3 channels. Is it "
            "(N, H, W, C)?"
        )
    weights = np.array(LUMINANCE if channels == 3 else (1.0,))
    return np.einsum("nchw,c->nhw", x, weights)[:, None]
