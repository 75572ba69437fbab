"""Edges: where, and in which direction, brightness changes."""

import numpy as np

from course_lib.filtering.correlation import Padding, correlate
from course_lib.filtering.kernels import sobel_x, sobel_y
from course_lib.types import Array


def gradient(image: Array, *, padding: Padding = "replicate") -> tuple[Array, Array]:
    """Gx = I ⋆ Sₓ and Gy = I ⋆ S_y: eight times the slopes to the right and downwards.

    Both are needed: Sₓ ∗ S_y, in one kernel, would be the mixed derivative ∂²I/∂x∂y,
    which is 0 along straight edges across and down, and large at corners.

    Args:
        image: array of shape (H, W) or (H, W, C).
        padding: what lies outside the image. Zeros would draw an edge around it.

    Returns:
        Two arrays of the image's shape.
    """
    gx = correlate(image, sobel_x(), padding=padding)
    gy = correlate(image, sobel_y(), padding=padding)
    return gx, gy


def gradient_magnitude(image: Array, *, padding: Padding = "replicate") -> Array:
    """√(Gx² + Gy²): how strong the edge is, in whatever direction it runs.

    Args:
        image: array of shape (H, W) or (H, W, C).
        padding: what lies outside the image.
    """
    return np.hypot(*gradient(image, padding=padding))


def gradient_orientation(image: Array, *, padding: Padding = "replicate") -> Array:
    """atan2(Gy, Gx): where it becomes brighter, in radians from −π to π. 0 is to the
    right, π/2 downwards; the edge itself runs at a right angle to it. Flats give 0.

    Args:
        image: array of shape (H, W) or (H, W, C).
        padding: what lies outside the image.
    """
    gx, gy = gradient(image, padding=padding)
    return np.arctan2(gy, gx)
