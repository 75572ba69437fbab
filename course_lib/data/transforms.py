"""Transforms that keep what a picture shows: new samples from old ones.

Each takes a batch of images of shape (N, C, H, W) and draws for every image on its own;
one image is a batch, `image[None]`. It returns a new array of the same type, and of the
same range: pixels run from 0 to 255 as uint8, from 0 to 1 as floats, and are clipped
where they would leave it. So transform first, and normalize afterwards.

Whether a transform keeps the label is for you to judge: a 6 turned by half is a 9, a
mirrored b is a d.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from course_lib.data.pixels import WHITE
from course_lib.types import Array


class Compose:
    """One transform after the other, all drawing from the same generator.

        augment = Compose(random_horizontal_flip, partial(random_crop, padding=4))
        x_new = augment(x, rng=rng)

    Args:
        transforms: functions `f(x, rng=rng)`. `functools.partial` fixes settings.
    """

    def __init__(self, *transforms: Callable[..., Array]) -> None:
        self.transforms = transforms

    def __call__(self, x: Array, *, rng: np.random.Generator) -> Array:
        """The last transform's result; x itself if there is none."""
        for transform in self.transforms:
            x = transform(x, rng=rng)
        return x


def random_horizontal_flip(
    x: Array, *, rng: np.random.Generator, p: float = 0.5
) -> Array:
    """Swap left and right, of each image with probability p.

    Args:
        x: images of shape (N, C, H, W).
        rng: decides which.
        p: from 0 to 1.
    """
    return _flip("random_horizontal_flip", x, rng, p, axis=3)


def random_vertical_flip(
    x: Array, *, rng: np.random.Generator, p: float = 0.5
) -> Array:
    """Swap top and bottom, of each image with probability p.

    Args:
        x: images of shape (N, C, H, W).
        rng: decides which.
        p: from 0 to 1.
    """
    return _flip("random_vertical_flip", x, rng, p, axis=2)


def random_crop(
    x: Array,
    *,
    rng: np.random.Generator,
    padding: int = 0,
    size: tuple[int, int] | None = None,
) -> Array:
    """A window of each image, at a random place: a shift by up to `padding` pixels.

    Args:
        x: images of shape (N, C, H, W).
        rng: places the windows, each place being as likely as the others.
        padding: rows and columns of zeros added on all sides before.
        size: the window's height and width; by default the image's.

    Returns:
        Images of shape (N, C, height, width).

    Raises:
        ValueError: the window does not fit.
    """
    check_images("random_crop", x)
    n, _, h, w = x.shape
    height, width = size or (h, w)
    # How many places there are, down and across.
    down, across = h + 2 * padding - height + 1, w + 2 * padding - width + 1
    if padding < 0 or min(height, width, down, across) < 1:
        raise ValueError(
            f"random_crop: a window of {height}×{width} does not fit into {h}×{w} "
            f"pixels with a padding of {padding}."
        )
    margin = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), margin, margin))
    top, left = rng.integers(down, size=n), rng.integers(across, size=n)
    windows = [
        image[:, i : i + height, j : j + width]
        for image, i, j in zip(padded, top, left, strict=True)
    ]
    return np.stack(windows)


def random_rotation(
    x: Array, *, rng: np.random.Generator, degrees: float, fill: float = 0
) -> Array:
    """Turn each image by an angle of its own, from −degrees to degrees.

    Args:
        x, fill: as for `rotate`.
        rng: draws the angles, uniformly.
        degrees: the largest angle.
    """
    angles = rng.uniform(-degrees, degrees, size=len(x))
    return rotate(x, degrees=angles, fill=fill)


def rotate(x: Array, *, degrees: ArrayLike, fill: float = 0) -> Array:
    """Each image turned about its center, counter-clockwise as `np.rot90` turns.

    A pixel of the result is looked up where it was before, between four pixels, whose
    values are interpolated linearly down and across.

    Args:
        x: images of shape (N, C, H, W).
        degrees: one angle, or one for each image, of shape (N,).
        fill: the value of what lies outside, in x's range.
    """
    check_images("rotate", x)
    n, _, h, w = x.shape
    theta = np.broadcast_to(np.deg2rad(degrees), n)[:, None, None]
    down, across = np.arange(h) - (h - 1) / 2, np.arange(w) - (w - 1) / 2
    down, across = down[:, None], across[None, :]
    i = np.cos(theta) * down + np.sin(theta) * across + (h - 1) / 2
    j = np.cos(theta) * across - np.sin(theta) * down + (w - 1) / 2
    # A frame of `fill` around the image is all that there is outside.
    framed = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=fill)
    i, j = np.clip(i, -1, h) + 1, np.clip(j, -1, w) + 1
    top, left = np.floor(i).astype(int), np.floor(j).astype(int)
    bottom, right = np.minimum(top + 1, h + 1), np.minimum(left + 1, w + 1)
    each = np.arange(n)[:, None, None]
    # Indices before and after the slice put its axis last: back with it.
    below, beside = (i - top)[..., None], (j - left)[..., None]
    y = (1 - below) * (
        (1 - beside) * framed[each, :, top, left] + beside * framed[each, :, top, right]
    ) + below * (
        (1 - beside) * framed[each, :, bottom, left]
        + beside * framed[each, :, bottom, right]
    )
    return of_type(np.moveaxis(y, -1, 1), x)


def gaussian_noise(x: Array, *, rng: np.random.Generator, std: float) -> Array:
    """x + n, clipped to the range, with n from N(0, std²), for each entry on its own.

    Args:
        x: images of shape (N, C, H, W): uint8, or floats from 0 to 1.
        rng: draws the noise.
        std: its standard deviation as a share of the range: 0.1 is 25.5 of 255.

    Raises:
        ValueError: floats lie outside 0 to 1.
    """
    check_range("gaussian_noise", x)
    noise = rng.normal(scale=std * largest(x), size=x.shape)
    return of_type(np.clip(x + noise, 0, largest(x)), x)


def cutout(x: Array, *, rng: np.random.Generator, size: int, fill: float = 0) -> Array:
    """Hide a square of each image (DeVries and Taylor, 2017).

    Its center is any pixel, so that some squares stick out and hide less.

    Args:
        x: images of shape (N, C, H, W).
        rng: places the squares.
        size: their side, in pixels.
        fill: the value of what is hidden, in x's range.
    """
    check_images("cutout", x)
    n, _, h, w = x.shape
    i, j = rng.integers(h, size=(n, 1)), rng.integers(w, size=(n, 1))
    # `size` rows from size // 2 above the center on, and as many columns.
    rows = np.arange(h) - i + size // 2
    columns = np.arange(w) - j + size // 2
    hidden = ((rows >= 0) & (rows < size))[:, None, :, None] & (
        (columns >= 0) & (columns < size)
    )[:, None, None, :]
    return np.where(hidden, np.asarray(fill, dtype=x.dtype), x)


def check_images(name: str, x: Array) -> None:
    """Refuse what is not a batch of images.

    Raises:
        ValueError: x is not of shape (N, C, H, W), or neither uint8 nor of floats.
    """
    if x.ndim != 4 or (x.dtype != np.uint8 and x.dtype.kind != "f"):
        raise ValueError(
            f"{name}: x has shape {x.shape} and type {x.dtype}, expected (N, C, H, W) "
            "and uint8 or floats. Is it one image? Then x[None] is a batch of it."
        )


def check_range(name: str, x: Array) -> None:
    """Refuse what is not a batch of images with a known range.

    Raises:
        ValueError: as `check_images`, or floats lie outside 0 to 1.
    """
    check_images(name, x)
    if x.dtype.kind == "f" and x.size and (x.min() < 0 or x.max() > 1):
        raise ValueError(
            f"{name}: floats run from {x.min():g} to {x.max():g}, expected 0 to 1. "
            "Were they normalized already? Do that last."
        )


def largest(x: Array) -> int:
    """White: 255 as uint8, 1 as a float."""
    return WHITE if x.dtype == np.uint8 else 1


def of_type(y: Array, x: Array) -> Array:
    """y in x's type, rounded where that is uint8."""
    return (np.rint(y) if x.dtype == np.uint8 else y).astype(x.dtype)


def _flip(
    name: str, x: Array, rng: np.random.Generator, p: float, *, axis: int
) -> Array:
    check_images(name, x)
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: p is {p}, expected a probability, from 0 to 1.")
    flipped = rng.random(len(x)) < p
    return np.where(flipped[:, None, None, None], np.flip(x, axis), x)
