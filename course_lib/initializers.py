"""How parameters start: each initializer makes an array of a shape from a generator.

A weight has shape (out, in) or, for a convolution, (out, in, …kernel). Its fan-in is
how many inputs one output sums, its fan-out how many outputs one input reaches. The
rules that use them keep the size of signals, or of gradients, the same from layer to
layer.

A layer takes an initializer by its name, `initializer=he_normal`; its settings are
fixed with `functools.partial(normal, std=0.01)`.
"""

from collections.abc import Callable

import numpy as np

from course_lib.types import Array

Shape = tuple[int, ...]
Initializer = Callable[[Shape, np.random.Generator], Array]


def zeros(shape: Shape, rng: np.random.Generator) -> Array:
    """All zeros: right for biases. A layer of zero weights never learns: its outputs
    are all alike, and so are their gradients."""
    return np.zeros(shape)


def constant(shape: Shape, rng: np.random.Generator, *, value: float) -> Array:
    """All equal to a value."""
    return np.full(shape, float(value))


def normal(shape: Shape, rng: np.random.Generator, *, std: float) -> Array:
    """N(0, std²). The setting is the standard deviation, not the variance."""
    return rng.normal(0.0, std, shape)


def uniform(shape: Shape, rng: np.random.Generator, *, limit: float) -> Array:
    """U(−limit, limit), whose standard deviation is limit/√3."""
    return rng.uniform(-limit, limit, shape)


def lecun_normal(shape: Shape, rng: np.random.Generator) -> Array:
    """N(0, 1/fan_in): a weighted sum is as large as its inputs are.

    Lectures often call this Xavier's. Xavier Glorot's own rule, `glorot_normal`, takes
    the mean of both fans, so that it also suits the way back.

    Source: LeCun, Bottou, Orr and Müller (1998), Efficient BackProp.
    """
    fan_in, _ = fans(shape)
    return normal(shape, rng, std=1 / np.sqrt(fan_in))


def glorot_normal(
    shape: Shape, rng: np.random.Generator, *, gain: float = 1.0
) -> Array:
    """N(0, gain²·2/(fan_in + fan_out)), torch's xavier_normal_.

    Source: Glorot and Bengio (2010), equation 12.
    """
    return normal(shape, rng, std=gain * np.sqrt(2 / sum(fans(shape))))


def glorot_uniform(
    shape: Shape, rng: np.random.Generator, *, gain: float = 1.0
) -> Array:
    """U(−a, a) with a = gain·√6/√(fan_in + fan_out), torch's xavier_uniform_: the
    variance of `glorot_normal`.

    Source: Glorot and Bengio (2010), equation 16.
    """
    return uniform(shape, rng, limit=gain * np.sqrt(6 / sum(fans(shape))))


def he_normal(
    shape: Shape, rng: np.random.Generator, *, gain: float = np.sqrt(2)
) -> Array:
    """N(0, gain²/fan_in), torch's kaiming_normal_. The gain √2 makes up for the half
    of the signal that a ReLU sets to zero.

    Source: He et al. (2015), equation 10.
    """
    fan_in, _ = fans(shape)
    return normal(shape, rng, std=gain / np.sqrt(fan_in))


def he_uniform(
    shape: Shape, rng: np.random.Generator, *, gain: float = np.sqrt(2)
) -> Array:
    """U(−a, a) with a = gain·√(3/fan_in), torch's kaiming_uniform_: the variance of
    `he_normal`.

    Source: He et al. (2015), equation 10.
    """
    fan_in, _ = fans(shape)
    return uniform(shape, rng, limit=gain * np.sqrt(3 / fan_in))


def fans(shape: Shape) -> tuple[int, int]:
    """Fan-in and fan-out of a weight.

    Raises:
        ValueError: the shape has fewer than two axes, or an empty one.
    """
    if len(shape) < 2 or 0 in shape:
        raise ValueError(
            f"fans: shape {shape} has no fan-in; expected (out, in) or "
            "(out, in, …kernel), each at least 1. Is this a bias?"
        )
    kernel_size = int(np.prod(shape[2:]))
    return shape[1] * kernel_size, shape[0] * kernel_size
