"""How much a Jacobian costs by forward mode and by reverse mode, counted on the graph.

For n inputs and m outputs forward mode passes through the graph n times, and each time
computes values and derivatives. Reverse mode computes the values once and walks back
once for each output. So forward mode is cheaper for few inputs, reverse mode for few
outputs; a loss has one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from course_lib.forward_mode import Tally
from course_lib.graph import Call, Node, topological_order
from course_lib.operations import activations, elementwise


class Cost(NamedTuple):
    """Additions, multiplications and functions that an operation takes for one entry.

    Attributes:
        value: of its value.
        tangent: of its derivative along a direction, as `forward_mode` computes it.
        adjoint: of the gradients of its inputs, as its backward computes them.
    """

    value: tuple[int, int, int]
    tangent: tuple[int, int, int]
    adjoint: tuple[int, int, int]


class Counts(NamedTuple):
    """Operations for the value of a function alone, and for its whole Jacobian."""

    value: Tally
    forward: Tally
    reverse: Tally


def operation_counts(inputs: Sequence[Node], outputs: Sequence[Node]) -> Counts:
    """How many operations the Jacobian of a function takes by either mode.

    Forward mode is counted as `forward_mode.jacobian` counts itself. Reverse mode is
    counted as `derivatives.jacobian` works: the walk for an output passes through what
    leads to it, and the shares of a node that is used k times take k − 1 additions.

    Args:
        inputs: the n input nodes, each of one number.
        outputs: the m output nodes, each of one number, computed from the inputs by
            operations that `forward_mode` has too.

    Raises:
        ValueError: a node is not one number, or an operation is not counted.
    """
    calls = topological_order(*outputs)
    for call in calls:
        _check(call)
    value = _total(calls, lambda cost: cost.value)
    tangents = _total(calls, lambda cost: cost.tangent)
    forward = _times(_plus(value, tangents), len(inputs))
    reverse = value
    for output in outputs:
        walked = topological_order(output)
        reverse = _plus(reverse, _total(walked, lambda cost: cost.adjoint))
        reverse.count(additions=_shares_to_add(walked))
    return Counts(value, forward, reverse)


# Entries as in `elementwise` and `activations`, in the form that is computed there.
_COSTS = (
    (elementwise.add, Cost((1, 0, 0), (1, 0, 0), (0, 0, 0))),
    (elementwise.subtract, Cost((1, 0, 0), (1, 0, 0), (0, 0, 0))),
    (elementwise.multiply, Cost((0, 1, 0), (1, 2, 0), (0, 2, 0))),
    (elementwise.divide, Cost((0, 1, 0), (1, 2, 0), (0, 2, 0))),
    (elementwise.negative, Cost((0, 0, 0), (0, 0, 0), (0, 0, 0))),
    (elementwise.power, Cost((0, 0, 1), (0, 2, 1), (0, 2, 1))),
    (elementwise.exp, Cost((0, 0, 1), (0, 1, 0), (0, 1, 0))),
    (elementwise.log, Cost((0, 0, 1), (0, 1, 0), (0, 1, 0))),
    (elementwise.sqrt, Cost((0, 0, 1), (0, 2, 0), (0, 2, 0))),
    (elementwise.sine, Cost((0, 0, 1), (0, 1, 1), (0, 1, 1))),
    (elementwise.cosine, Cost((0, 0, 1), (0, 1, 1), (0, 1, 1))),
    (activations.tanh, Cost((0, 0, 1), (1, 2, 0), (1, 2, 0))),
    (activations.relu, Cost((0, 0, 0), (0, 0, 0), (0, 0, 0))),
)


def _cost(call: Call) -> Cost:
    return dict(_COSTS)[call.operation]


def _check(call: Call) -> None:
    shapes = [x.shape for x in call.inputs]
    if any(math.prod(shape) != 1 for shape in shapes):
        raise ValueError(
            f"operation_counts: {call.name} has inputs of shapes {shapes}, expected "
            "single numbers. Is the function written out for each entry?"
        )
    if call.operation not in dict(_COSTS):
        known = ", ".join(operation.__name__ for operation, _ in _COSTS)
        raise ValueError(
            f"operation_counts: {call.name} is not counted, expected one of {known}"
        )


def _total(calls: list[Call], part: Callable[[Cost], tuple[int, int, int]]) -> Tally:
    total = Tally()
    for call in calls:
        total.count(*part(_cost(call)))
    return total


def _plus(a: Tally, b: Tally) -> Tally:
    return Tally(
        a.additions + b.additions,
        a.multiplications + b.multiplications,
        a.functions + b.functions,
    )


def _times(a: Tally, n: int) -> Tally:
    return Tally(n * a.additions, n * a.multiplications, n * a.functions)


def _shares_to_add(calls: list[Call]) -> int:
    """Each use of a node sends it a share of its gradient: all but one are added."""
    uses = [x for call in calls for x in call.inputs]
    return len(uses) - len(set(uses))
