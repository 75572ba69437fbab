"""Which operations the complex step may pass through."""

from __future__ import annotations

from course_lib.graph import Node, topological_order
from course_lib.operations import (
    activations,
    classification_losses,
    dropout,
    elementwise,
    fast_batch_norm,
    regression_losses,
)
from course_lib.operations.angle_losses import wrapped_mse

# Operations that are not analytic as they are computed: from |x|, so that nothing
# overflows, or by a function of real numbers, or into an array of real numbers. For all
# others of the library, value and backward are the same formulas for complex numbers,
# and the derivative of these formulas is the operation's. ReLU and the maxima choose by
# the real part, which comes first where NumPy compares complex numbers: so they are
# right on either side of their kink. A test holds each operation to its place.
NOT_ANALYTIC = frozenset(
    {
        elementwise.absolute,
        activations.sigmoid,
        activations.softsign,
        activations.softplus,
        dropout.dropout,
        dropout.alpha_dropout,
        fast_batch_norm.fast_batch_norm,
        classification_losses.binary_cross_entropy_with_logits,
        regression_losses.l1,
        wrapped_mse,
    }
)


def is_analytic(y: Node) -> bool:
    """Whether every operation that leads to y is one of the library's, and is analytic.
    Of other people's operations nothing is known."""
    operations = {call.operation for call in topological_order(y)}
    return operations.isdisjoint(NOT_ANALYTIC) and all(
        getattr(operation, "__module__", "").startswith("course_lib.operations.")
        for operation in operations
    )
