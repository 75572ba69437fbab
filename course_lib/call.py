"""One use of an operation: what a graph remembers of it for the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from course_lib.types import Array, Backward

if TYPE_CHECKING:
    from course_lib.graph import Node


class Call:
    """One use of an operation: its inputs, its backward, the kind of its outputs.

    It does not know its output nodes: they know it. So no references run in circles,
    and a graph is freed as soon as nobody holds its last node.

    Args:
        operation: the function that was called.
        inputs: the nodes that it was called with.
        backward: what it returned beside its value.
        outputs: the shape and type of each value, where it returned a tuple of them.
    """

    __slots__ = ("backward", "inputs", "operation", "outputs")

    def __init__(
        self,
        operation: Callable[..., Any],
        inputs: tuple[Node, ...],
        backward: Backward,
        outputs: tuple[tuple[tuple[int, ...], np.dtype[Any]], ...] | None = None,
    ) -> None:
        self.operation = operation
        self.inputs = inputs
        self.backward = backward
        self.outputs = outputs

    @property
    def name(self) -> str:
        """The operation's name."""
        return operation_name(self.operation)

    def gradients(self, dys: Mapping[int, Array]) -> tuple[Array, ...]:
        """Run backward: one gradient for each input.

        Args:
            dys: the gradient of each output that the loss depends on, by its index;
                that of the others is zero.

        Raises:
            ValueError: backward returned another number of gradients than the operation
                has inputs, or one of another shape.
        """
        if self.outputs is None:
            dxs = self.backward(dys[0])
        else:
            kinds = enumerate(self.outputs)
            dxs = self.backward(
                *[dys[i] if i in dys else np.zeros(*kind) for i, kind in kinds]
            )
        return self.checked(dxs if type(dxs) is tuple else (dxs,))

    def checked(self, dxs: tuple[Array, ...]) -> tuple[Array, ...]:
        """What backward returned, if its number and shapes are those of the inputs."""
        if len(dxs) != len(self.inputs):
            raise ValueError(
                f"{self.name}: backward returned {len(dxs)} gradients, "
                f"the operation has {len(self.inputs)} inputs"
            )
        for i, x in enumerate(self.inputs):
            if dxs[i] is None:
                raise ValueError(f"{self.name}: gradient {i} is None, though needed")
            if dxs[i].shape != x.value.shape:
                raise ValueError(
                    f"{self.name}: gradient {i} has shape {dxs[i].shape}, "
                    f"its input has {x.shape}"
                )
        return dxs


def operation_name(operation: Callable[..., Any]) -> str:
    """A function's name, or an object's class."""
    return getattr(operation, "__name__", type(operation).__name__)
