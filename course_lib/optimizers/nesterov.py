"""Nesterov's momentum: the gradient is taken where the velocity is about to lead."""

from course_lib.optimizers.groups import Group
from course_lib.optimizers.momentum import Momentum
from course_lib.optimizers.optimizer import State
from course_lib.types import Array


class Nesterov(Momentum):
    """v ← γv + ηg,  x ← x − (γv + ηg), with the new v in both.

    As Nesterov wrote it, the position z is one point and the gradient is taken at
    another, the look-ahead z − γv: v ← γv + ηg(z − γv), z ← z − v. A network has its
    weights at one point only, so this form keeps the look-ahead itself: the parameter
    is x = z − γv, and its gradient is the one that the rule asks for. The position is
    x + γv; both arrive at the same minimum as v dies away.

    Equal to torch's SGD(momentum=γ, nesterov=True) with a constant rate. When the rate
    changes, this form stays the rewritten Nesterov and torch's does not, for the
    reason that `Momentum` gives.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        momentum: γ in [0, 1], how much of the velocity stays.
        weight_decay: λ, at least 0: g + λx stands in the place of g.

    Source: Nesterov (1983); rewritten as in Bengio, Boulanger-Lewandowski and Pascanu
    (2013), "simplified Nesterov momentum".
    """

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        v = state["v"]
        v *= group.momentum
        v += group.lr * g
        x -= group.momentum * v + group.lr * g
