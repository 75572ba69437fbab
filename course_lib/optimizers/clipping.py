"""Gradients that have grown too large, cut back before the step."""

import math
from collections.abc import Mapping

import numpy as np

from course_lib.graph import Gradients, Parameter
from course_lib.optimizers.settings import check_not_negative, check_positive
from course_lib.types import Array


def clip_grad_norm(
    gradients: Gradients | Mapping[Parameter, Array],
    max_norm: float,
    *,
    eps: float = 1e-6,
) -> tuple[Gradients, float]:
    """g ← g · c / max(‖g‖ + ε, c), where ‖g‖ = √Σg² is over *all* gradients together.

    They shrink by one factor, so the step keeps its direction. To clip each by a norm
    of its own would turn it.

    Args:
        gradients: what `backpropagate` returned. They are read, never changed.
        max_norm: c, above 0.
        eps: ε, at least 0, torch's constant by default.

    Returns:
        The clipped gradients, ready for `optimizer.step`, and ‖g‖ as it was before.

    Raises:
        FloatingPointError: a gradient has a NaN or an infinity: the message says whose.

    Source: Pascanu, Mikolov and Bengio (2013), algorithm 1, as torch's clip_grad_norm_,
    which changes the gradients in place.
    """
    check_positive("clip_grad_norm", max_norm=max_norm)
    check_not_negative("clip_grad_norm", eps=eps)
    _check_finite("clip_grad_norm", gradients)
    norm = math.hypot(*map(_norm, gradients.values()))
    factor = max_norm / max(norm + eps, max_norm)
    return Gradients({p: factor * g for p, g in gradients.items()}), norm


def clip_grad_value(
    gradients: Gradients | Mapping[Parameter, Array], max_value: float
) -> Gradients:
    """g ← min(max(g, −c), c), entry by entry, which may turn the step's direction.

    Args:
        gradients: what `backpropagate` returned. They are read, never changed.
        max_value: c, above 0.

    Returns:
        The clipped gradients, ready for `optimizer.step`.

    Raises:
        FloatingPointError: a gradient has a NaN or an infinity: the message says whose.
    """
    check_positive("clip_grad_value", max_value=max_value)
    _check_finite("clip_grad_value", gradients)
    clipped = {p: np.clip(g, -max_value, max_value) for p, g in gradients.items()}
    return Gradients(clipped)


def _norm(g: Array) -> float:
    """√Σg², by way of g's largest entry: its square alone may be too large a number."""
    largest = float(np.abs(g).max(initial=0.0)) or 1.0
    return largest * math.sqrt(np.square(g / largest, dtype=np.float64).sum())


def _check_finite(
    function: str, gradients: Gradients | Mapping[Parameter, Array]
) -> None:
    for p, g in gradients.items():
        if not np.isfinite(g).all():
            raise FloatingPointError(
                f"{function}: the gradient of {p!r} has entries that are NaN or "
                "infinite, which no factor makes smaller. Is the learning rate too "
                "high, or a logarithm taken of 0?"
            )
