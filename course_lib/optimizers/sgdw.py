"""SGDW: momentum, and weights that decay by themselves."""

from course_lib.optimizers.groups import Group
from course_lib.optimizers.momentum import Momentum
from course_lib.types import Array


class SGDW(Momentum):
    """x ← (1 − ηλ)x, then `Momentum`'s step, whose velocity knows nothing of the decay.

    `Momentum(weight_decay=λ)` adds λx to the gradient: the velocity keeps it, and each
    weight goes on shrinking by what it was many steps ago. Without momentum the two
    are the same rule, which is why they are often taken for one.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        momentum: γ in [0, 1], how much of the velocity stays.
        weight_decay: λ, at least 0.

    Source: Loshchilov and Hutter (2019), algorithm 1. There the decay is λ times the
    schedule's factor alone; here, as in torch's AdamW, λ times the whole rate.
    """

    def decay(self, x: Array, g: Array, group: Group) -> Array:
        """x shrinks; the gradient stays as it is."""
        x *= 1 - group.lr * group.weight_decay
        return g
