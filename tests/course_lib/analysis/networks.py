"""Networks that the tests of the analyses look at."""

import numpy as np

from course_lib.graph import Parameter, apply
from course_lib.layers import (
    AvgPool2d,
    Dense,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
    Tanh,
)
from course_lib.operations import convolution


class Conv(Layer):
    """Any convolution, by its weight's shape and its settings."""

    def __init__(self, *shape, rng, **settings):
        self.weight = Parameter(rng.normal(size=shape) / np.sqrt(np.prod(shape[1:])))
        self.bias = Parameter(0.1 * rng.normal(size=shape[0]))
        self.settings = settings
        self.operation = getattr(convolution, f"conv{len(shape) - 2}d")

    def __call__(self, x):
        return apply(self.operation, x, self.weight, self.bias, **self.settings)

    def __repr__(self):
        return "Conv"


class Residual(Layer):
    """x + f(x)."""

    def __init__(self, *layers):
        self.inner = Sequential(*layers)

    def __call__(self, x):
        return x + self.inner(x)


def lenet(rng):
    return Sequential(
        Conv(6, 1, 5, 5, rng=rng, padding=2),
        Tanh(),
        AvgPool2d(2),
        Conv(16, 6, 5, 5, rng=rng),
        Tanh(),
        AvgPool2d(2),
        Flatten(),
        Dense(400, 120, rng=rng),
        Tanh(),
        Dense(120, 84, rng=rng),
        Tanh(),
        Dense(84, 10, rng=rng),
    )


def small(rng, classes=3):
    """Takes (N, 2, 8, 9)."""
    return Sequential(
        Conv(4, 2, 3, 3, rng=rng, padding=1),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dense(4 * 4 * 4, classes, rng=rng),
    )
