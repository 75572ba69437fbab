"""Homing: which way is home, and how far, from what is seen all around.

An animal, or a robot, stands anywhere in a clearing among five painted columns. It sees
a panorama, 360° wide; hills on the horizon serve as a compass. Its home is the middle
of the clearing (after Cartwright and Collett, "Landmark learning in bees", 1983).

Directions are relative to where it looks, which is the panorama's middle, and positive
to the right. They meet at ±π, behind: an error of 2π is no error.
"""

from typing import NamedTuple

import numpy as np

from course_lib.data.painting import (
    EARTH,
    GRASS,
    HAZY,
    HILLS,
    ZENITH,
    Color,
    overlap,
    painted,
    rgb,
)
from course_lib.types import Array


class Column(NamedTuple):
    """A landmark: a round column on the ground.

    Attributes:
        east, north: its place relative to home, in metres.
        radius, height: in metres.
        color: its color in full light.
        stripes: how many dark ones it has.
    """

    east: float
    north: float
    radius: float
    height: float
    color: Color
    stripes: int


# Of different shapes and colors, and so placed that from within the clearing none hides
# another.
COLUMNS = (
    Column(-1.5, 6.8, 0.5, 3.4, (0.85, 0.22, 0.18), 0),
    Column(6.6, 3.0, 0.6, 2.2, (0.15, 0.35, 0.85), 2),
    Column(5.0, -5.6, 0.4, 4.2, (0.98, 0.82, 0.20), 4),
    Column(-4.2, -6.2, 0.8, 1.6, (0.95, 0.95, 0.92), 0),
    Column(-7.4, 1.2, 0.5, 2.8, (0.60, 0.20, 0.65), 1),
)
CLEARING = 5.0  # metres: the radius within which it stands
EYE = 0.5  # metres above the ground
AT_ONCE = 64  # pictures that are rendered together, which bounds the memory needed

# The hills' height, in radians, is a mean and waves around the horizon: how many, how
# high, where they begin. The ground has waves too: east, north, where they begin.
MEAN_HILL = 0.16
HILL_WAVES = ((1, 0.05, 0.3), (2, 0.04, 2.0), (3, 0.035, 4.4), (7, 0.02, 1.1))
GROUND_WAVES = (
    (1.7, 0.6, 0.4),
    (-0.8, 1.9, 2.9),
    (2.9, -2.2, 5.1),
    (1.1, 3.7, 1.2),
    (-4.3, 1.4, 3.3),
)


class Homing(NamedTuple):
    """Views, and the way home from each.

    Attributes:
        images: float32 of shape (N, 3, H, W), from 0 to 1; columns run from −π to π.
        vectors: float32 of shape (N, 2): how far ahead home is, and how far to the
            right, in metres.
        angles: float32 of shape (N, 1): the vectors' direction, from −π to π.
    """

    images: Array
    vectors: Array
    angles: Array


def make_homing(
    n: int,
    *,
    rng: np.random.Generator,
    size: tuple[int, int] = (24, 96),
    turned: bool = True,
    noise: float = 0.02,
) -> Homing:
    """Panoramas from anywhere in the clearing, which is always the same one.

    Args:
        n: how many.
        rng: draws the places, uniformly over the clearing, the directions it looks in,
            the light and the noise.
        size: H and W, in pixels. A pixel sees as much of a degree down as across.
        turned: whether it looks in any direction, or always north.
        noise: the standard deviation of what is added to each pixel.
    """
    away = CLEARING * np.sqrt(rng.random(n))
    bearing = rng.uniform(-np.pi, np.pi, size=n)
    looking = rng.uniform(-np.pi, np.pi, size=n) * turned
    east, north = away * np.sin(bearing), away * np.cos(bearing)
    ahead = -(east * np.sin(looking) + north * np.cos(looking))
    right = -(east * np.cos(looking) - north * np.sin(looking))
    light = rng.uniform(0.7, 1.05, size=(n, 1, 1, 1))
    images = np.empty((n, 3, *size), dtype=np.float32)
    for start in range(0, n, AT_ONCE):
        some = np.s_[start : start + AT_ONCE]
        view = panorama(east[some], north[some], looking[some], size=size) * light[some]
        noisy = view + rng.normal(scale=noise, size=view.shape)
        images[some] = np.clip(noisy, 0, 1)
    vectors = np.stack([ahead, right], axis=1)
    angles = np.arctan2(right, ahead)[:, None]
    return Homing(images, vectors.astype(np.float32), angles.astype(np.float32))


def panorama(
    east: Array, north: Array, looking: Array, *, size: tuple[int, int]
) -> Array:
    """What is seen all around: floats of shape (N, 3, H, W), from 0 to 1.

    Args:
        east, north: the places, relative to home, in metres, of shape (N,).
        looking: the direction in the panorama's middle, clockwise from north, (N,).
        size: H and W, in pixels.
    """
    height, width = size
    pixel = 2 * np.pi / width
    up = (height / 2 - np.arange(height) - 0.5)[:, None] * pixel
    east, north, looking = (each[:, None, None] for each in (east, north, looking))
    bearing = looking + (np.arange(width) + 0.5) * pixel - np.pi
    sky = painted(rgb(HAZY), np.clip(up / 0.8, 0, 1), rgb(ZENITH))
    hills = MEAN_HILL + sum(
        high * np.sin(count * bearing + begin) for count, high, begin in HILL_WAVES
    )
    covered = np.clip((hills - up) / pixel + 0.5, 0, 1)[:, None]
    view = painted(sky, covered, rgb(HILLS))
    view = np.where(up < 0, _ground(east, north, bearing, up), view)
    for column in COLUMNS:
        view = _with_column(view, column, east, north, bearing, up, pixel)
    return view


def _ground(east: Array, north: Array, bearing: Array, up: Array) -> Array:
    """Color (N, 3, H, W) of the places that are seen below the horizon."""
    distance = EYE / np.tan(np.maximum(-up, 1e-3))
    x, y = east + distance * np.sin(bearing), north + distance * np.cos(bearing)
    waves = sum(np.sin(a * x + b * y + begin) for a, b, begin in GROUND_WAVES)
    seen = np.exp(-distance / 6)  # further away they are finer than pixels
    mixture = np.clip(0.35 + 0.2 * waves * seen, 0, 1)[:, None]
    meadow = painted(rgb(GRASS), mixture, rgb(EARTH))
    return painted(meadow, 1 - np.exp(-distance / 40), rgb(HAZY))


def _with_column(
    view: Array,
    column: Column,
    east: Array,
    north: Array,
    bearing: Array,
    up: Array,
    pixel: float,
) -> Array:
    x, y = column.east - east, column.north - north
    distance = np.hypot(x, y)
    aside = (bearing - np.arctan2(x, y) + np.pi) % (2 * np.pi) - np.pi
    half = np.arcsin(column.radius / distance)
    top = np.arctan((column.height - EYE) / distance)
    bottom = -np.arctan(EYE / distance)
    covered = overlap(aside, half, pixel) * overlap(
        up - (top + bottom) / 2, (top - bottom) / 2, pixel
    )
    around = np.clip(aside / half, -1, 1)  # −1 at its left edge, 1 at its right
    shade = 0.75 + 0.25 * np.sqrt(1 - around**2) - 0.15 * around
    along = (EYE + distance * np.tan(up)) / column.height  # 0 at its foot, 1 on top
    if column.stripes:
        dark = np.clip(0.5 - 3 * np.cos(2 * np.pi * column.stripes * along), 0, 1)
        shade = shade * (1 - 0.75 * dark)
    return painted(view, covered[:, None], rgb(column.color) * shade[:, None])
