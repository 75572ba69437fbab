"""From images to rows."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import shapes


class Flatten(Layer):
    """(N, …) becomes (N, D): every sample in one row, as a dense layer expects it."""

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of shape (N, D), for an input of shape (N, …)."""
        return apply(shapes.flatten, x)
