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

from course_lib.call import Call, operation_name
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
        array = np.asarray(value)
        self.value: Array = array if array.dtype.kind in "fc" else _as_floats(array)
        self.name = name
        self.call: Call | None = None
        self.index = 0  # which of the call's outputs this is

    @property
    def shape(self) -> tuple[int, ...]:
        """The value's shape."""
        return self.value.shape

    def detach(self) -> Node:
        """The same value as a node without a past: no gradient flows through it."""
        return Node(self.value)

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
    values = []
    nodes: Any = inputs
    for x in nodes:
        if not isinstance(x, Node):
            return apply(operation, *_as_nodes(inputs), **settings)
        values.append(x.value)
    result = operation(*values, **settings)
    if type(result) is not tuple or len(result) != 2 or not callable(result[1]):
        name = operation_name(operation)
        raise TypeError(f"{name}: returned {result!r}, expected (value, backward)")
    value, backward = result
    if type(value) is not tuple:
        output = Node(value)
        if _recording:
            output.call = Call(operation, nodes, backward)
        return output
    outputs = tuple(map(Node, value))
    if _recording:
        kinds = tuple((y.shape, y.value.dtype) for y in outputs)
        call = Call(operation, nodes, backward, kinds)
        for index, output in enumerate(outputs):
            output.call, output.index = call, index
    return outputs


def backpropagate(
    loss: Node | tuple[Any, ...],
    inputs: Iterable[Node] = (),
    *,
    gradient: Any = None,
    keep: bool = False,
) -> Gradients:
    """The gradient of a loss by every Parameter it depends on, and by `inputs`.

    Each call's backward runs once, after everything that used its outputs has added its
    share: a node that is used twice receives the sum over both paths. A backward with a
    setting `needed`, one truth value for each input, is told which gradients nobody
    asked for, such as that of the images, and may leave them out: None.

    Args:
        loss: the node to differentiate: one number, unless `gradient` is given. Or a
            tuple of nodes, and `gradient` a tuple like it: then Σ gradient·node is
            what is differentiated.
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
    # What has arrived so far at each node: a sum over all that used it.
    sums: dict[Node, Array] = {}
    for node, dy in _roots(loss, gradient):
        sums[node] = sums[node] + dy if node in sums else dy
    if isinstance(inputs, Node):
        raise TypeError("backpropagate: inputs is a Node, expected a list of them: [x]")
    wanted = set(inputs)

    def is_needed(x: Node) -> bool:
        return keep or x.call is not None or isinstance(x, Parameter) or x in wanted

    # In reverse order, all that used a call's outputs comes before the call itself.
    for call, outputs in reversed(_outputs_by_call(list(sums)).items()):
        if call.outputs is None:  # a single one, as nearly always
            (y,) = outputs
            dy = sums[y] if keep or y in wanted else sums.pop(y)
            if getattr(call.backward, "__kwdefaults__", None):
                dxs = call.backward(dy, needed=tuple(map(is_needed, call.inputs)))
            else:
                dxs = call.backward(dy)
            if type(dxs) is not tuple:
                dxs = (dxs,)
        else:
            dys = {}
            for y in outputs:
                dys[y.index] = sums[y] if keep or y in wanted else sums.pop(y)
            dxs = call.gradients(dys)
        if len(dxs) != len(call.inputs):
            call.checked(dxs)
        for i, x in enumerate(call.inputs):
            dx = dxs[i]
            if dx is None and not is_needed(x):
                continue
            if dx is None or dx.shape != x.value.shape:
                call.checked(dxs)
            sums[x] = sums[x] + dx if x in sums else dx

    if not keep:
        sums = {
            x: dx for x, dx in sums.items() if isinstance(x, Parameter) or x in wanted
        }
    gradients = Gradients(sums)
    for node in wanted:
        gradients[node]  # raises where the loss does not depend on it
    return gradients


def topological_order(*nodes: Node) -> list[Call]:
    """The calls that lead to the nodes, each after those that computed its inputs."""
    return list(_outputs_by_call(nodes))


def _outputs_by_call(nodes: Iterable[Node]) -> dict[Call, dict[Node, None]]:
    """The calls that lead to the nodes, in topological order; with each, those of its
    outputs that lead there.

    A depth-first walk with a stack of its own, so that a graph may be deeper than
    Python's recursion limit.
    """
    order: dict[Call, dict[Node, None]] = {}
    entered: set[Call] = set()
    stack = [node for node in nodes if node.call]
    while stack:
        node = stack[-1]
        call: Any = node.call
        if call not in entered:  # on the way in: what it needs comes first
            entered.add(call)
            for x in reversed(call.inputs):
                if x.call:
                    stack.append(x)
            continue
        stack.pop()  # on the way out: all that it needs is in order
        if call not in order:
            order[call] = {node: None}
        else:  # another of several outputs, or the same again
            order[call][node] = None
    return order


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


def _roots(loss: Any, gradient: Any) -> Iterator[tuple[Node, Array]]:
    """Where the walk starts: pairs of a node and its gradient."""
    if isinstance(loss, tuple):
        given = gradient if isinstance(gradient, tuple) else ()
        if len(given) != len(loss):
            raise ValueError(
                f"backpropagate: the loss is a tuple of {len(loss)}, gradient is "
                f"{gradient!r:.60}; expected a tuple of as many."
            )
        for node, dy in zip(loss, given, strict=True):
            yield from _roots(node, dy)
        return
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
        gradient = np.ones_like(loss.value)
    root = np.asarray(gradient, loss.value.dtype)
    if root.shape != loss.shape:
        raise ValueError(
            f"backpropagate: gradient has shape {root.shape}, the loss has {loss.shape}"
        )
    yield loss, root


def _as_nodes(inputs: tuple[Node | ArrayLike, ...]) -> tuple[Node, ...]:
    """Numbers take the type of the nodes beside them: 2 * x is float32 where x is."""
    dtypes = [x.value.dtype for x in inputs if isinstance(x, Node)]
    nodes = []
    for x in inputs:
        if not isinstance(x, Node):
            x = np.asarray(x)
            is_number = dtypes and x.ndim == 0
            x = Node(x.astype(np.result_type(*dtypes)) if is_number else x)
        nodes.append(x)
    return tuple(nodes)


def _as_floats(array: Array) -> Array:
    if array.dtype.kind not in "biu":
        raise TypeError(
            f"Node: the value is of type {array.dtype}, expected numbers. Is it a Node "
            "already, or a list of them?"
        )
    return array.astype(np.float64)
