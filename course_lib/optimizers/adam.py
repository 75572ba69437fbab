"""Adam: momentum and a rate per coordinate, both corrected for their zero start."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_betas, check_not_negative
from course_lib.types import Array


class Adam(Optimizer):
    """m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  x ← x − η·m̂/(√v̂ + ε), with m̂ =
    m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ), entry by entry.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        betas: decay rates (β₁, β₂) of the averages of g and g², each in [0, 1).
        eps: ε, at least 0, added outside the root as in torch.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Kingma and Ba (2015), algorithm 1.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay
        )

    def check(self, group: Group) -> None:
        super().check(group)
        check_betas(type(self).__name__, group.betas)
        check_not_negative(type(self).__name__, eps=group.eps)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"m": np.zeros_like(x), "v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        beta1, beta2 = group.betas
        m, v = state["m"], state["v"]
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        v_hat = v / (1 - beta2**self.t)
        root = np.sqrt(v_hat, out=v_hat)
        root += group.eps
        step = np.divide(m, root, out=root)
        step *= group.lr / (1 - beta1**self.t)
        x -= step
