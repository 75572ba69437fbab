"""Applies a schedule: a function of the step, by which each rate is multiplied."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_lib.optimizers.optimizer import Optimizer
from course_lib.types import Array

# The factor on the learning rate at step t = 0, 1, 2, …; a pure function, so that it
# can be drawn and tested without an optimizer.
Schedule = Callable[[int], float]


class Scheduler:
    """ηₜ = η₀ · s(t), for each group of an optimizer.

    η₀ is the group's rate when the scheduler is made, which at once sets η₀ · s(0). For
    a schedule that gives rates themselves, let η₀ be 1.

    What a step is, you decide: call `step` after each of the optimizer's, or once an
    epoch. Either way it comes *after* `optimizer.step`: the first steps, or the first
    epoch, go with s(0).

    Args:
        optimizer: its groups' rates are set. Nothing else should set them meanwhile.
        schedule: the factor s by the step t, such as `cosine(steps=100)`.
    """

    def __init__(self, optimizer: Optimizer, schedule: Schedule) -> None:
        self.optimizer = optimizer
        self.schedule = schedule
        self.t = 0
        self.rates = [float(group.lr) for group in optimizer.groups]
        self._set_rates()

    def step(self) -> None:
        """Go on to the next step's rates."""
        self.t += 1
        self._set_rates()

    def state_dict(self) -> dict[str, Array]:
        """ "t", the steps taken, and "rates", η₀ of each group."""
        return {"t": np.array(self.t), "rates": np.array(self.rates)}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on where another scheduler stopped, and set its rates.

        Raises:
            ValueError: it had another number of groups.
        """
        rates = np.asarray(state["rates"])
        if rates.shape != (len(self.rates),):
            raise ValueError(
                f"Scheduler.load_state_dict: there are rates of shape {rates.shape}, "
                f"expected ({len(self.rates)},). Has the optimizer other groups?"
            )
        self.t = int(np.asarray(state["t"]))
        self.rates = rates.tolist()
        self._set_rates()

    def _set_rates(self) -> None:
        factor = float(self.schedule(self.t))
        for group, rate in zip(self.optimizer.groups, self.rates, strict=True):
            group.lr = rate * factor
