"""The last step of every normalization: a scale and a shift that are learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.graph import Node, Parameter
from course_lib.layers.layer import Layer
from course_lib.types import Array


class Affine(Layer):
    """What normalizations have in common: γ and β, or the constants 1 and 0.

    Args:
        shape: of γ and β.
        affine: whether they are Parameters.

    Attributes:
        weight, bias: γ and β, Parameters that start at 1 and 0; or None.
    """

    def __init__(self, shape: tuple[int, ...], *, affine: bool) -> None:
        self.weight = Parameter(np.ones(shape), "weight") if affine else None
        self.bias = Parameter(np.zeros(shape), "bias") if affine else None
        self._shape = shape

    def gamma_and_beta(self, dtype: Any) -> tuple[Node | Array, Node | Array]:
        """γ and β, as inputs of an operation; constants are of the type `dtype`."""
        if self.weight is None or self.bias is None:
            return np.ones(self._shape, dtype), np.zeros(self._shape, dtype)
        return self.weight, self.bias
