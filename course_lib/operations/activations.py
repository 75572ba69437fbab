"""Activations: what makes a network more than one linear map."""

import numpy as np

from course_lib.types import Array, Operation


def sigmoid(x: Array) -> Operation:
    """σ(x) = 1/(1 + e⁻ˣ): dσ/dx = σ(1 − σ), computed from the value.

    No exponential of a positive number is taken, so that nothing overflows: for x < 0
    the same fraction is eˣ/(1 + eˣ). In float64 the value rounds to 1, and so the
    derivative to 0, from x = 37 on; on the other side both stay positive to x = −745.

    Args:
        x: array of any shape.
    """
    z = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1, z) / (1 + z)
    return y, lambda dy: dy * (y * (1 - y))


def tanh(x: Array) -> Operation:
    """y = tanh x = 2σ(2x) − 1: dy/dx = 1 − y², computed from the value. In float64 the
    derivative rounds to 0 from |x| = 19.1 on.

    Args:
        x: array of any shape.
    """
    y = np.tanh(x)
    return y, lambda dy: dy * (1 - y * y)


def relu(x: Array) -> Operation:
    """y = max(x, 0): dy/dx is 1 for x > 0, else 0; at the kink x = 0 it is 0, as in
    torch.

    Args:
        x: array of any shape.
    """
    return np.maximum(x, 0), lambda dy: np.where(x > 0, dy, 0)
