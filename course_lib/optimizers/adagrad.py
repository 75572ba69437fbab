"""AdaGrad: a rate per coordinate, smaller the more gradient it has seen."""

from collections.abc import Iterable

import numpy as np

from course_lib.graph import Parameter
from course_lib.optimizers.optimizer import Optimizer, State
from course_lib.optimizers.settings import check_not_negative
from course_lib.types import Array


class AdaGrad(Optimizer):
    """v ← v + g²,  x ← x − ηg/(√v + ε), entry by entry. v, the sum of all squared
    gradients, begins at zero, and the rate η/√v only ever shrinks.

    Args:
        parameters: the parameters to change.
        lr: the learning rate η, at least 0.
        eps: ε, at least 0, added outside the root as in torch.

    Source: Duchi, Hazan and Singer (2011), with diagonal matrices.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        lr: float = 1e-2,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(parameters, lr=lr)
        check_not_negative(type(self).__name__, eps=eps)
        self.eps = eps

    def initial_state(self, x: Array) -> dict[str, Array]:
        return {"v": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State) -> None:
        v = state["v"]
        v += g**2
        x -= self.lr * g / (np.sqrt(v) + self.eps)
