"""AdamW: Adam, and weights that decay by themselves."""

from course_lib.optimizers.adam import Adam
from course_lib.optimizers.groups import Group, Grouped
from course_lib.types import Array


class AdamW(Adam):
    """x ← (1 − ηλ)x, then Adam's step, whose averages know nothing of the decay.

    `Adam(weight_decay=λ)` adds λx to the gradient, and then divides it by √v̂ as all of
    g: a weight with large gradients hardly decays. Here every weight decays alike.

    Args:
        parameters: the parameters to change, or groups of them.
        lr: the learning rate η, at least 0.
        betas: decay rates (β₁, β₂) of the averages of g and g², each in [0, 1).
        eps: ε, at least 0, added outside the root as in torch.
        weight_decay: λ, at least 0.

    Source: Loshchilov and Hutter (2019), algorithm 2. There the decay is λ times the
    schedule's factor alone; here, as in torch, λ times the whole rate.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(
            parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay
        )

    def decay(self, x: Array, g: Array, group: Group) -> Array:
        """x shrinks; the gradient stays as it is."""
        x *= 1 - group.lr * group.weight_decay
        return g
