"""Losses of classifiers, whose outputs are logits: a score for each class."""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.activations import softplus
from course_lib.operations.labels import (
    as_class_numbers,
    as_probabilities,
    as_values,
)
from course_lib.operations.softmax import log_softmax
from course_lib.types import Array, Operation


def cross_entropy(
    logits: Array,
    *,
    labels: ArrayLike,
    weight: ArrayLike | None = None,
    label_smoothing: float = 0.0,
) -> Operation:
    """l = −(1/n) Σ t·ln p over the n samples, with p = softmax(logits) and t the labels
    as probabilities: dl/dlogits = (p − t)/n.

    Args:
        logits: array of shape (N, C), or (N, C, …) with a class for every position; the
            mean is then over samples and positions, never over classes.
        labels: class numbers from 0 to C − 1, integers of shape (N, …); or
            probabilities, floats of the logits' shape, which should sum to 1 over the
            classes. (Where they sum to s the gradient is (s·p − t)/n, as in torch.)
        weight: how much each class counts, shape (C,): t·w takes the place of t. With
            class numbers, n is then the sum of the samples' weights: a weighted mean.
            With probabilities it stays the number of samples. Both are torch's.
        label_smoothing: ε from 0 to 1: t becomes (1 − ε)t + ε/C (Szegedy et al. 2016,
            section 7), so that no logit is driven to infinity.

    Returns:
        One number. A class of probability 0 adds nothing, even where ln p = −∞.

    Raises:
        ValueError: the shapes do not fit together, a class does not exist, or ε is not
            from 0 to 1.
    """
    given = as_probabilities("cross_entropy", logits, labels)
    classes = logits.shape[1]
    n = logits.size // classes
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            f"cross_entropy: label_smoothing is {label_smoothing}, expected 0 to 1"
        )
    t = (1 - float(label_smoothing)) * given + float(label_smoothing) / classes
    if weight is not None:
        w = _class_weights(logits, weight)
        n = (w * given).sum() if np.ndim(labels) < logits.ndim else n
        t = w * t
    log_p, _ = log_softmax(logits, axis=1)
    # 0·(−∞) would be NaN: what can't happen is left out. That is slow, and rare.
    possible = t != 0 if np.isinf(log_p).any() else ...

    def backward(dy: Array) -> Array:
        return (np.exp(log_p) * t.sum(axis=1, keepdims=True) - t) * (dy / n)

    return -(t[possible] * log_p[possible]).sum() / n, backward


def binary_cross_entropy_with_logits(
    logits: Array, *, labels: ArrayLike, pos_weight: ArrayLike = 1.0
) -> Operation:
    """l = −(1/n) Σ (w·t·ln σ(x) + (1 − t)·ln(1 − σ(x))) over all n entries, x being the
    logits, t the labels: dl/dx = ((1 − t)·σ(x) − w·t·σ(−x))/n, which is (σ(x) − t)/n
    for w = 1.

    Each logarithm is computed at once, −ln σ(x) = ln(1 + e⁻ˣ), so that none is taken of
    a probability that has been rounded to 0 or 1.

    Args:
        logits: array of any shape; an entry is one answer of yes or no.
        labels: how likely the answer is yes: 0, 1 or between, of the logits' shape.
        pos_weight: w, how much a yes counts; a number, or an array that broadcasts to
            the logits' shape, such as (C,) for (N, C).

    Raises:
        ValueError: the shapes differ, there is no entry, a label is not from 0 to 1, or
            `pos_weight` does not broadcast to the logits.
    """
    name = "binary_cross_entropy_with_logits"
    t = as_values(name, logits, labels)
    if t.min() < 0 or t.max() > 1:
        raise ValueError(
            f"{name}: labels run from {t.min()} to {t.max()}, expected 0 to 1. Are "
            "they −1 and 1, or class numbers?"
        )
    w = np.asarray(pos_weight, dtype=logits.dtype)
    try:
        yes = np.broadcast_to(w, logits.shape) * t
    except ValueError:
        raise ValueError(
            f"{name}: pos_weight has shape {w.shape}, the logits {logits.shape}; "
            "expected one number, or one for each class, on the last axis"
        ) from None
    no = 1 - t
    yes_cost, yes_backward = softplus(-logits)
    no_cost, no_backward = softplus(logits)

    def backward(dy: Array) -> Array:
        return (no_backward(no) - yes_backward(yes)) * (dy / logits.size)

    return (yes * yes_cost + no * no_cost).mean(), backward


def multi_margin(
    scores: Array, *, labels: ArrayLike, p: int = 1, margin: float = 1.0
) -> Operation:
    """l = (1/NC) Σₙ Σⱼ max(0, m − yₖ + yⱼ)ᵖ over the samples n and all classes j but
    the true one, k: the hinge loss of several classes. It is 0 where the true score
    leads all others by the margin m.

    At the kink the derivative is 0, as in torch. CS231n's form of the same loss, from
    Weston and Watkins (1999), is the sum over the classes: C times this mean.

    Args:
        scores: y, array of shape (N, C).
        labels: class numbers from 0 to C − 1, integers of shape (N,).
        p: 1, or 2 for the squared hinge.
        margin: m.

    Raises:
        ValueError: the shapes do not fit together, a class does not exist, or p is
            neither 1 nor 2.
    """
    k = as_class_numbers("multi_margin", scores, labels)
    if scores.ndim != 2 or p not in (1, 2):
        raise ValueError(
            f"multi_margin: scores have shape {scores.shape}, p is {p}; expected "
            "(N, C), and 1 or 2"
        )
    true = np.arange(len(scores)), k
    gaps = np.maximum(float(margin) - scores[true][:, np.newaxis] + scores, 0)
    gaps[true] = 0  # the true class is no rival of itself

    def backward(dy: Array) -> Array:
        dx = p * gaps ** (p - 1) * (gaps > 0)
        dx[true] = -dx.sum(axis=1)
        return dx * (dy / scores.size)

    return (gaps**p).mean(), backward


def _class_weights(logits: Array, weight: ArrayLike) -> Array:
    """The weights of the classes, shaped to multiply labels of the logits' shape."""
    w = np.asarray(weight, dtype=logits.dtype)
    classes = logits.shape[1]
    if w.shape != (classes,):
        raise ValueError(
            f"cross_entropy: weight has shape {w.shape}, the logits {classes} classes; "
            f"expected ({classes},), one weight for each class"
        )
    return w.reshape(classes, *[1] * (logits.ndim - 2))
