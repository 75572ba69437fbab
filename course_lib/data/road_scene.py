"""A road as a camera on a car sees it: a small renderer, one ray for each pixel.

The ground is flat and the camera looks level, so that the row v below the horizon v₀
sees the ground at the distance Z = f h/(v − v₀), and the column u there the place
X = (u − u₀) Z/f aside. Color is a function of the place on the ground: how far right of
the road's middle, and how far along the road.
"""

from typing import NamedTuple

import numpy as np

from course_lib.data.painting import (
    EARTH,
    GRASS,
    HAZY,
    HILLS,
    ZENITH,
    overlap,
    painted,
    rgb,
)
from course_lib.data.textures import smooth_noise
from course_lib.types import Array

# Metres.
EYE = 1.3  # the camera's height above the ground
HALF_ROAD = 3.5
EDGE_LINE, LINE_WIDTH = 3.2, 0.14
DASH, DASH_PERIOD = 3.0, 8.0
SHADOW = 4.0  # along the road
POST_SIDE, POST_PERIOD, POST_HEIGHT, POST_WIDTH = 4.6, 10.0, 1.0, 0.16
POSTS = 7  # ahead, on each side
GRAIN = 0.25  # of the ground's texture
HAZE = 60.0  # the distance over which colors fade into the sky by 1/e

HORIZON = 0.42  # as a share of the picture's height, from above
FOCAL = 0.8  # as a share of the picture's width: a view of 64°
SKYLINE = 256  # columns of hills all round

ASPHALT, DARK = (0.36, 0.36, 0.38), (0.15, 0.12, 0.12)
WHITE, YELLOW = (0.95, 0.95, 0.92), (0.95, 0.78, 0.25)


class Pose(NamedTuple):
    """Where each car is, arrays of one shape.

    Attributes:
        offset: how far right of the road's middle, in metres.
        heading: where the road leads, relative to the car; right is positive, radians.
        curvature: of the road, one over its radius; right is positive, 1/m.
        travelled: how far along the road the car is, in metres.
        bearing: where the car looks, clockwise from north, radians: it moves the hills.
    """

    offset: Array
    heading: Array
    curvature: Array
    travelled: Array
    bearing: Array

    def middle(self, distance: Array | float) -> Array:
        """How far right of the car the road's middle is, so far ahead, in metres."""
        straight = np.tan(self.heading) * distance - self.offset
        return straight + self.curvature * distance**2 / 2


class Landscape(NamedTuple):
    """What differs from road to road, besides its course; the first axis is N.

    Attributes:
        light: the brightness of red, green and blue, (N, 3).
        ground: a texture, (N, 64, 64), repeated.
        hills: the height of the skyline, (N, SKYLINE), from 0 to 1.
        shadow: where along the road a shadow begins, in metres, (N,).
    """

    light: Array
    ground: Array
    hills: Array
    shadow: Array


def draw_landscapes(n: int, rng: np.random.Generator) -> Landscape:
    """Random landscapes for n roads, in warm or cold, bright or dim light."""
    warmth = rng.uniform(-0.08, 0.08, size=(n, 1)) * np.array([1, 0, -1])
    hills = smooth_noise((n, 1, SKYLINE), rng=rng, scale=12)[:, 0]
    return Landscape(
        light=rng.uniform(0.65, 1.1, size=(n, 1)) + warmth,
        ground=smooth_noise((n, 64, 64), rng=rng, scale=3),
        hills=np.clip(0.45 + 0.22 * hills, 0.05, 1),
        shadow=rng.uniform(-20, 60, size=n),
    )


def render(pose: Pose, landscape: Landscape, *, size: tuple[int, int]) -> Array:
    """Pictures of n roads: floats of shape (N, 3, H, W), from 0 to 1.

    Args:
        pose: where each car is, arrays of shape (N,).
        landscape: what is around it.
        size: H and W, in pixels.
    """
    height, width = size
    focal, horizon = FOCAL * width, HORIZON * height
    # Rows below the horizon, columns right of the middle, in pixels.
    v = (np.arange(height) + 0.5 - horizon)[:, None]
    u = np.arange(width) + 0.5 - width / 2
    pose = Pose(*(each[:, None, None] for each in pose))
    # Rows above the horizon see no ground; the sky is painted over what they compute.
    distance = focal * EYE / np.maximum(v, 0.5)
    right = u * distance / focal - pose.middle(distance)
    along = distance + pose.travelled
    picture = np.where(
        v > 0,
        _ground(right, along, distance, landscape, focal),
        _sky(v / horizon, pose.bearing + np.arctan(u / focal), landscape, horizon),
    )
    _add_posts(picture, pose, v, u, focal)
    return np.clip(picture * landscape.light[:, :, None, None], 0, 1)


def _ground(
    right: Array, along: Array, distance: Array, landscape: Landscape, focal: float
) -> Array:
    """Color (N, 3, H, W) of the places on the ground that the pixels see."""
    # How much of the ground a pixel sees, across and along, in metres.
    deep = distance**2 / (focal * EYE)
    across = distance / focal + np.abs(np.gradient(right, axis=1))
    texture = _sampled(landscape.ground, along / GRAIN, right / GRAIN)
    texture = (texture * np.exp(-distance / 12))[:, None]
    meadow = painted(rgb(GRASS), np.clip(0.25 + 0.35 * texture, 0, 1), rgb(EARTH))
    road = overlap(right, HALF_ROAD, across)[:, None]
    color = painted(meadow, road, rgb(ASPHALT) * (1 + 0.12 * texture))
    edge = overlap(np.abs(right) - EDGE_LINE, LINE_WIDTH / 2, across)
    color = painted(color, edge[:, None], rgb(WHITE))
    nearest_dash = (along + DASH_PERIOD / 2) % DASH_PERIOD - DASH_PERIOD / 2
    dash = overlap(nearest_dash, DASH / 2, np.minimum(deep, DASH_PERIOD))
    dash = dash * overlap(right, LINE_WIDTH / 2, across)
    color = painted(color, dash[:, None], rgb(YELLOW))
    into_shadow = along + 0.3 * right - landscape.shadow[:, None, None] - SHADOW / 2
    color = color * (1 - 0.4 * overlap(into_shadow, SHADOW / 2, deep)[:, None])
    return painted(color, 1 - np.exp(-distance / HAZE), rgb(HAZY))


def _sky(v: Array, bearing: Array, landscape: Landscape, horizon: float) -> Array:
    """Color (N, 3, H, W) above the horizon: v runs from −1, the upper edge, to 0."""
    column = bearing / (2 * np.pi) * SKYLINE
    hill = _sampled(landscape.hills[:, None], np.zeros(1), column) * 0.4
    covered = np.clip((hill + v) * horizon + 0.5, 0, 1)[:, None]
    return painted(painted(rgb(HAZY), -v, rgb(ZENITH)), covered, rgb(HILLS))


def _add_posts(picture: Array, pose: Pose, v: Array, u: Array, focal: float) -> None:
    """Posts along both sides, the nearest painted last."""
    first = POST_PERIOD - pose.travelled % POST_PERIOD
    for ahead in reversed(range(POSTS)):
        distance = first + ahead * POST_PERIOD
        scale = focal / distance  # pixels a metre
        rows = overlap(v - (EYE - POST_HEIGHT / 2) * scale, POST_HEIGHT / 2 * scale, 1)
        band = overlap(v - (EYE - 0.8 * POST_HEIGHT) * scale, 0.1 * scale, 1)
        haze = np.exp(-distance / HAZE)[:, None]
        for side in (-POST_SIDE, POST_SIDE):
            place = (pose.middle(distance) + side) * scale
            columns = overlap(u - place, POST_WIDTH / 2 * scale, 1)
            color = painted(rgb(WHITE), band[:, None], rgb(DARK))
            post = (rows * columns)[:, None] * haze
            picture += post * (color - picture)


def _sampled(texture: Array, row: Array, column: Array) -> Array:
    """A repeated texture (N, R, C) at places (N, …) between its entries, linearly."""
    each = np.arange(len(texture))[:, None, None]
    rows, columns = texture.shape[1:]
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    below, beside = row - top, column - left
    upper = texture[each, top % rows, left % columns] * (1 - beside)
    upper += texture[each, top % rows, (left + 1) % columns] * beside
    lower = texture[each, (top + 1) % rows, left % columns] * (1 - beside)
    lower += texture[each, (top + 1) % rows, (left + 1) % columns] * beside
    return upper * (1 - below) + lower * below
