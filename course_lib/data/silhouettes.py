"""Outlines of shapes, anywhere, of any size, turned: how much of each pixel they cover.

A silhouette of radius R has the area of a disc of radius R, so that how much of a
picture is filled does not tell one kind from another.
"""

import numpy as np

from course_lib.types import Array

KINDS = ("circle", "triangle", "square", "star", "ring")

# Points of a regular polygon or a star, and the radius at which the notches lie between
# them as a share of the points': cos(π/n) makes the sides straight.
POINTS = (0, 3, 4, 5, 0)
NOTCHES = (0.0, np.cos(np.pi / 3), np.cos(np.pi / 4), 0.45, 0.0)
HOLE = 0.5  # the ring's inner radius, as a share of its outer


def silhouette(
    kind: int,
    across: Array,
    down: Array,
    *,
    radius: Array | float,
    angle: Array | float = 0,
) -> Array:
    """How much of each pixel a shape covers, from 0 to 1, with soft edges.

    All arguments but the kind are broadcast: (N, H, W) places and (N, 1, 1) radii give
    N shapes.

    Args:
        kind: a position in KINDS.
        across, down: the pixel's place relative to the shape's center, in pixels.
        radius: of the disc of the same area, in pixels.
        angle: by which it is turned clockwise, as seen, in radians. A triangle or star
            at 0 points to the right.

    Returns:
        An array of floats. 1 where the outline is at least half a pixel away, 0 where
        it is so outside.
    """
    r = np.hypot(across, down)
    n = POINTS[kind]
    if n:
        outer = radius * _scale(kind)
        # One half of one point stands for all: the sector from its tip to a notch.
        sector = (np.arctan2(down, across) - angle + np.pi / n) % (
            2 * np.pi / n
        ) - np.pi / n
        inside = _inside_edge(r, np.abs(sector), outer, NOTCHES[kind], np.pi / n)
    elif KINDS[kind] == "ring":
        outer = radius * _scale(kind)
        inside = np.minimum(outer - r, r - HOLE * outer)
    else:
        inside = radius - r
    return np.clip(inside + 0.5, 0, 1)


def _scale(kind: int) -> float:
    """The outermost radius of a shape with the area of the unit disc."""
    n = POINTS[kind]
    if n:
        return float(np.sqrt(np.pi / (n * NOTCHES[kind] * np.sin(np.pi / n))))
    return float(1 / np.sqrt(1 - HOLE**2))


def _inside_edge(
    r: Array, angle: Array, outer: Array | float, notch: float, half: float
) -> Array:
    """How far a place lies within the line from a tip to the next notch.

    The line passes (outer, 0) and notch · outer · (cos half, sin half).
    """
    dx, dy = notch * np.cos(half) - 1, notch * np.sin(half)
    normal = np.array([dy, -dx]) / np.hypot(dx, dy)  # away from the center
    return normal[0] * (outer - r * np.cos(angle)) - normal[1] * r * np.sin(angle)
