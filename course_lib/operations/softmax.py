"""From scores to probabilities: softmax, and its logarithm."""

import numpy as np

from course_lib.types import Array, Operation


def softmax(x: Array, *, axis: int = -1) -> Operation:
    """pᵢ = e^xᵢ / Σⱼ e^xⱼ along `axis`: probabilities of sum 1.

    Only differences of entries count, so that the largest is subtracted first and
    nothing overflows. All entries of p depend on all of x: ∂pᵢ/∂xⱼ = pᵢ(δᵢⱼ − pⱼ).

    Args:
        x: array of any shape; logits, not probabilities.
        axis: the axis along which the probabilities sum to 1: the classes.

    Raises:
        ValueError: x has no such axis.
    """
    _check_axis("softmax", x, axis)
    z = np.exp(x - x.max(axis=axis, keepdims=True))
    p = z / z.sum(axis=axis, keepdims=True)

    def backward(dy: Array) -> Array:
        return p * (dy - (dy * p).sum(axis=axis, keepdims=True))

    return p, backward


def log_softmax(x: Array, *, axis: int = -1) -> Operation:
    """y = ln softmax(x) = x − ln Σ eˣ along `axis`, finite where softmax rounds to 0.

    Args:
        x: array of any shape.
        axis: the axis of the classes.

    Raises:
        ValueError: x has no such axis.
    """
    _check_axis("log_softmax", x, axis)
    shifted = x - x.max(axis=axis, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

    def backward(dy: Array) -> Array:
        return dy - np.exp(y) * dy.sum(axis=axis, keepdims=True)

    return y, backward


def _check_axis(name: str, x: Array, axis: int) -> None:
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"{name}: axis is {axis}, x has shape {x.shape}. Is the batch axis missing?"
        )
