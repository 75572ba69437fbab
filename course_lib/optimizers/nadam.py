"""NAdam: Adam with Nesterov's look-ahead in place of plain momentum."""

import numpy as np

from course_lib.optimizers.adam import Adam
from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_not_negative
from course_lib.types import Array

# The base of Dozat's schedule 0.96^(t/250), where ψ is 1/250; a constant in torch too.
MOMENTUM_DECAY_BASE = 0.96


class NAdam(Adam):
    """Adam's m and v, then x ← x − η·m̂/(√v̂ + ε) with
    m̂ = μₜ₊₁·m/(1 − μ₁μ₂…μₜ₊₁) + (1 − μₜ)·g/(1 − μ₁μ₂…μₜ): the average as it will be
    one step on, and this step's gradient.

    The momentum warms up: μₜ = β₁(1 − 0.96^(tψ)/2). With ψ = 0 it is constant at β₁/2.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        betas: decay rates (β₁, β₂) of the averages of g and g², each in [0, 1).
        eps: ε, at least 0, added outside the root as in torch.
        weight_decay: λ, at least 0: g + λx stands in the place of g.
        momentum_decay: ψ, at least 0: how fast μ rises from β₁/2 to β₁.

    Source: Dozat (2016). As in torch, m decays at β₁; the paper's decays at μₜ.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
    ) -> None:
        Optimizer.__init__(
            self,
            parameters,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            momentum_decay=momentum_decay,
            mu_product=1.0,  # no setting, but each group has its own, and it is saved
        )

    def check(self, group: Group) -> None:
        super().check(group)
        check_not_negative(type(self).__name__, momentum_decay=group.momentum_decay)

    def mu(self, t: int, group: Group) -> float:
        """The momentum μ of step t."""
        decay = MOMENTUM_DECAY_BASE ** (t * group.momentum_decay)
        return group.betas[0] * (1 - decay / 2)

    def begin_step(self, group: Group) -> None:
        group.mu_product *= self.mu(self.t, group)

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        beta1, beta2 = group.betas
        mu, mu_next = self.mu(self.t, group), self.mu(self.t + 1, group)
        m, v = state["m"], state["v"]
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        average = m / (1 - group.mu_product * mu_next)
        gradient = g / (1 - group.mu_product)
        m_hat = mu_next * average + (1 - mu) * gradient
        v_hat = v / (1 - beta2**self.t)
        x -= group.lr * m_hat / (np.sqrt(v_hat) + group.eps)
