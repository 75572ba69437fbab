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

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations import elementwise, matrices
from course_lib.types import Array, Backward


class Node:
    """A value in a graph, and the call that computed it.

    Args:
        value: array of floating-point numbers; integers and booleans become float64.
        name: what a drawing or an error message calls it.
    """

    __slots__ = ("call", "index", "name", "value")
    __array_ufunc__ = None  # array + node is the node's business, not the array's

    def __init__(self, value: ArrayLike, name: str | None = None) -> None:
        self.value: Array = _as_floats(value)
        self.name = name
        self.call: Call | None = None
        self.index = 0  # which of the call's outputs this is

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __repr__(self) -> str:
        made_by = f" = {self.call.name}(…)" if self.call else ""
        return f"{type(self).__name__}({self.name or ''}{made_by}, shape {self.shape})"

    def __add__(self, other: Node | ArrayLike) -> Node:
        return apply(elementwise.add, self, other)

    def __radd__(self, other: ArrayLike) -> Node:
        return apply(elementwise.add, other, self)

    def __sub__(self, other: Node | ArrayLike) -> Node:
        return apply(elementwise.subtract, self, other)

    def __rsub__(self, other: ArrayLike) -> Node:
        return apply(elementwise.subtract, other, self)

    def __mul__(self, other: Node | ArrayLike) -> Node:
        return apply(elementwise.multiply, self, other)

    def __rmul__(self, other: ArrayLike) -> Node:
        return apply(elementwise.multiply, other, self)

    def __truediv__(self, other: Node | ArrayLike) -> Node:
        return apply(elementwise.divide, self, other)

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return apply(elementwise.divide, other, self)

    def __pow__(self, exponent: float) -> Node:
        return apply(elementwise.power, self, exponent=exponent)

    def __neg__(self) -> Node:
        return apply(elementwise.negative, self)

    def __matmul__(self, other: Node | ArrayLike) -> Node:
        return apply(matrices.matmul, self, other)

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return apply(matrices.matmul, other, self)


class Parameter(Node):
    """A node whose value is learned.

    `backpropagate` always returns its gradient, and an optimizer changes its value in
    place, which is why it begins as a copy.
    """

    __slots__ = ()

    def __init__(self, value: ArrayLike, name: str | None = None) -> None:
        super().__init__(np.array(value), name)


class Call:
    """One use of an operation: its inputs, its backward, the shapes of its outputs."""

    __slots__ = ("backward", "inputs", "name", "outputs")

    def __init__(
        self,
        name: str,
        inputs: list[Node],
        backward: Backward,
        values: tuple[Array, ...],
    ) -> None:
        self.name = name
        self.inputs = inputs
        self.backward = backward
        self.outputs = [(value.shape, value.dtype) for value in values]

    def gradients(self, dys: dict[int, Array]) -> tuple[Array, ...]:
        """Run backward, and hold its result to the number and shapes of the inputs.

        Args:
            dys: the gradient of each output that the loss depends on, by its index; the
                others are zero.
        """
        dxs = self.backward(
            *(dys[i] if i in dys else np.zeros(*y) for i, y in enumerate(self.outputs))
        )
        dxs = dxs if isinstance(dxs, tuple) else (dxs,)
        if len(dxs) != len(self.inputs):
            raise ValueError(
                f"{self.name}: backward returned {len(dxs)} gradients, "
                f"the operation has {len(self.inputs)} inputs"
            )
        for i, (dx, node) in enumerate(zip(dxs, self.inputs, strict=True)):
            if np.shape(dx) != node.shape:
                raise ValueError(
                    f"{self.name}: gradient {i} has shape {np.shape(dx)}, "
                    f"its input has {node.shape}"
                )
        return dxs


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
    """
    nodes = _as_nodes(inputs)
    value, backward = operation(*(node.value for node in nodes), **settings)
    values = value if isinstance(value, tuple) else (value,)
    outputs = tuple(Node(value) for value in values)
    if _recording:
        call = Call(
            operation.__name__, nodes, backward, tuple(y.value for y in outputs)
        )
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
        A mapping from node to gradient, an array of the node's shape.

    Raises:
        ValueError: the loss is not one number and no gradient is given, or a shape does
            not agree.
        GradientError: the loss does not depend on one of `inputs`.
    """
    wanted = set(inputs)
    found = {loss: _root_gradient(loss, gradient)}
    order = topological_order(loss)
    outputs = _outputs_by_call(loss, order)
    for call in reversed(order):
        dys = {node.index: found[node] for node in outputs[call]}
        for node in outputs[call]:
            if not (keep or node in wanted):
                del found[node]  # nothing will ask for it again
        for node, dx in zip(call.inputs, call.gradients(dys), strict=True):
            found[node] = found[node] + dx if node in found else dx
    gradients = Gradients(
        {
            node: dx
            for node, dx in found.items()
            if keep or node in wanted or isinstance(node, Parameter)
        }
    )
    for node in wanted:
        gradients[node]  # raises where the loss does not depend on it
    return gradients


def topological_order(*nodes: Node) -> list[Call]:
    """The calls that lead to the nodes, each after those that computed its inputs.

    A depth-first walk with a stack of its own, so that a graph may be deeper than
    Python's recursion limit.
    """
    order: list[Call] = []
    seen: set[Call] = set()
    stack = [(node.call, False) for node in reversed(nodes)]
    while stack:
        call, inputs_done = stack.pop()
        if call is None:
            continue
        if inputs_done:
            order.append(call)
        elif call not in seen:
            seen.add(call)
            stack.append((call, True))
            stack.extend((node.call, False) for node in reversed(call.inputs))
    return order


class Gradients(Mapping[Node, Array]):
    """What `backpropagate` found, by node."""

    def __init__(self, arrays: dict[Node, Array]) -> None:
        self._arrays = arrays

    def __getitem__(self, node: Node) -> Array:
        try:
            return self._arrays[node]
        except KeyError:
            raise GradientError(
                f"backpropagate: there is no gradient of {node!r}. The loss does "
                "not depend on it, or it is neither a Parameter nor an input that was "
                "asked for."
            ) from None

    def __iter__(self) -> Iterator[Node]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)


class GradientError(KeyError):
    """A gradient was asked for that backpropagation did not find."""

    def __str__(self) -> str:  # a KeyError would print its message in quotes
        return str(self.args[0])


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


def _outputs_by_call(loss: Node, order: list[Call]) -> dict[Call, list[Node]]:
    """Those outputs of each call that the loss depends on."""
    outputs: dict[Call, list[Node]] = {call: [] for call in order}
    for node in dict.fromkeys([loss, *(x for call in order for x in call.inputs)]):
        if node.call is not None:
            outputs[node.call].append(node)
    return outputs


def _as_nodes(inputs: tuple[Node | ArrayLike, ...]) -> list[Node]:
    """Numbers take the type of the nodes beside them: 2 * x is float32 where x is."""
    dtypes = [x.value.dtype for x in inputs if isinstance(x, Node)]
    nodes = []
    for x in inputs:
        if not isinstance(x, Node):
            is_number = dtypes and np.ndim(x) == 0
            x = Node(np.asarray(x, np.result_type(*dtypes)) if is_number else x)
        nodes.append(x)
    return nodes


def _as_floats(value: ArrayLike) -> Array:
    array = np.asarray(value)
    return array if array.dtype.kind in "fc" else array.astype(np.float64)
