"""Operations joined by a graph, and the gradient of one node by the others.

`apply` runs an operation and remembers which nodes went in, so that the values form a
graph. `backpropagate` walks that graph once, from the loss to its inputs: it multiplies
and adds as the chain rule says. A node may be as small as one addition or as large as a
whole network: the graph cannot tell.

    >>> a, b = Node(2.0), Node(1.0)
    >>> e = (a + b) * (b + 1)
    >>> gradients = backpropagate(e, [a, b])
    >>> float(gradients[a]), float(gradients[b])
    (2.0, 5.0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.call import Call
from course_lib.gradients import GradientError, Gradients
from course_lib.operators import Operators
from course_lib.types import Array

__all__ = [
    "Call",
    "GradientError",
    "Gradients",
    "Node",
    "Parameter",
    "apply",
    "backpropagate",
    "no_grad",
    "topological_order",
]


class Node(Operators):
    """A value in a graph, and the call that computed it.

    Args:
        value: array of floating-point numbers; integers and booleans become float64.
        name: what a drawing or an error message calls it.

    Raises:
        TypeError: the value does not consist of numbers.
    """

    __slots__ = ("call", "index", "name", "value")

    def __init__(self, value: ArrayLike, name: str | None = None) -> None:
        self.value: Array = _as_floats(value)
        self.name = name
        self.call: Call | None = None
        self.index = 0  # which of the call's outputs this is

    @property
    def shape(self) -> tuple[int, ...]:
        """The value's shape."""
        return self.value.shape

    def __repr__(self) -> str:
        made_by = f"{self.call.name}(…)" if self.call else None
        label = " = ".join(filter(None, [self.name, made_by]))
        return f"{type(self).__name__}({label}{', ' * bool(label)}shape {self.shape})"

    @staticmethod
    def _apply(operation: Callable[..., Any], *inputs: Any, **settings: Any) -> Any:
        return apply(operation, *inputs, **settings)


class Parameter(Node):
    """A node whose value is learned.

    `backpropagate` always returns its gradient, and an optimizer changes its value in
    place, which is why it begins as a copy.
    """

    __slots__ = ()

    def __init__(self, value: ArrayLike, name: str | None = None) -> None:
        super().__init__(np.array(value), name)


def apply(
    operation: Callable[..., Any], *inputs: Node | ArrayLike, **settings: Any
) -> Any:
    """Run an operation on nodes, and record it for the way back.

    Args:
        operation: a function of arrays that returns its value and its backward.
        inputs: what the operation can be differentiated by. Arrays and numbers are
            constants of the graph.
        settings: passed on as they are, and never differentiated.

    Returns:
        A Node, or a tuple of Nodes where the operation's value is a tuple.

    Raises:
        TypeError: the operation does not return its value and its backward.
    """
    nodes = _as_nodes(inputs)
    result = operation(*[node.value for node in nodes], **settings)
    name = getattr(operation, "__name__", type(operation).__name__)
    if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
        raise TypeError(f"{name}: returned {result!r}, expected (value, backward)")
    value, backward = result
    outputs = tuple(map(Node, value)) if isinstance(value, tuple) else (Node(value),)
    if _recording:
        call = Call(name, nodes, backward, outputs)
        for index, output in enumerate(outputs):
            output.call, output.index = call, index
    return outputs if isinstance(value, tuple) else outputs[0]


def backpropagate(
    loss: Node,
    inputs: Iterable[Node] = (),
    *,
    gradient: ArrayLike | None = None,
    keep: bool = False,
) -> Gradients:
    """The gradient of a loss by every Parameter it depends on, and by `inputs`.

    Each call's backward runs once, after everything that used its outputs has added its
    share: a node that is used twice receives the sum over both paths.

    Args:
        loss: the node to differentiate: one number, unless `gradient` is given.
        inputs: further nodes whose gradients are wanted.
        gradient: where the walk starts, of the loss's shape; 1 by default: dL/dL = 1.
        keep: keep the gradient of every node of the graph, as a drawing needs them, at
            the price of memory.

    Returns:
        A mapping from node to gradient, an array of the node's shape. Gradients may
        share memory: read them, or copy them, but do not change them.

    Raises:
        TypeError: the loss is not a Node, or `inputs` is a Node and not a list of them.
        ValueError: the loss is not one number and no gradient is given, or a shape does
            not agree.
        GradientError: the loss does not depend on one of `inputs`.
    """
    root = _root_gradient(loss, gradient)
    if isinstance(inputs, Node):
        raise TypeError("backpropagate: inputs is a Node, expected a list of them: [x]")
    wanted = set(inputs)

    def asked_for(dxs: dict[Node, Array]) -> dict[Node, Array]:
        if keep:
            return dxs
        return {x: dxs[x] for x in dxs if x in wanted or isinstance(x, Parameter)}

    found: dict[Node, Array] = {}
    # What has arrived so far, by the call that computed the node; by None for leaves.
    arrived: dict[Call | None, dict[Node, Array]] = {loss.call: {loss: root}}
    for call in reversed(topological_order(loss)):
        dys = arrived.pop(call)  # complete: all that used these outputs came before
        found |= asked_for(dys)
        for node, dx in zip(call.inputs, call.gradients(dys), strict=True):
            sums = arrived.setdefault(node.call, {})
            sums[node] = sums[node] + dx if node in sums else dx
    found |= asked_for(arrived.pop(None, {}))
    gradients = Gradients(found)
    for node in wanted:
        gradients[node]  # raises where the loss does not depend on it
    return gradients


def topological_order(*nodes: Node) -> list[Call]:
    """The calls that lead to the nodes, each after those that computed its inputs.

    A depth-first walk with a stack of its own, so that a graph may be deeper than
    Python's recursion limit.
    """
    order: dict[Call, None] = {}  # a list that knows quickly what it holds
    entered: set[Call] = set()
    stack = [node.call for node in reversed(nodes) if node.call]
    while stack:
        call = stack[-1]
        if call not in entered:  # on the way in: what it needs comes first
            entered.add(call)
            stack += [x.call for x in reversed(call.inputs) if x.call]
        else:  # on the way out: all that it needs is in order
            order[stack.pop()] = None
    return list(order)


_recording = True


@contextmanager
def no_grad() -> Iterator[None]:
    """Within this block nothing is recorded: `apply` computes values only."""
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before


def _root_gradient(loss: Node, gradient: ArrayLike | None) -> Array:
    if not isinstance(loss, Node):
        raise TypeError(
            f"backpropagate: the loss is of type {type(loss).__name__}, expected a "
            "Node. Was it computed from values, without apply?"
        )
    if gradient is None and loss.value.size != 1:
        raise ValueError(
            f"backpropagate: the loss has shape {loss.shape}, expected one number. "
            "Is a sum or a mean over the batch missing?"
        )
    if gradient is None:
        return np.ones_like(loss.value)
    root = np.asarray(gradient, dtype=loss.value.dtype)
    if root.shape != loss.shape:
        raise ValueError(
            f"backpropagate: gradient has shape {root.shape}, the loss has {loss.shape}"
        )
    return root


def _as_nodes(inputs: tuple[Node | ArrayLike, ...]) -> list[Node]:
    """Numbers take the type of the nodes beside them: 2 * x is float32 where x is."""
    dtypes = [x.value.dtype for x in inputs if isinstance(x, Node)]
    nodes = []
    for x in inputs:
        if not isinstance(x, Node):
            x = np.asarray(x)
            is_number = dtypes and x.ndim == 0
            x = Node(x.astype(np.result_type(*dtypes)) if is_number else x)
        nodes.append(x)
    return nodes


def _as_floats(value: ArrayLike) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"Node: the value is of type {type(value).__name__}, expected numbers. Is "
            "it a Node already, or a list of them?"
        )
    return array if array.dtype.kind in "fc" else array.astype(np.float64)
