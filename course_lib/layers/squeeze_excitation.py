"""Channel attention: which features matter, for this picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.dense import Dense
from course_lib.layers.layer import Layer
from course_lib.operations.activations import relu, sigmoid
from course_lib.operations.reductions import mean


class SqueezeExcitation(Layer):
    """y = s·x: every channel is scaled by a weight s between 0 and 1 that all channels
    together decide on, s = σ(W₂ ReLU(W₁ z + b₁) + b₂).

    Squeeze: z is each channel's mean over the picture, so that the weights see all of
    it. Excitation: two dense layers, through a waist of few units.

    Args:
        channels: C.
        squeeze_channels: the units at the waist; C/16 in the paper.
        rng: generator for the weights.

    Attributes:
        fc1, fc2: the dense layers. In torchvision's SqueezeExcitation they are 1×1
            convolutions of the same names, whose weights have two more axes of size 1.

    Source: Hu, Shen and Sun (2018), equations 2 to 4.
    """

    def __init__(
        self, channels: int, squeeze_channels: int, *, rng: np.random.Generator
    ) -> None:
        self.fc1 = Dense(channels, squeeze_channels, rng=rng)
        self.fc2 = Dense(squeeze_channels, channels, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x: (N, C, H, W), or (N, C, …) for clips."""
        return self.weights(x) * x

    def weights(self, x: Node | ArrayLike) -> Node:
        """The channels' weights, of shape (N, C, 1, 1), or with a 1 per axis."""
        x = x if isinstance(x, Node) else Node(x)
        positions = tuple(range(2, len(x.shape)))
        z = apply(mean, x, axis=positions)
        s = apply(sigmoid, self.fc2(apply(relu, self.fc1(z))))
        return s.reshape(*s.shape, *[1] * len(positions))

    def __repr__(self) -> str:
        squeeze_channels, channels = self.fc1.weight.shape
        return f"SqueezeExcitation({channels}, {squeeze_channels})"
