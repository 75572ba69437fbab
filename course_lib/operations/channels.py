"""What the normalizations of channels ask of their inputs."""

import math

from course_lib.types import Array


def check_channels(name: str, x: Array, gamma: Array, beta: Array) -> None:
    """Raise a ValueError that names the operation unless x is (N, C, …) and γ and β are
    (C,)."""
    if x.ndim < 2 or not gamma.shape == beta.shape == x.shape[1:2]:
        raise ValueError(
            f"{name}: x has shape {x.shape}, gamma {gamma.shape}, beta {beta.shape}; "
            "expected (N, C, …), (C,), (C,). Is the second axis of x the channels?"
        )


def count_values(name: str, x: Array, axes: tuple[int, ...]) -> int:
    """How many values have one mean and one variance in common.

    Raises:
        ValueError: fewer than two.
    """
    n = math.prod(x.shape[i] for i in axes)
    if n < 2:
        raise ValueError(
            f"{name}: x has shape {x.shape}, {n} value a channel, expected at least 2: "
            "one value has no variance. Is this a single sample in training mode?"
        )
    return n


def per_channel(x: Array) -> tuple[int, ...]:
    """The shape in which one number a channel broadcasts against x (N, C, …)."""
    return (x.shape[1], *[1] * (x.ndim - 2))


def all_but_channels(x: Array) -> tuple[int, ...]:
    """The axes of x (N, C, …) other than the second."""
    return tuple(axis for axis in range(x.ndim) if axis != 1)
