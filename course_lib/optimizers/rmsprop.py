"""RMSProp: AdaGrad that forgets, so that its rate may grow again."""

from collections.abc import Iterable

import numpy as np

from course_lib.graph import Parameter
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_decay_rate, check_not_negative
from course_lib.types import Array


class RMSProp(Optimizer):
    """v ← αv + (1−α)g²,  x ← x − ηg/(√v + ε), entry by entry. √v is the root mean
    square of the recent gradients, which names the rule; v begins at zero.

    Args:
        parameters: the parameters to change.
        lr: the learning rate η, at least 0.
        alpha: the decay rate α of the average of g², in [0, 1).
        eps: ε, at least 0, added outside the root as in torch.

    Source: Tieleman and Hinton (2012), lecture 6.5, where α is 0.9.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr=lr)
        check_decay_rate(type(self).__name__, alpha=alpha)
        check_not_negative(type(self).__name__, eps=eps)
        self.alpha = alpha
        self.eps = eps

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State) -> None:
        v = state["v"]
        v[...] = self.alpha * v + (1 - self.alpha) * g**2
        x -= self.lr * g / (np.sqrt(v) + self.eps)
