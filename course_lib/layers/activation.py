"""Activations as layers: they have no parameters, and keep the shape."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import activations


class Sigmoid(Layer):
    """y = 1/(1 + e⁻ˣ), entry by entry, between 0 and 1."""

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        return apply(activations.sigmoid, x)


class Tanh(Layer):
    """y = tanh x, entry by entry, between −1 and 1."""

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        return apply(activations.tanh, x)


class ReLU(Layer):
    """y = max(x, 0), entry by entry."""

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        return apply(activations.relu, x)
