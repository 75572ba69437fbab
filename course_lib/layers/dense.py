"""The dense layer: every output is connected with every input."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter, apply
from course_lib.layers.layer import Layer
from course_lib.operations import matrices


class Dense(Layer):
    """y = x wᵀ + b, torch's Linear.

    Args:
        in_features, out_features: sizes of the input and the output.
        bias: whether b is there.
        initializer: draws the weight from a shape and a generator; the bias starts at
            zero (torch draws it too).
        rng: generator for the initial weights.

    Attributes:
        weight: Parameter of shape (out_features, in_features).
        bias: Parameter of shape (out_features,), or None.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        initializer: initializers.Initializer = initializers.glorot_uniform,
        rng: np.random.Generator,
    ) -> None:
        weight = initializer((out_features, in_features), rng)
        self.weight = Parameter(weight, "weight")
        zeros = np.zeros(out_features, weight.dtype)
        self.bias = Parameter(zeros, "bias") if bias else None

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Outputs of shape (…, out_features) for inputs of shape (…, in_features)."""
        if self.bias is None:
            return apply(matrices.dense, x, self.weight)
        return apply(matrices.dense, x, self.weight, self.bias)

    def __repr__(self) -> str:
        out_features, in_features = self.weight.shape
        bias = "" if self.bias else ", bias=False"
        return f"Dense({in_features}, {out_features}{bias})"
