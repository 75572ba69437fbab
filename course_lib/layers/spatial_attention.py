"""Spatial attention: which places of a picture matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.initializers import glorot_uniform
from course_lib.layers.convolution import Conv2d
from course_lib.layers.layer import Layer
from course_lib.operations.activations import sigmoid
from course_lib.operations.shapes import concatenate


class SpatialAttention(Layer):
    """y = s·x: every place is scaled by a weight s between 0 and 1, one for all its
    channels, s = σ(w ⋆ [mean of x, max of x]).

    The mean and the largest over the channels say how much there is at a place, and a
    wide kernel compares it with its surroundings. It is the counterpart of
    `SqueezeExcitation`: there channels are weighted, here places.

    Args:
        kernel_size: of w, odd; 7 in the paper.
        rng: generator for the weight.

    Attributes:
        conv: the convolution w of two maps to one, without a bias.

    Source: Woo et al. (2018), CBAM, section 3. (Its code, unlike its text, has batch
    normalization after the convolution.)
    """

    def __init__(self, kernel_size: int = 7, *, rng: np.random.Generator) -> None:
        self.conv = Conv2d(
            2,
            1,
            kernel_size,
            padding="same",
            bias=False,
            initializer=glorot_uniform,  # no ReLU follows
            rng=rng,
        )

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x: (N, C, H, W)."""
        return self.weights(x) * x

    def weights(self, x: Node | ArrayLike) -> Node:
        """The places' weights, of shape (N, 1, H, W): a picture to look at."""
        x = x if isinstance(x, Node) else Node(x)
        mean, largest = x.mean(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
        maps = apply(concatenate, mean, largest, axis=1)
        return apply(sigmoid, self.conv(maps))

    def __repr__(self) -> str:
        return f"SpatialAttention({self.conv.weight.shape[-1]})"
