"""Which classes are taken for which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array


class ClassScores(NamedTuple):
    """How well each class is found; arrays with an entry for each class.

    Attributes:
        precision: of the samples taken for the class, the share that belong to it; NaN
            where there are none.
        recall: of the samples of the class, the share that are found; NaN where there
            are none.
        f1: 2PR/(P + R), their harmonic mean, as 2·found/(taken for it + of it); NaN
            where there are neither.
        support: how many samples the class has.
    """

    precision: Array
    recall: Array
    f1: Array
    support: Array


def confusion_matrix(
    labels: ArrayLike, predictions: ArrayLike, *, classes: int
) -> Array:
    """Entry (i, j) counts the samples of class i that are taken for class j.

    Args:
        labels: the true classes, integers of any shape.
        predictions: what they were taken for, of the same shape; the class with the
            largest score is `scores.argmax(axis=1)`.
        classes: how many there are.

    Returns:
        Integers of shape (classes, classes).

    Raises:
        ValueError: the shapes differ, or there is no such class.
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if labels.shape != predictions.shape:
        raise ValueError(
            f"confusion_matrix: labels have shape {labels.shape}, predictions "
            f"{predictions.shape}; expected equal shapes. Is argmax(axis=1) missing?"
        )
    for name, given in [("labels", labels), ("predictions", predictions)]:
        whole = given.dtype.kind in "iu"
        if not whole or np.any(given < 0) or np.any(given >= classes):
            raise ValueError(
                f"confusion_matrix: {name} of type {given.dtype} are not all classes, "
                f"expected integers from 0 to {classes - 1}"
            )
    pairs = labels.ravel() * classes + predictions.ravel()
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def class_scores(matrix: ArrayLike) -> ClassScores:
    """Precision, recall and F1 of each class, from a confusion matrix.

    Args:
        matrix: counts of shape (classes, classes): rows are the true classes.
    """
    matrix = np.asarray(matrix)
    found = matrix.diagonal().astype(np.float64)
    taken, support = matrix.sum(axis=0), matrix.sum(axis=1)
    with np.errstate(invalid="ignore"):  # 0/0 is NaN
        return ClassScores(
            found / taken, found / support, 2 * found / (taken + support), support
        )
