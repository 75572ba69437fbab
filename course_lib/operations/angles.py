"""Angles in radians, on a circle on which −π and π are one point."""

import numpy as np

from course_lib.types import Array


def wrap(angle: Array) -> Array:
    """The same direction between −π and π: (x + π) mod 2π − π, in [−π, π).

    Args:
        angle: radians, array of any shape; often the difference of two angles.
    """
    return np.mod(angle + np.pi, 2 * np.pi) - np.pi


def to_sine_cosine(angle: Array) -> Array:
    """(sin x, cos x), two numbers without a seam: what a network can learn to answer.

    Args:
        angle: radians, array of shape (…).

    Returns:
        An array of shape (…, 2).
    """
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1)


def from_sine_cosine(y: Array) -> Array:
    """atan2(y₀, y₁), the angle whose sine and cosine are in the ratio of y₀ and y₁,
    between −π and π. The length does not matter; for (0, 0) the angle is 0.

    Args:
        y: array of shape (…, 2).

    Returns:
        Radians, an array of shape (…).
    """
    return np.arctan2(y[..., 0], y[..., 1])
