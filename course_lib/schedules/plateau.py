"""Lowers the rate when progress has stopped."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_lib.optimizers.optimizer import Optimizer
from course_lib.schedules.checks import check_factor
from course_lib.types import Array


class Plateau:
    """η ← max(cη, η_min), after more than `patience` steps without an improvement.

    This is no function of t: it reacts to what it is told.

    Args:
        optimizer: its groups' rates are lowered, and nothing else should set them.
        factor: c in [0, 1): 1/2, or 1/5, is custom.
        patience: how many steps without improvement are still accepted.
        threshold: what counts as an improvement on the best: more than this share of
            it; or more than this, if `relative` is False.
        relative: whether the threshold is a share of the best. Take False for a measure
            that is negative.
        minimize: whether less is better, as of a loss; False for an accuracy.
        cooldown: steps after a reduction in which nothing is counted.
        min_lr: η_min, at least 0.

    Attributes:
        best: the best measure so far.

    As torch's ReduceLROnPlateau, whose factor is 0.1. torch leaves out reductions by
    less than 10⁻⁸; here they are made.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        *,
        factor: float = 0.5,
        patience: int = 10,
        threshold: float = 1e-4,
        relative: bool = True,
        minimize: bool = True,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        check_factor(
            "Plateau",
            factor=factor,
            patience=patience,
            threshold=threshold,
            cooldown=cooldown,
            min_lr=min_lr,
        )
        if factor >= 1:
            raise ValueError(
                f"Plateau: factor is {factor!r}, expected one below 1. Is it what the "
                "rate is to be divided by?"
            )
        self.optimizer = optimizer
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.relative = relative
        self.minimize = minimize
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.best = float("inf") if minimize else -float("inf")
        self._bad_steps = 0
        self._cooling = 0

    def step(self, measure: float) -> bool:
        """Take note of a new measure, such as the validation loss of an epoch.

        Returns:
            Whether the rates were lowered.

        Raises:
            ValueError: the measure is NaN.
        """
        measure = float(measure)
        if measure != measure:
            raise ValueError("Plateau: the measure is NaN. Has training diverged?")
        self._bad_steps += 1
        if self._improves(measure):
            self.best = measure
            self._bad_steps = 0
        if self._cooling > 0:
            self._cooling -= 1
            self._bad_steps = 0
        if self._bad_steps <= self.patience:
            return False
        for group in self.optimizer.groups:
            group.lr = min(group.lr, max(self.factor * group.lr, self.min_lr))
        self._cooling = self.cooldown
        self._bad_steps = 0
        return True

    def state_dict(self) -> dict[str, Array]:
        """What it remembers of the measures. The rates are in the optimizer's state."""
        return {
            "best": np.array(self.best),
            "bad_steps": np.array(self._bad_steps),
            "cooling": np.array(self._cooling),
        }

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Go on where another one stopped."""
        self.best = float(np.asarray(state["best"]))
        self._bad_steps = int(np.asarray(state["bad_steps"]))
        self._cooling = int(np.asarray(state["cooling"]))

    def _improves(self, measure: float) -> bool:
        margin = -self.threshold if self.minimize else self.threshold
        target = self.best * (1 + margin) if self.relative else self.best + margin
        return measure < target if self.minimize else measure > target
