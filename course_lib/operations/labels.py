"""What was wanted, in the form in which a loss computes with it.

Each function takes the loss's name, for its error messages.
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array


def as_values(name: str, y: Array, labels: ArrayLike) -> Array:
    """Labels that are numbers, one for each entry of y, of y's type.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    t = np.asarray(labels, dtype=y.dtype)
    if t.shape != y.shape or y.size == 0:
        raise ValueError(
            f"{name}: y has shape {y.shape}, labels {t.shape}; expected equal shapes, "
            "not empty. Is one of them (N,) and the other (N, 1)?"
        )
    return t


def as_class_numbers(name: str, logits: Array, labels: ArrayLike) -> Array:
    """Labels that are classes, from 0 to C − 1: integers of shape (N, …) for logits of
    shape (N, C, …).

    Raises:
        ValueError: the logits are not (N, C, …), the shapes do not fit together, or a
            class does not exist.
    """
    if logits.ndim < 2 or logits.size == 0:
        raise ValueError(
            f"{name}: logits have shape {logits.shape}, expected (N, C), "
            "neither of them 0. Is the batch axis missing?"
        )
    numbers = np.asarray(labels)
    wanted = logits.shape[:1] + logits.shape[2:]
    if numbers.dtype.kind not in "iu" or numbers.shape != wanted:
        raise ValueError(
            f"{name}: labels have shape {numbers.shape} and type {numbers.dtype}, the "
            f"logits shape {logits.shape}; expected classes, integers of shape "
            f"{wanted}. Are the labels one-hot but integers, or of another batch?"
        )
    classes = logits.shape[1]
    if numbers.min() < 0 or numbers.max() >= classes:
        raise ValueError(
            f"{name}: labels run from {numbers.min()} to {numbers.max()}, the "
            f"logits have {classes} classes, 0 to {classes - 1}. Do the labels start "
            "at 1, or is the last layer too narrow?"
        )
    return numbers


def as_probabilities(name: str, logits: Array, labels: ArrayLike) -> Array:
    """Labels as probabilities over the classes, of the logits' shape and type: floats
    of this shape as they are, class numbers as 1 for the class and 0 for the others.

    Raises:
        ValueError: as for `as_class_numbers`.
    """
    t = np.asarray(labels)
    if t.dtype.kind == "f" and t.shape == logits.shape and t.ndim > 1 and t.size > 0:
        return t.astype(logits.dtype, copy=False)
    numbers = as_class_numbers(name, logits, labels)
    one_hot = np.zeros_like(logits)
    np.put_along_axis(one_hot, np.expand_dims(numbers, 1), 1, axis=1)
    return one_hot
