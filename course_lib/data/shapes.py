"""Pictures of shapes, made as they are needed: to classify, and to segment."""

from typing import NamedTuple

import numpy as np

from course_lib.data.points import balanced_labels
from course_lib.data.silhouettes import KINDS, silhouette
from course_lib.data.textures import smooth_noise
from course_lib.types import Array

LONGEST = 1.56  # from the center to a triangle's tip, where a disc has radius 1
LEAST_CONTRAST = 0.35  # between a shape and what is behind it, in luminance or color


def make_shapes(
    n: int,
    *,
    rng: np.random.Generator,
    size: int = 32,
    color: bool = False,
    noise: float = 0.05,
    occlusion: float = 0.3,
) -> tuple[Array, Array]:
    """One shape a picture: a circle, triangle, square, star or ring.

    It is anywhere in the picture, turned by any angle, lighter or darker than the
    shaded ground, and a bar lies across it. All shapes cover the same area, so that the
    sum of the pixels says nothing of the class.

    Args:
        n: how many pictures; as many of each class, within one.
        rng: draws all of it.
        size: H and W, in pixels.
        color: red, green and blue, or gray.
        noise: the standard deviation of what is added to each pixel.
        occlusion: the bar's width as a share of the shape's, from 0, no bar, to 1.

    Returns:
        images: float32 of shape (n, C, size, size), from 0 to 1, with C = 3 or 1.
        labels: int64 of shape (n,): positions in `silhouettes.KINDS`.
    """
    labels = balanced_labels(n, len(KINDS), rng)
    radius = rng.uniform(0.17, 0.27, size=(n, 1, 1)) * size
    room = size / 2 - LONGEST * radius
    center = size / 2 + rng.uniform(-1, 1, size=(2, n, 1, 1)) * room
    down, across = np.mgrid[:size, :size][:, None] + 0.5 - center
    angle = rng.uniform(0, 2 * np.pi, size=(n, 1, 1))
    covered = np.zeros((n, size, size))
    for kind in range(len(KINDS)):
        of_kind = labels == kind
        covered[of_kind] = silhouette(
            kind,
            across[of_kind],
            down[of_kind],
            radius=radius[of_kind],
            angle=angle[of_kind],
        )
    ground, shape, bar = _contrasting_colors(n, 3 if color else 1, rng)
    shading = 0.04 * smooth_noise((n, 1, size, size), rng=rng, scale=size / 4)
    images = ground + shading
    images += covered[:, None] * (shape - images)
    images += _bar(across, down, radius, occlusion, rng)[:, None] * (bar - images)
    images += rng.normal(scale=noise, size=images.shape)
    return np.clip(images, 0, 1).astype(np.float32), labels


def _contrasting_colors(
    n: int, channels: int, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Three colors for each picture, each of shape (n, channels, 1, 1).

    The mean over the channels keeps the contrast between ground and shape; the bar is
    another shade of the ground's side, so that it does not look like the shape.
    """
    dark = rng.uniform(0.1, 0.4, size=(n, 1))
    light = rng.uniform(0.4 + LEAST_CONTRAST, 0.9, size=(n, 1))
    inverted = rng.random((n, 1)) < 0.5
    ground, shape = np.where(inverted, light, dark), np.where(inverted, dark, light)
    bar = ground + np.where(inverted, -1, 1) * 0.15
    tints = rng.normal(size=(3, n, channels))
    tints -= tints.mean(axis=-1, keepdims=True)
    tinted = np.stack([ground, shape, bar]) + 0.12 * tints
    first, second, third = tinted[..., None, None]
    return first, second, third


def _bar(
    across: Array, down: Array, radius: Array, width: float, rng: np.random.Generator
) -> Array:
    """How much of each pixel a bar covers that crosses the shape anywhere."""
    n = len(radius)
    angle = rng.uniform(0, np.pi, size=(n, 1, 1))
    offset = rng.uniform(-0.7, 0.7, size=(n, 1, 1)) * radius
    distance = np.abs(np.cos(angle) * across + np.sin(angle) * down - offset)
    return np.clip(width * radius - distance + 0.5, 0, 1) if width else 0 * distance


class Segmentation(NamedTuple):
    """Pictures and what every pixel of them shows.

    Attributes:
        images: float32 of shape (N, 3, H, W), from 0 to 1.
        classes: int64 of shape (N, H, W): 0 is ground, k + 1 is `KINDS[k]`.
    """

    images: Array
    classes: Array


def make_overlapping_shapes(
    n: int,
    *,
    rng: np.random.Generator,
    size: int = 64,
    shapes: int = 5,
    noise: float = 0.05,
) -> Segmentation:
    """Shapes upon shapes, with the class of each pixel.

    Each is of a random kind, place, size and color, striped or plain, and hides what is
    under it. Colors and stripes say nothing of the class: its outline does.

    Args:
        n: how many pictures.
        rng: draws all of it.
        size: H and W, in pixels.
        shapes: how many a picture has; some of them may be hidden.
        noise: the standard deviation of what is added to each pixel.
    """
    grid = np.mgrid[:size, :size] + 0.5
    images = rng.uniform(0.15, 0.85, size=(n, 3, 1, 1)) + 0.06 * smooth_noise(
        (n, 3, size, size), rng=rng, scale=size / 6
    )
    classes = np.zeros((n, size, size), dtype=np.int64)
    kinds = rng.integers(len(KINDS), size=(n, shapes))
    for image, classes_here, kinds_here in zip(images, classes, kinds, strict=True):
        for kind in kinds_here:
            center = rng.uniform(0.1, 0.9, size=(2, 1, 1)) * size
            down, across = grid - center
            radius, angle = rng.uniform(0.1, 0.2) * size, rng.uniform(0, 2 * np.pi)
            covered = silhouette(kind, across, down, radius=radius, angle=angle)
            stripes = np.cos(
                2 * np.pi * (across * np.cos(2 * angle) + down * np.sin(2 * angle)) / 5
            )
            paint = rng.uniform(0.05, 0.95, size=(3, 1, 1))
            paint = paint + rng.choice([0, 0.15]) * stripes
            image += covered * (paint - image)
            classes_here[covered > 0.5] = kind + 1
    images += rng.normal(scale=noise, size=images.shape)
    return Segmentation(np.clip(images, 0, 1).astype(np.float32), classes)
