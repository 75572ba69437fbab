"""Gradient descent: against the gradient, by a fixed rate."""

from course_lib.optimizers.optimizer import Optimizer
from course_lib.types import Array


class SGD(Optimizer):
    """x ← x − ηg. Called stochastic when the gradient comes from a mini-batch."""

    def update(self, x: Array, g: Array, state: dict[str, Array]) -> None:
        x -= self.lr * g
