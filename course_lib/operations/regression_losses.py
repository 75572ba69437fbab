"""Losses of regression, where the labels are numbers as the outputs are."""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.labels import as_values
from course_lib.types import Array, Operation


def mse(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ (y − t)², the mean squared error over all n entries, t being the
    labels: dl/dy = 2(y − t)/n.

    Args:
        y: the predictions, an array of any shape.
        labels: the values wanted, of the same shape: nothing is broadcast.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    error = y - as_values("mse", y, labels)
    return np.mean(error * error), lambda dy: error * (2 * dy / y.size)


def l1(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ |y − t|, the mean absolute error over all n entries: dl/dy is the
    sign of y − t, over n, and 0 where they agree, as in torch.

    Its best constant prediction is the median of the labels, that of `mse` their mean:
    a few wild labels move it little.

    Args:
        y: the predictions, an array of any shape.
        labels: the values wanted, of the same shape: nothing is broadcast.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    error = y - as_values("l1", y, labels)
    return np.mean(np.abs(error)), lambda dy: np.sign(error) * (dy / y.size)


def huber(y: Array, *, labels: ArrayLike, delta: float = 1.0) -> Operation:
    """l = (1/n) Σ h(y − t) with h(e) = e²/2 for |e| ≤ δ, else δ(|e| − δ/2): a parabola
    near 0 that goes on as a straight line. dh/de is e, limited to ±δ.

    torch's smooth_l1_loss with beta=δ is this divided by δ; for δ = 1 they are equal.

    Source: Huber (1964), Robust Estimation of a Location Parameter.

    Args:
        y: the predictions, an array of any shape.
        labels: the values wanted, of the same shape: nothing is broadcast.
        delta: δ > 0, in the units of y: what is still an ordinary error.

    Raises:
        ValueError: the shapes differ, there is no entry, or δ is not positive.
    """
    error = y - as_values("huber", y, labels)
    d = float(delta)
    if d <= 0:
        raise ValueError(f"huber: delta is {delta}, expected a positive number")
    limited = np.minimum(np.maximum(error, -d), d)
    # For |e| ≤ δ it is e·e − e²/2, beyond it δ|e| − δ²/2.
    h = limited * error - limited * limited / 2
    return h.mean(), lambda dy: limited * (dy / y.size)
