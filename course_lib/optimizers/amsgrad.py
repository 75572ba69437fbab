"""AMSGrad: Adam whose rates never grow."""

import numpy as np

from course_lib.optimizers.adam import Adam
from course_lib.optimizers.groups import Group
from course_lib.optimizers.optimizer import State
from course_lib.types import Array


class AMSGrad(Adam):
    """Adam with the largest v so far in the place of v: u ← max(u, v),
    x ← x − η·m̂/(√û + ε), with û = u/(1−β₂ᵗ).

    torch's Adam(amsgrad=True), whose settings it has. The paper corrects neither m nor
    u for their zero start.

    Source: Reddi, Kale and Kumar (2018), algorithm 2.
    """

    def initial_state(self, x: Array) -> dict[str, Array]:
        return super().initial_state(x) | {"u": np.zeros_like(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        beta1, beta2 = group.betas
        m, v, u = state["m"], state["v"], state["u"]
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        u[...] = np.maximum(u, v)
        m_hat = m / (1 - beta1**self.t)
        u_hat = u / (1 - beta2**self.t)
        x -= group.lr * m_hat / (np.sqrt(u_hat) + group.eps)
