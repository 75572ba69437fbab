"""Self-normalizing networks: dense layers that keep mean 0 and variance 1 unasked.

Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import lecun_normal
from course_lib.layers import SELU, AlphaDropout, Dense, Flatten, Layer, Sequential


class SelfNormalizing(Layer):
    """Dense layers with SELU. No batch norm is needed, though the network be deep.

    Three things belong together: inputs of mean 0 and variance 1, weights drawn from
    N(0, 1/fan_in), and SELU. Of activations near mean 0 and variance 1 each layer then
    makes activations nearer to them (theorem 1). Dropout, which would move both by the
    zeros it sets, is of the kind that keeps them.

    Args:
        in_features: entries of an input, such as 28·28 pixels.
        num_classes: size of the output.
        width: units in each hidden layer.
        depth: the number of hidden layers: 8, 16 and 32 in the paper's figure 1.
        dropout: the probability of leaving out a unit; 0.05 and 0.1 in the paper.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        *,
        in_features: int = 784,
        num_classes: int = 10,
        width: int = 256,
        depth: int = 8,
        dropout: float = 0.05,
        rng: np.random.Generator,
    ) -> None:
        self.flatten = Flatten()
        self.hidden = []
        features = in_features
        for _ in range(depth):
            dense = Dense(features, width, initializer=lecun_normal, rng=rng)
            self.hidden.append(
                Sequential(dense, SELU(), AlphaDropout(dropout, rng=rng))
            )
            features = width
        self.fc = Dense(features, num_classes, initializer=lecun_normal, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for inputs of shape (N, …), in_features
        entries each, standardized."""
        x = self.flatten(x)
        for layer in self.hidden:
            x = layer(x)
        return self.fc(x)


def self_normalizing(**settings: Any) -> SelfNormalizing:
    """Eight hidden layers for MNIST, 664,074 parameters; settings as for
    `SelfNormalizing`."""
    return SelfNormalizing(**settings)
