"""What backpropagation returns: a gradient for each node that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from course_lib.types import Array

if TYPE_CHECKING:
    from course_lib.graph import Node


class GradientError(KeyError):
    """A gradient was asked for that backpropagation did not find."""

    def __str__(self) -> str:  # a KeyError would print its message in quotes
        return str(self.args[0])


class Gradients(Mapping["Node", Array]):
    """The gradients that `graph.backpropagate` found, by node."""

    def __init__(self, arrays: dict[Node, Array]) -> None:
        self._arrays = arrays

    def __getitem__(self, node: Node) -> Array:
        try:
            return self._arrays[node]
        except KeyError:
            raise GradientError(
                f"backpropagate: there is no gradient of {node!r}. The loss does not "
                "depend on it, or was computed within no_grad; or it is neither a "
                "Parameter nor an input that was asked for."
            ) from None

    def __iter__(self) -> Iterator[Node]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)
