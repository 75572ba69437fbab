"""One step of training: forward, backward, and the optimizer's move."""

from __future__ import annotations

import numpy as np

from course_lib.graph import apply, backpropagate
from course_lib.layers.layer import Layer
from course_lib.layers.pass_state import PassState
from course_lib.optimizers.clipping import clip_grad_norm
from course_lib.optimizers.optimizer import Optimizer
from course_lib.schedules.scheduler import Scheduler
from course_lib.training.evaluation import Loss, Scores, accuracy
from course_lib.training.history import History
from course_lib.training.not_finite import where_not_finite
from course_lib.types import Array


class Step:
    """Passes a batch forward and back, and moves the parameters once.

    Args:
        network, loss, optimizer: as for `fit`.
        history: each step is entered there.
        max_norm: to which the gradients are clipped, or None.
        schedule: goes on after each step, if there is one.
    """

    def __init__(
        self,
        network: Layer,
        loss: Loss,
        optimizer: Optimizer,
        history: History,
        max_norm: float | None,
        schedule: Scheduler | None,
    ) -> None:
        self.network = network
        self.loss = loss
        self.optimizer = optimizer
        self.history = history
        self.max_norm = max_norm
        self.schedule = schedule
        self._before = PassState(network)

    def __call__(self, x: Array, labels: Array) -> Scores:
        """The scores of a batch, as it was passed before the parameters moved.

        Raises:
            FloatingPointError: the loss or a gradient is NaN or infinite. Then nothing
                has been changed.
        """
        self._before.keep()
        # NumPy would warn of each overflow on the way to the one error below.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            output = self.network(x)
            l = apply(self.loss, output, labels=labels)
            gradients = backpropagate(l)
            if not all(np.isfinite(a).all() for a in (l.value, *gradients.values())):
                self._refuse(float(l.value), x, labels)
            if self.max_norm is not None:
                gradients, norm = clip_grad_norm(gradients, self.max_norm)
                self.history.gradient_norm.append(norm)
            self.optimizer.step(gradients)
        self.history.step_loss.append(float(l.value))
        self.history.learning_rate.append(self.optimizer.lr)
        if self.schedule is not None:
            self.schedule.step()
        return Scores(float(l.value), accuracy(output.value, labels))

    def _refuse(self, loss: float, x: Array, labels: Array) -> None:
        self._before.restore()
        where = where_not_finite(self.network, self.loss, x, labels)
        self._before.restore()
        raise FloatingPointError(
            f"fit: the loss is {loss} in epoch {len(self.history.loss) + 1}, after "
            f"{self.optimizer.t} steps with a learning rate of {self.optimizer.lr:g}. "
            f"{where}"
        )
