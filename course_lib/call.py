"""One use of an operation: what a graph remembers of it for the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from course_lib.types import Array, Backward

if TYPE_CHECKING:
    from course_lib.graph import Node


class Call:
    """One use of an operation: its inputs, its backward, the kind of its outputs.

    It does not know its output nodes: they know it. So no references run in circles,
    and a graph is freed as soon as nobody holds its last node.
    """

    __slots__ = ("backward", "inputs", "name", "outputs")

    def __init__(
        self,
        name: str,
        inputs: list[Node],
        backward: Backward,
        outputs: tuple[Node, ...],
    ) -> None:
        self.name = name
        self.inputs = inputs
        self.backward = backward
        self.outputs = [(y.value.shape, y.value.dtype) for y in outputs]

    def gradients(self, dys: Mapping[Node, Array]) -> tuple[Array, ...]:
        """Run backward, and hold its result to the number and shapes of the inputs.

        Args:
            dys: the gradient of each output that the loss depends on; that of the
                others is zero.

        Raises:
            ValueError: backward returned another number of gradients than the
                operation has inputs, or one of another shape.
        """
        given = {y.index: dy for y, dy in dys.items()}
        dxs = self.backward(
            *[
                given[i] if i in given else np.zeros(*y)
                for i, y in enumerate(self.outputs)
            ]
        )
        dxs = dxs if isinstance(dxs, tuple) else (dxs,)
        if len(dxs) != len(self.inputs):
            raise ValueError(
                f"{self.name}: backward returned {len(dxs)} gradients, "
                f"the operation has {len(self.inputs)} inputs"
            )
        for i, (dx, x) in enumerate(zip(dxs, self.inputs, strict=True)):
            if np.shape(dx) != x.value.shape:
                raise ValueError(
                    f"{self.name}: gradient {i} has shape {np.shape(dx)}, "
                    f"its input has {x.shape}"
                )
        return dxs
