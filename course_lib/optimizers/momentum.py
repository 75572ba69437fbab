"""Momentum: steps pile up along a direction that stays, and cancel where it changes."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_fraction
from course_lib.types import Array


class Momentum(Optimizer):
    """v ← γv + ηg,  x ← x − v. The heavy ball: v, the velocity, begins at zero.

    The rate stands inside the velocity, so a step keeps the rate it was taken with.
    torch's SGD(momentum=γ) has it outside: b ← γb + g, x ← x − ηb. With a constant
    rate v = ηb, and the two agree. After a change of rate they differ: torch rescales
    all of the velocity at once, this form lets the old rate die away as γᵗ.

    The velocity with the other sign, v ← γv − ηg and x ← x + v, is the same rule.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        momentum: γ in [0, 1], how much of the velocity stays; 1 is without friction.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Polyak (1964).
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1e-3,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr=lr, momentum=momentum, weight_decay=weight_decay
        )

    def check(self, group: Group) -> None:
        super().check(group)
        check_fraction(type(self).__name__, momentum=group.momentum)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v = state["v"]
        v *= group.momentum
        v += group.lr * g
        x -= v
