"""AdaDelta: steps in the units of x, as large as the steps before them."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_decay_rate, check_not_negative
from course_lib.types import Array


class AdaDelta(Optimizer):
    """v ← ρv + (1−ρ)g²,  d = g·√(u + ε)/√(v + ε),  u ← ρu + (1−ρ)d²,  x ← x − ηd, entry
    by entry. The averages of g² and of d² begin at zero, and u is still the old one
    where d is computed.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: a factor η on every step, at least 0; torch's addition, the paper has 1.
        rho: the decay rate ρ of both averages, in [0, 1).
        eps: ε, at least 0, inside both roots as in the paper and in torch. The first
            steps are of size √ε: it sets the speed.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Zeiler (2012), algorithm 1.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)

    def check(self, group: Group) -> None:
        super().check(group)
        check_decay_rate(type(self).__name__, rho=group.rho)
        check_not_negative(type(self).__name__, eps=group.eps)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x), "u": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v, u = state["v"], state["u"]
        v *= group.rho
        v += (1 - group.rho) * g**2
        d = g * np.sqrt(u + group.eps) / np.sqrt(v + group.eps)
        u *= group.rho
        u += (1 - group.rho) * d**2
        x -= group.lr * d
