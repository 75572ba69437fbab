"""Gradient descent: against the gradient, by a fixed rate."""

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.types import Array


class SGD(Optimizer):
    """x ← x − ηg. Called stochastic when the gradient comes from a mini-batch.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        weight_decay: λ, at least 0: g + λx stands in the place of g. Here this is the
            same as to shrink x by the factor 1 − ηλ; for no other rule it is.

    Source: Robbins and Monro (1951).
    """

    def __init__(
        self, parameters: Grouped, *, lr: float = 1e-3, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, lr=lr, weight_decay=weight_decay)

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        x -= group.lr * g
