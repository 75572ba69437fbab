"""Gradient descent that looks for its rate anew at every step."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course_lib.graph import Gradients, Parameter
from course_lib.optimizers.groups import make_groups
from course_lib.optimizers.optimizer import gradient_of
from course_lib.optimizers.settings import check_open_fraction, check_positive
from course_lib.types import Array


class GradientDescent:
    """x ← x − τg, with the first τ of η, βη, β²η, … that satisfies Armijo's condition
    f(x − τg) ≤ f(x) − cτ‖g‖².

    The right side asks for a share c of what the slope promises. On f = αx²/2 the
    condition holds for τ ≤ 2(1 − c)/α, a little within the bound 2/α of a fixed rate:
    however large η is, the loss falls.

    This is for a loss that is the same at each evaluation: the whole training set, or
    a batch that stays the same during a step, and no dropout.

    Args:
        parameters: the parameters to change.
        lr: η, the rate that is tried first, above 0.
        shrink: β in (0, 1), what a rate is multiplied by that was too large.
        decrease: c in (0, 1), the share of the promised decrease that is asked for.

    Attributes:
        rate: the τ of the last step.
        evaluations: how often the loss was computed, in all steps.

    Source: Armijo (1966); Nocedal and Wright (2006), algorithm 3.1 and its c = 10⁻⁴.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        lr: float = 1.0,
        shrink: float = 0.5,
        decrease: float = 1e-4,
    ) -> None:
        check_positive("GradientDescent", lr=lr)
        check_open_fraction("GradientDescent", shrink=shrink, decrease=decrease)
        groups = make_groups("GradientDescent", parameters, {})
        self.parameters = [p for group in groups for p in group.parameters]
        self.lr = lr
        self.shrink = shrink
        self.decrease = decrease
        self.rate = math.nan
        self.evaluations = 0

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def step(
        self,
        gradients: Gradients | Mapping[Parameter, Array],
        loss: Callable[[], Any],
    ) -> float:
        """Move every parameter once, by one rate.

        Args:
            gradients: what `backpropagate` returned. They are read, never changed.
            loss: computes f for the values that the parameters then have: one number.

        Returns:
            The loss after the step. The step may be none: τ = 0, when even the decrease
            that a tiny τ promises drowns in rounding. Then this is a minimum as far as
            the numbers can tell, or the gradients are not those of the loss.

        Raises:
            GradientError, ValueError: as `Optimizer.step`.
            TypeError: the loss is not one number.
            FloatingPointError: loss or gradient is not finite before the step. On the
                way this only says that the rate is too high, and NumPy does not warn.
        """
        gs = [gradient_of("GradientDescent", p, gradients) for p in self.parameters]
        xs = [p.value.copy() for p in self.parameters]
        before, rounding = self._evaluate(loss)
        squares = sum(float(np.square(g, dtype=np.float64).sum()) for g in gs)
        if not (math.isfinite(before) and math.isfinite(squares)):
            raise FloatingPointError(
                f"GradientDescent: the loss is {before} and ‖g‖² is {squares} "
                "before the step. Did an earlier step, or the initialization, diverge?"
            )
        rate = self.lr
        after = self._at(xs, gs, rate, loss)  # NaN is not ≤ anything
        while rate and not after <= before - self.decrease * rate * squares:
            rate *= self.shrink
            if rate * squares <= rounding:
                rate = 0.0
            after = self._at(xs, gs, rate, loss)
        self.rate = rate
        return after

    def _at(
        self, xs: list[Array], gs: list[Array], rate: float, loss: Callable[[], Any]
    ) -> float:
        """The loss at x − τg; the parameters are left there."""
        for p, x, g in zip(self.parameters, xs, gs, strict=True):
            p.value[...] = x - rate * g
        return self._evaluate(loss)[0]

    def _evaluate(self, loss: Callable[[], Any]) -> tuple[float, float]:
        """The loss, and how far the next number of its type is from it."""
        self.evaluations += 1
        value = np.asarray(loss())
        if value.size != 1 or value.dtype.kind not in "fi":
            raise TypeError(
                f"GradientDescent: the loss is {value!r}, expected one number. Is it a "
                "Node, whose .value is meant?"
            )
        return float(value.item()), float(np.spacing(np.abs(value)).item())
