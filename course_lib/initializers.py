"""How weights start: each initializer draws an array of a shape from a generator.

A weight has shape (out, in) or, for a convolution, (out, in, …kernel). Its fan-in is
how many inputs one output sums, its fan-out how many outputs one input reaches.
"""

from collections.abc import Callable

import numpy as np

from course_lib.types import Array

Initializer = Callable[[tuple[int, ...], np.random.Generator], Array]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Fan-in and fan-out of a weight.

    Raises:
        ValueError: the shape has fewer than two axes.
    """
    if len(shape) < 2:
        raise ValueError(
            f"fans: shape {shape} has no fan-in; expected (out, in) or "
            "(out, in, …kernel). Is this a bias?"
        )
    kernel_size = int(np.prod(shape[2:]))
    return shape[1] * kernel_size, shape[0] * kernel_size


def glorot_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """U(−a, a) with a = √6/√(fan_in + fan_out), torch's xavier_uniform_.

    Source: Glorot and Bengio (2010), equation 16.
    """
    fan_in, fan_out = fans(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape)


def he_normal(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """N(0, 2/fan_in), torch's kaiming_normal_.

    Source: He et al. (2015), equation 10.
    """
    fan_in, _ = fans(shape)
    return rng.normal(0.0, np.sqrt(2 / fan_in), shape)
