"""RMSProp: AdaGrad that forgets, so that its rate may grow again."""

import numpy as np

from course_lib.optimizers.groups import Group, Grouped
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_decay_rate, check_not_negative
from course_lib.types import Array


class RMSProp(Optimizer):
    """v ← αv + (1−α)g²,  x ← x − ηg/(√v + ε), entry by entry. √v is the root mean
    square of the recent gradients, which names the rule; v begins at zero.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        alpha: the decay rate α of the average of g², in [0, 1).
        eps: ε, at least 0, added outside the root as in torch.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Tieleman and Hinton (2012), lecture 6.5, where α is 0.9.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay
        )

    def check(self, group: Group) -> None:
        super().check(group)
        check_decay_rate(type(self).__name__, alpha=group.alpha)
        check_not_negative(type(self).__name__, eps=group.eps)

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v = state["v"]
        v *= group.alpha
        v += (1 - group.alpha) * g**2
        x -= group.lr * g / (np.sqrt(v) + group.eps)
