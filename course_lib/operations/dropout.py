"""Dropout: a mask, drawn anew for each batch, decides which values are left out.

The mask is a setting. Who draws it (a layer, from its generator) decides what is left
out: single values, or whole channels with a mask of shape (N, C, 1, 1). So an operation
stays a function: it gives the same for the same inputs, and its backward cannot draw a
second mask.
"""

import numpy as np

from course_lib.operations.activations import SELU_ALPHA, SELU_SCALE
from course_lib.types import Array, Operation

SELU_FLOOR = -SELU_SCALE * SELU_ALPHA  # what SELU tends to, far to the left


def dropout(x: Array, *, mask: Array, scale: float = 1.0) -> Operation:
    """y = scale·x where the mask is True, else 0: the gradient takes the same way.

    With p the probability that a value is left out, scale = 1/(1 − p) keeps the mean
    E[y] = x, so that nothing has to be done at test time: inverted dropout. In the
    original form scale is 1, and the test time's x is multiplied by 1 − p.

    Args:
        x: array of any shape.
        mask: booleans, True where x is kept, of a shape that broadcasts to that of x.
        scale: a factor for what is kept.

    Raises:
        ValueError: the mask does not broadcast to the shape of x.

    Source: Srivastava et al. (2014), Dropout, section 4; inverted: section 10.
    """
    _check_mask("dropout", x, mask)
    factor = mask * x.dtype.type(scale)
    return _multiplied(x, factor), lambda dy: _multiplied(dy, factor)


def alpha_dropout(x: Array, *, mask: Array, p: float) -> Operation:
    """y = a·x + b where the mask is True, else a·α′ + b: with α′ the lowest value of
    SELU in place of 0, and a, b such that inputs of mean 0 and variance 1 keep both.

        a = 1/√((1 − p)(1 + p·α′²)),  b = −a·p·α′

    Args:
        x: array of any shape, of mean 0 and variance 1: what SELU tends to.
        mask: booleans, True where x is kept, of a shape that broadcasts to that of x.
        p: the probability that a value is left out, at least 0 and below 1.

    Raises:
        ValueError: the mask does not broadcast to the shape of x, or p is out of range.

    Source: Klambauer et al. (2017), Self-Normalizing Neural Networks, section 2.
    """
    _check_mask("alpha_dropout", x, mask)
    if not 0 <= p < 1:
        raise ValueError(
            f"alpha_dropout: p is {p}, expected 0 <= p < 1. Where nothing is kept, no "
            "factor gives the variance back."
        )
    a = x.dtype.type(1 / np.sqrt((1 - p) * (1 + p * SELU_FLOOR**2)))
    b = x.dtype.type(-a * p * SELU_FLOOR)
    left_out = x.dtype.type(a * SELU_FLOOR + b)
    y = a * x + b
    np.copyto(y, left_out, where=~mask)
    return y, lambda dy: _multiplied(dy, mask * a)


def _multiplied(x: Array, factor: Array) -> Array:
    """x·factor, in memory laid out as that of x, whatever the mask's is."""
    return np.multiply(x, factor, out=np.empty_like(x))


def _check_mask(name: str, x: Array, mask: Array) -> None:
    if mask.ndim != x.ndim or any(
        m != n and m != 1 for m, n in zip(mask.shape, x.shape, strict=True)
    ):
        raise ValueError(
            f"{name}: the mask has shape {mask.shape}, x has {x.shape}; expected the "
            "same, or 1 where one draw is for a whole axis, such as (N, C, 1, 1)."
        )
