"""Random learning rates: each unit draws its own, and some of them will be right."""

import math

import numpy as np

from course_lib.graph import Parameter
from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_interval
from course_lib.types import Array


class RandomRates(Optimizer):
    """x ← x − ηrg, where each unit has drawn its rate r once, log-uniformly: log r is
    uniform from log r_min to log r_max.

    A unit is an output feature of a layer: row i of a dense layer's weight, channel i
    of a convolution's. Its bias shares its rate, and so do batch normalization's scale
    and shift: a vector belongs to the weight before it, if that has as many units.

    Args:
        parameters: the parameters to change, or groups of them; a weight comes before
            its bias, as in `network.parameters()`.
        rng: draws the rates.
        lowest, highest: the interval (r_min, r_max), above 0. Units whose rates are far
            too high saturate, and those with rates far too low stay as they began.
        lr: a factor η on all rates, at least 0, for a schedule.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Blier, Wolinski and Ollivier (2018), "Alrao", algorithm 1, with the interval
    of their experiments with images. There the output layer is different: there are
    copies of it, each with one rate, whose predictions `ModelAverage` weighs. Here it
    draws its rates as any layer does, unless it is a group of its own, as there:
    `{"params": copy.parameters(), "lowest": r, "highest": r}`. In an LSTM each row of a
    weight is a unit, and the biases share the rates of the last weight.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        rng: np.random.Generator,
        lowest: float = 1e-5,
        highest: float = 10.0,
        lr: float = 1.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters,
            lr=lr,
            lowest=lowest,
            highest=highest,
            weight_decay=weight_decay,
        )
        states = iter(self.states)
        for group in self.groups:
            rates = np.empty(0)
            for p in group.parameters:
                if p.shape != rates.shape:  # not a vector with as many units
                    rates = _draw(rng, p, group)
                columns = (1,) * (p.value.ndim - 1)
                next(states)["rate"][...] = rates.reshape(-1, *columns)

    def check(self, group: Group) -> None:
        super().check(group)
        check_interval(type(self).__name__, lowest=group.lowest, highest=group.highest)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"rate": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        x -= group.lr * state["rate"] * g


def _draw(rng: np.random.Generator, p: Parameter, group: Group) -> Array:
    units = p.shape[0] if p.shape else 1
    log_rates = rng.uniform(math.log(group.lowest), math.log(group.highest), units)
    return np.exp(log_rates)
