"""Does a network that is 80 % sure err in one case of five?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array


@dataclass(frozen=True)
class Calibration:
    """Samples in bins by the network's confidence, for a reliability diagram.

    Attributes:
        edges: of the bins, from 0 to 1; a bin has its upper edge, but not its lower.
        counts: samples in each bin.
        confidence: their mean confidence; NaN in an empty bin.
        accuracy: the share of them that is classified correctly; NaN in an empty bin.
        expected_error: Σ (count/n)·|accuracy − confidence|, the expected calibration
            error, from 0 to 1.
        maximum_error: the largest |accuracy − confidence| of a bin.
    """

    edges: Array
    counts: Array
    confidence: Array
    accuracy: Array
    expected_error: float
    maximum_error: float


def calibration(
    probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15
) -> Calibration:
    """Compare how sure a network is with how often it is right.

    Args:
        probabilities: of shape (N, C), each row of sum 1: the softmax of the scores.
            The largest of a row is the confidence.
        labels: the true classes, N integers.
        bins: how many bins of equal width there are between 0 and 1.

    Raises:
        ValueError: the shapes do not fit, or an entry is no probability.

    Source: Guo, Pleiss, Sun and Weinberger (2017), equations 2, 3 and 5.
    """
    p, labels = np.asarray(probabilities), np.asarray(labels)
    if p.ndim != 2 or labels.shape != p.shape[:1] or len(p) == 0:
        raise ValueError(
            f"calibration: probabilities have shape {p.shape}, labels {labels.shape}; "
            "expected (N, C) and (N,), N at least 1. Are the labels one-hot?"
        )
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError(
            f"calibration: probabilities run from {p.min()} to {p.max()}, expected "
            "entries from 0 to 1. Is the softmax missing?"
        )
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    of_bin = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(of_bin, minlength=bins)
    with np.errstate(invalid="ignore"):  # an empty bin: 0/0 is NaN
        mean_confidence = np.bincount(of_bin, confidence, minlength=bins) / counts
        accuracy = np.bincount(of_bin, right, minlength=bins) / counts
    gaps = np.abs(accuracy - mean_confidence)[counts > 0]
    shares = counts[counts > 0] / len(p)
    return Calibration(
        edges,
        counts,
        mean_confidence,
        accuracy,
        expected_error=float(np.sum(shares * gaps)),
        maximum_error=float(gaps.max()),
    )
