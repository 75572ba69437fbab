"""Momentum as a moving average: go where the recent gradients pointed on average."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_decay_rate
from course_lib.types import Array


class MovingAverageMomentum(Optimizer):
    """v ← λv − (1−λ)g,  x ← x + ηv. v is an exponential moving average of −g; it begins
    at zero.

    With a constant rate this is `Momentum` with γ = λ and the rate η(1−λ): 10 times
    slower at λ = 0.9. When the rate changes they differ, for here it stands outside
    the velocity and scales all of it at once. Adam's m is this average, of +g.

    torch calls 1 − λ dampening: SGD(momentum=λ, dampening=λ) is this rule from its
    second gradient on; its first velocity is the whole of g.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        momentum: λ in [0, 1), how much of the average stays.
        weight_decay: at least 0; this times x is added to g.
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
        check_decay_rate(type(self).__name__, momentum=group.momentum)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v = state["v"]
        v *= group.momentum
        v -= (1 - group.momentum) * g
        x += group.lr * v
