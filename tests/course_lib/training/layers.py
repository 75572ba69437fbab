"""Layers and samples for the tests of training."""

import numpy as np

from course_lib.graph import Node, apply
from course_lib.layers import Dense, Layer, ReLU, Sequential

FEATURES, CLASSES = 5, 3


class Noise(Layer):
    """Multiplies by random factors while training, as dropout does."""

    def __init__(self, rng):
        self.rng = rng

    def __call__(self, x):
        x = x if isinstance(x, Node) else Node(x)
        return x * self.rng.uniform(0.5, 1.5, x.shape) if self.training else x


class Centre(Layer):
    """Subtracts a running mean, as a normalization does."""

    def __init__(self, features):
        self.running_mean = np.zeros(features)

    def __call__(self, x):
        if self.training:
            self.running_mean += 0.1 * (x.value.mean(axis=0) - self.running_mean)
        return x - self.running_mean.copy()


class Operate(Layer):
    """One operation."""

    def __init__(self, operation):
        self.operation = operation

    def __call__(self, x):
        return apply(self.operation, x)

    def __repr__(self):
        return f"Operate({self.operation.__name__})"


def make_network(seed=0):
    """One with all that a network may have: parameters, buffers, a generator."""
    rng = np.random.default_rng(seed)
    return Sequential(
        Noise(np.random.default_rng(seed + 1)),
        Dense(FEATURES, 7, rng=rng),
        Centre(7),
        ReLU(),
        Dense(7, CLASSES, rng=rng),
    )


def make_samples(n=10, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, FEATURES)), rng.integers(CLASSES, size=n)


def assert_same(state, expected):
    assert state.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(state[name], array, strict=True)
