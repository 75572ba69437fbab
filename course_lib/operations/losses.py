"""Losses: one number that says how far a network's output is from what was wanted.

A loss takes the output and, as the setting `labels`, what was wanted. It is a mean over
the batch, so that its gradient does not grow with the batch.
"""

import numpy as np
from numpy.typing import ArrayLike

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


def cross_entropy(logits: Array, *, labels: ArrayLike) -> Operation:
    """l = −(1/n) Σ t·ln p over the n samples, with p = softmax(logits) and t the labels
    as probabilities: dl/dlogits = (p − t)/n.

    Args:
        logits: array of shape (N, C), or (N, C, …) with a class for every position; the
            mean is then over samples and positions, never over classes.
        labels: class numbers from 0 to C − 1, integers of shape (N, …); or
            probabilities, floats of the logits' shape, which should sum to 1 over the
            classes. (Where they sum to s the gradient is (s·p − t)/n, as in torch.)

    Returns:
        One number. A class of probability 0 adds nothing, even where ln p = −∞.

    Raises:
        ValueError: the shapes do not fit together, or a class does not exist.
    """
    if logits.ndim < 2 or logits.size == 0:
        raise ValueError(
            f"cross_entropy: logits have shape {logits.shape}, expected (N, C), "
            "neither of them 0. Is the batch axis missing?"
        )
    t = _as_probabilities(np.asarray(labels), logits)
    n = logits.size // logits.shape[1]
    log_p, _ = log_softmax(logits, axis=1)
    possible = t != 0

    def backward(dy: Array) -> Array:
        return (np.exp(log_p) * t.sum(axis=1, keepdims=True) - t) * (dy / n)

    return -(t[possible] * log_p[possible]).sum() / n, backward


def mse(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ (y − t)², the mean squared error over all n entries, t being the
    labels: dl/dy = 2(y − t)/n.

    Args:
        y: the predictions, an array of any shape.
        labels: the values wanted, of the same shape: nothing is broadcast.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    t = np.asarray(labels, dtype=y.dtype)
    if t.shape != y.shape or y.size == 0:
        raise ValueError(
            f"mse: y has shape {y.shape}, labels {t.shape}; expected equal shapes, not "
            "empty. Is one of them (N,) and the other (N, 1)?"
        )
    error = y - t
    return np.mean(error * error), lambda dy: error * (2 * dy / y.size)


def _as_probabilities(labels: Array, logits: Array) -> Array:
    """Labels as an array of the logits' shape and type: probabilities over classes."""
    classes = logits.shape[1]
    if labels.dtype.kind == "f" and labels.shape == logits.shape:
        return labels.astype(logits.dtype, copy=False)
    if labels.dtype.kind not in "iu" or labels.shape != (
        logits.shape[:1] + logits.shape[2:]
    ):
        raise ValueError(
            f"cross_entropy: labels have shape {labels.shape} and type {labels.dtype}, "
            f"logits {logits.shape}; expected integers, one class a sample, or floats "
            "of the logits' shape. Are the labels one-hot but integers?"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"cross_entropy: labels run from {labels.min()} to {labels.max()}, the "
            f"logits have {classes} classes, 0 to {classes - 1}. Do the labels start "
            "at 1, or is the last layer too narrow?"
        )
    t = np.zeros_like(logits)
    np.put_along_axis(t, np.expand_dims(labels, 1), 1, axis=1)
    return t


def _check_axis(name: str, x: Array, axis: int) -> None:
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"{name}: axis is {axis}, x has shape {x.shape}. Is the batch axis missing?"
        )
