"""Which operations the complex step may pass through."""

from __future__ import annotations

from course_lib.graph import Node, topological_order
from course_lib.operations import (
    activations,
    elementwise,
    losses,
    matrices,
    reductions,
    shapes,
)

# Value and backward are the same formulas for complex numbers, and the derivative of
# these formulas is the operation's: no |x|, no part that is dropped. ReLU and the
# maxima choose by the real part, which comes first where complex numbers are compared,
# so that they are right on either side of their kink. `sigmoid` takes |x| so as not to
# overflow, and is not analytic as it is computed.
ANALYTIC = frozenset(
    {
        elementwise.add,
        elementwise.subtract,
        elementwise.multiply,
        elementwise.divide,
        elementwise.negative,
        elementwise.power,
        elementwise.square,
        elementwise.sqrt,
        elementwise.reciprocal,
        elementwise.exp,
        elementwise.log,
        elementwise.sine,
        elementwise.cosine,
        matrices.matmul,
        matrices.dense,
        reductions.sum,
        reductions.mean,
        reductions.max,
        reductions.logsumexp,
        shapes.reshape,
        shapes.flatten,
        shapes.transpose,
        shapes.getitem,
        activations.tanh,
        activations.relu,
        losses.softmax,
        losses.log_softmax,
        losses.cross_entropy,
        losses.mse,
    }
)


def is_analytic(y: Node) -> bool:
    """Whether every operation that leads to y is in `ANALYTIC`."""
    return all(call.operation in ANALYTIC for call in topological_order(y))
