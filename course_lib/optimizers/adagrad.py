"""AdaGrad: a rate per coordinate, smaller the more gradient it has seen."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_not_negative
from course_lib.types import Array


class AdaGrad(Optimizer):
    """v ← v + g²,  x ← x − ηg/(√v + ε), entry by entry. v, the sum of all squared
    gradients, begins at zero, and the rate η/√v only ever shrinks.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        eps: ε, at least 0, added outside the root as in torch.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Duchi, Hazan and Singer (2011), with diagonal matrices.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1e-2,
        eps: float = 1e-10,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, eps=eps, weight_decay=weight_decay)

    def check(self, group: Group) -> None:
        super().check(group)
        check_not_negative(type(self).__name__, eps=group.eps)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v = state["v"]
        v += g**2
        x -= group.lr * g / (np.sqrt(v) + group.eps)
