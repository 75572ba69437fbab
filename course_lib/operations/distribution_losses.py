"""Losses that compare whole distributions: over classes, or over an image's pixels."""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.labels import as_probabilities, as_values
from course_lib.operations.softmax import softmax
from course_lib.types import Array, Operation


def kl_divergence(log_q: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/N) Σ t·(ln t − ln q), the Kullback–Leibler divergence KL(t ‖ q), mean over
    the N samples: dl/d ln q = −t/N.

    It is the cross-entropy less the entropy of the labels, and 0 only where both agree.
    As torch's kl_div it takes the logarithm, here with reduction="batchmean".

    Args:
        log_q: logarithms of the predicted probabilities, shape (N, …): the output of
            `log_softmax`.
        labels: the probabilities wanted, of the same shape. One that is 0 adds nothing.

    Raises:
        ValueError: the shapes differ, there is no entry, a label is negative, or
            `log_q` looks like probabilities.
    """
    t = as_values("kl_divergence", log_q, labels)
    if log_q.min() >= 0 and log_q.max() > 0:
        raise ValueError(
            f"kl_divergence: log_q runs from {log_q.min()} to {log_q.max()}, expected "
            "logarithms of probabilities. Is it softmax, not log_softmax?"
        )
    if t.min() < 0:
        raise ValueError(
            f"kl_divergence: the smallest label is {t.min()}, expected probabilities. "
            "Are the labels logarithms too?"
        )
    n = len(log_q)
    possible = t > 0
    terms = t[possible] * (np.log(t[possible]) - log_q[possible])
    return terms.sum() / n, lambda dy: t * (-dy / n)


def dice(logits: Array, *, labels: ArrayLike, smooth: float = 1.0) -> Operation:
    """l = 1 − D, with D = (2Σpt + s)/(Σp² + Σt² + s) for each sample and class, summed
    over its pixels, and then the mean of all D: how little two masks overlap.

    p = softmax(logits) and t are the labels as probabilities. A class counts alike
    whether it fills the image or ten pixels of it, which cross-entropy does not give.

    Source: Milletari, Navab and Ahmadi (2016), V-Net, section 3, whose squares in the
    denominator are kept; there s = 0, and the foreground is the only class.

    Args:
        logits: array of shape (N, C, H, W), or (N, C, …).
        labels: class numbers from 0 to C − 1, integers of shape (N, H, W); or
            probabilities, floats of the logits' shape.
        smooth: s ≥ 0. With s > 0 a class that is neither there nor predicted scores 1.

    Raises:
        ValueError: the shapes do not fit together, or a class does not exist.
    """
    t = as_probabilities("dice", logits, labels)
    s = float(smooth)
    pixels = tuple(range(2, logits.ndim))
    p, softmax_backward = softmax(logits, axis=1)
    overlap = 2 * (p * t).sum(axis=pixels, keepdims=True) + s
    sizes = (p * p + t * t).sum(axis=pixels, keepdims=True) + s
    scores = overlap / sizes

    def backward(dy: Array) -> Array:
        dp = 2 * (scores * p - t) / sizes  # by the quotient rule, with l = 1 − D
        return softmax_backward(dp * (dy / scores.size))

    return 1 - scores.mean(), backward
