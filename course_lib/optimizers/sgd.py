"""Gradient descent: against the gradient, by a fixed rate."""

from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.types import Array


class SGD(Optimizer):
    """x ← x − ηg. Called stochastic when the gradient comes from a mini-batch.

    Args:
        parameters: the parameters to change.
        lr: the learning rate η, at least 0.

    Source: Robbins and Monro (1951).
    """

    def update(self, x: Array, g: Array, state: State) -> None:
        x -= self.lr * g
