"""What renderers share: colors laid one over another, and how much a pixel sees."""

import numpy as np

from course_lib.types import Array

Color = tuple[float, float, float]  # red, green, blue, from 0 to 1

# The sky at its height and where it meets the ground, and hills far off.
ZENITH, HAZY, HILLS = (0.35, 0.58, 0.88), (0.82, 0.88, 0.93), (0.40, 0.52, 0.48)
GRASS, EARTH = (0.28, 0.46, 0.16), (0.46, 0.40, 0.22)


def rgb(color: Color) -> Array:
    """A color as an array of shape (3, 1, 1), for pictures (…, 3, H, W)."""
    return np.array(color)[:, None, None]


def painted(under: Array, share: Array, color: Array) -> Array:
    """A color laid over another, covering a share of it, from 0 to 1."""
    return under + share * (color - under)


def overlap(place: Array, half: Array | float, extent: Array | float) -> Array:
    """The share of an interval of this extent, around `place`, that lies between −half
    and half: how much of a pixel is a line of width 2 half."""
    low = np.maximum(place - extent / 2, -half)
    high = np.minimum(place + extent / 2, half)
    return np.maximum(high - low, 0) / extent
