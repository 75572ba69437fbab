"""AdaDelta: steps in the units of x, as large as the steps before them."""

from collections.abc import Iterable

import numpy as np

from course_lib.graph import Parameter
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_decay_rate, check_not_negative
from course_lib.types import Array


class AdaDelta(Optimizer):
    """v ← ρv + (1−ρ)g²,  d = g·√(u + ε)/√(v + ε),  u ← ρu + (1−ρ)d²,  x ← x − ηd, entry
    by entry. The averages of g² and of d² begin at zero, and u is still the old one
    where d is computed.

    Args:
        parameters: the parameters to change.
        lr: a factor η on every step, at least 0; torch's addition, the paper has 1.
        rho: the decay rate ρ of both averages, in [0, 1).
        eps: ε, at least 0, inside both roots as in the paper and in torch. The first
            steps are of size √ε: it sets the speed.

    Source: Zeiler (2012), algorithm 1.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
    ) -> None:
        super().__init__(parameters, lr=lr)
        check_decay_rate(type(self).__name__, rho=rho)
        check_not_negative(type(self).__name__, eps=eps)
        self.rho = rho
        self.eps = eps

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x), "u": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State) -> None:
        v, u = state["v"], state["u"]
        v[...] = self.rho * v + (1 - self.rho) * g**2
        d = g * np.sqrt(u + self.eps) / np.sqrt(v + self.eps)
        u[...] = self.rho * u + (1 - self.rho) * d**2
        x -= self.lr * d
