"""Road scenes with their steering angle: single pictures, and drives.

The angle is that of pure pursuit (Coulter, "Implementation of the pure pursuit path
tracking algorithm", 1992): the front wheels of a car with wheelbase b are turned such
that its circle leads through the middle of the road at a distance ahead. Angles are in
radians, and positive to the right, as columns of a picture are.
"""

from typing import NamedTuple

import numpy as np

from course_lib.data.road_scene import Landscape, Pose, draw_landscapes, render
from course_lib.types import Array

WHEELBASE = 2.7  # metres
LOOK_AHEAD = 12.0  # metres
STEP = 0.5  # metres that a car drives from frame to frame: 15 m/s at 30 frames a second
AT_ONCE = 32  # pictures that are rendered together, which bounds the memory needed


class Roads(NamedTuple):
    """Pictures of roads, and where to steer.

    Attributes:
        images: float32 of shape (N, 3, H, W), from 0 to 1.
        angles: float32 of shape (N, 1), from about −0.2 to 0.2 radians.
    """

    images: Array
    angles: Array


class Drives(NamedTuple):
    """Drives, and how each is steered.

    Attributes:
        frames: float32 of shape (N, 3, T, H, W), from 0 to 1.
        angles: float32 of shape (N, T), in radians, of each frame.
    """

    frames: Array
    angles: Array


def make_roads(
    n: int,
    *,
    rng: np.random.Generator,
    size: tuple[int, int] = (48, 96),
    noise: float = 0.02,
) -> Roads:
    """Single pictures of roads that bend left and right, from anywhere on them.

    Args:
        n: how many.
        rng: draws the roads, the cars' places on them, the light and the noise.
        size: H and W, in pixels.
        noise: the standard deviation of what is added to each pixel.
    """
    frames, angles = make_drives(n, rng=rng, frames=1, size=size, noise=noise)
    return Roads(frames[:, :, 0], angles)


def make_drives(
    n: int,
    *,
    rng: np.random.Generator,
    frames: int = 8,
    size: tuple[int, int] = (48, 96),
    noise: float = 0.02,
) -> Drives:
    """Cars that follow roads, each steered by its angle, so that they find the middle.

    Args:
        n: how many drives.
        rng: draws the roads, where the cars start, the light and the noise.
        frames: T, each half a metre further than the one before.
        size: H and W, in pixels.
        noise: the standard deviation of what is added to each pixel of each frame.
    """
    pose = Pose(
        offset=rng.uniform(-1.5, 1.5, size=n),
        heading=rng.uniform(-0.15, 0.15, size=n),
        curvature=rng.uniform(-0.03, 0.03, size=n),
        travelled=rng.uniform(0, 100, size=n),
        bearing=rng.uniform(0, 2 * np.pi, size=n),
    )
    landscape = draw_landscapes(n, rng)
    shown = np.empty((n, 3, frames, *size), dtype=np.float32)
    angles = np.empty((n, frames), dtype=np.float32)
    for t in range(frames):
        angle = steering_angle(pose)
        angles[:, t] = angle
        for start in range(0, n, AT_ONCE):
            some = np.s_[start : start + AT_ONCE]
            clean = render(
                Pose(*(each[some] for each in pose)),
                Landscape(*(each[some] for each in landscape)),
                size=size,
            )
            noisy = clean + rng.normal(scale=noise, size=clean.shape)
            shown[some, :, t] = np.clip(noisy, 0, 1)
        pose = drive(pose, angle)
    return Drives(shown, angles)


def steering_angle(pose: Pose) -> Array:
    """δ = arctan(2 b sin α / l): the front wheels' angle of pure pursuit, with b the
    wheelbase and l and α the distance and direction of the road's middle ahead.

    Args:
        pose: where each car is.

    Returns:
        The angles, of the shape of pose's arrays: right is positive, radians.
    """
    aside = pose.middle(LOOK_AHEAD)
    distance = np.hypot(LOOK_AHEAD, aside)
    return np.arctan(2 * WHEELBASE * (aside / distance) / distance)


def drive(pose: Pose, angle: Array, *, step: float = STEP) -> Pose:
    """Where the cars are after so many metres: those of a car with two wheels in line,
    whose direction changes by tan δ / b for each.

    Args:
        pose: where they are before.
        angle: δ, how each is steered.
        step: in metres, small beside the road's bends.
    """
    turned = np.tan(angle) / WHEELBASE * step
    return Pose(
        offset=pose.offset - np.sin(pose.heading) * step,
        heading=pose.heading + pose.curvature * step - turned,
        curvature=pose.curvature,
        travelled=pose.travelled + np.cos(pose.heading) * step,
        bearing=pose.bearing + turned,
    )
