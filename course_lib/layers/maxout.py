"""The maxout layer: a dense layer that learns its activation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, apply
from course_lib.layers.dense import Dense
from course_lib.operations import activations


class Maxout(Dense):
    """yᵢ = the largest of k outputs of a dense layer: a convex function of the input,
    in k linear pieces. Of 0 and x it makes the ReLU, of −x and x the absolute value.

    Source: Goodfellow et al. (2013), Maxout Networks. torch has no such layer.

    Args:
        in_features, out_features: sizes of the input and the output.
        pieces: k, so that there are k times the parameters of a dense layer.
        initializer: draws the weight; the bias starts at zero. Each piece alone decides
            the output, but a rule that asks for the fan-out counts all pieces: choose
            one by the fan-in, as `lecun_normal` is.
        rng: generator for the initial weights.

    Attributes:
        weight: Parameter of shape (out_features·pieces, in_features); the rows of one
            output are neighbours.
        bias: Parameter of shape (out_features·pieces,).
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        pieces: int = 2,
        *,
        initializer: initializers.Initializer = initializers.lecun_normal,
        rng: np.random.Generator,
    ) -> None:
        super().__init__(
            in_features, out_features * pieces, initializer=initializer, rng=rng
        )
        self.pieces = pieces

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Outputs of shape (N, out_features) for inputs of shape (N, in_features)."""
        return apply(activations.maxout, super().__call__(x), pieces=self.pieces)

    def __repr__(self) -> str:
        rows, in_features = self.weight.shape
        return f"Maxout({in_features}, {rows // self.pieces}, pieces={self.pieces})"
