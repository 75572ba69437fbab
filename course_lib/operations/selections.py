"""Operations that choose, entry by entry, which value goes on: the gradient goes back
to the one that was chosen.

`elementwise.maximum` and `reductions.max` choose by the values themselves.
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.broadcasting import check_broadcast, sum_to_shape
from course_lib.types import Array, Operation


def where(a: Array, b: Array, *, condition: ArrayLike) -> Operation:
    """y = a where the condition is true, else b, with broadcasting.

    Args:
        a, b: arrays of shapes that broadcast together, and with the condition's.
        condition: array of booleans; numbers are true where they are not 0.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    chosen = np.asarray(condition, dtype=bool)
    check_broadcast("where", a.shape, b.shape)
    y_shape = np.broadcast_shapes(a.shape, b.shape)
    check_broadcast("where, a or b and condition", y_shape, chosen.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        da, db = np.where(chosen, dy, 0), np.where(chosen, 0, dy)
        return sum_to_shape(da, a.shape), sum_to_shape(db, b.shape)

    return np.where(chosen, a, b), backward


def clip(x: Array, *, low: float = -np.inf, high: float = np.inf) -> Operation:
    """y = x between `low` and `high`, else the nearer of them, torch's clamp: dy/dx is
    1 from `low` to `high`, both included, and 0 outside, as in torch.

    Args:
        x: array of any shape.
        low, high: the limits, numbers; none by default.

    Raises:
        ValueError: `low` is above `high`.
    """
    if low > high:
        raise ValueError(
            f"clip: low is {low}, high {high}; expected low ≤ high. Are they swapped?"
        )
    inside = (x >= low) & (x <= high)
    # a NumPy float64 would make a float32 x float64
    y = np.clip(x, float(low), float(high))
    return y, lambda dy: dy * inside
