"""Clips of moving shapes, of which no single frame tells how they move.

A shape has a place on a picture whose opposite edges meet, an angle, and a phase, which
is its size: it grows until it has faded away, and comes anew as a small one. Place,
angle and phase start anywhere with equal probability, and each motion turns one of them
around its circle. What is uniform on a circle stays so: every frame of every class has
the same distribution. Only the change from frame to frame differs.

The phases of the shapes in a clip are spread evenly, so that some are always seen.
"""

from typing import NamedTuple

import numpy as np

from course_lib.data.points import balanced_labels
from course_lib.data.silhouettes import KINDS, silhouette
from course_lib.data.textures import smooth_noise
from course_lib.types import Array

MOTIONS = (
    "right",
    "left",
    "down",
    "up",
    "clockwise",
    "counterclockwise",
    "approaching",
    "receding",
)
# What changes from frame to frame, in this order: the place across and down, in pixels;
# the angle, in radians; the phase, in rounds. With these the rim of a turning shape of
# middle size moves by about a pixel too, that of a growing one by a third of that.
RATES = (
    (1, 0, 0, 0),
    (-1, 0, 0, 0),
    (0, 1, 0, 0),
    (0, -1, 0, 0),
    (0, 0, 0.15, 0),
    (0, 0, -0.15, 0),
    (0, 0, 0, 0.05),
    (0, 0, 0, -0.05),
)
SMALLEST, LARGEST = 0.1, 0.3  # radius as a share of the picture's side
STRIPES = 4.0  # radians of their phase in a radius: a stripe and a half across


class Clips(NamedTuple):
    """Clips, how they move, and what is in them.

    Attributes:
        frames: float32 of shape (N, 1, T, H, W), from 0 to 1.
        labels: the motion, int64 of shape (N,): positions in the `motions` asked for.
        kinds: what moves, int64 of shape (N,): positions in `silhouettes.KINDS`.
        flow: where each pixel of a frame goes until the next, float32 of shape
            (N, 2, T − 1, H, W): to the right and down, in pixels. It is 0 on the ground
            and where a shape is more than half faded.
    """

    frames: Array
    labels: Array
    kinds: Array
    flow: Array


def make_clips(
    n: int,
    *,
    rng: np.random.Generator,
    motions: tuple[str, ...] = MOTIONS,
    size: int = 32,
    frames: int = 16,
    shapes: int = 2,
    speed: float = 1.0,
    noise: float = 0.02,
) -> Clips:
    """Shapes that move in one of eight ways over a ground that does not.

    Args:
        n: how many clips; as many of each motion, within one.
        rng: draws all of it.
        motions: the classes, some of MOTIONS.
        size: H and W, in pixels.
        frames: T, at least 1.
        shapes: how many move in each clip, all in the same way and of the same kind.
        speed: in pixels a frame, or about so at the rim of what turns or grows.
        noise: the standard deviation of what is added to each pixel of each frame.

    Raises:
        ValueError: a motion is none of MOTIONS.
    """
    if not set(motions) <= set(MOTIONS):
        raise ValueError(
            f"make_clips: motions are {motions}, expected some of {MOTIONS}."
        )
    labels = balanced_labels(n, len(motions), rng)
    kinds = rng.integers(len(KINDS), size=n)
    start = rng.random((n, shapes, 4)) * [size, size, 2 * np.pi, 1]
    start[:, :, 3] = start[:, :1, 3] + np.arange(shapes) / shapes
    rates = np.array([RATES[MOTIONS.index(motion)] for motion in motions])[labels]
    x = 0.3 + 0.05 * smooth_noise((n, 1, 1, size, size), rng=rng, scale=size / 8)
    x = np.repeat(x.astype(np.float32), frames, axis=2)
    flow = np.zeros((n, 2, frames, size, size), dtype=np.float32)
    for clip, moved, kind, rate, states in zip(
        x, flow, kinds, rates, start, strict=True
    ):
        for state in states:
            path = state + speed * np.arange(frames)[:, None] * rate
            _draw(clip[0], moved, kind, path[:, :, None, None], speed * rate)
    x += noise * rng.standard_normal(x.shape, dtype=np.float32)
    return Clips(np.clip(x, 0, 1), labels, kinds, flow[:, :, :-1])


def _draw(clip: Array, flow: Array, kind: int, path: Array, rate: Array) -> None:
    """Add a shape to all frames of a clip (T, H, W), and its motion to (2, T, H, W)."""
    size = clip.shape[-1]
    x, y, angle, phase = np.moveaxis(path, 1, 0)
    phase = phase % 1
    down, across = np.mgrid[:size, :size] + 0.5
    # Opposite edges meet: the way to the center is the shorter one.
    across = (across - x + size / 2) % size - size / 2
    down = (down - y + size / 2) % size - size / 2
    growth = np.log(LARGEST / SMALLEST)
    radius = size * SMALLEST * np.exp(growth * phase)
    covered = silhouette(kind, across, down, radius=radius, angle=angle)
    # Stripes turn and grow with the shape, so that even a circle is seen to do so.
    turned = np.cos(angle) * across + np.sin(angle) * down
    paint = 0.6 + 0.25 * np.sin(STRIPES * turned / radius)
    # Opaque for half of its round, and not to be seen where it starts anew.
    covered = covered * np.minimum(1, 2 * np.sin(np.pi * phase) ** 2)
    clip += covered * (paint - clip)
    away = growth * rate[3]
    moved = np.stack(
        [
            rate[0] + away * across - rate[2] * down,
            rate[1] + away * down + rate[2] * across,
        ]
    )
    flow[...] = np.where(covered > 0.5, moved, flow)
