"""Tables of vectors: a word, or anything else that has a number, becomes a row."""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array, Operation


def embedding(
    w: Array, *, indices: ArrayLike, padding_idx: int | None = None
) -> Operation:
    """y = the rows of w that the indices name.

    It is the product of one-hot vectors and w, without the zeros. A row's gradient is
    the sum over the places where it was used, and zero where it was not.

    Args:
        w: the table, of shape (V, D): V things, vectors of D features.
        indices: integers from 0 to V − 1, of any shape (…).
        padding_idx: a row that stands for padding: its gradient is zero.

    Returns:
        An array of shape (…, D).

    Raises:
        ValueError: w is not a matrix, or an index is not an integer or out of range.
    """
    rows = np.asarray(indices)
    if w.ndim != 2 or rows.dtype.kind not in "iu":
        raise ValueError(
            f"embedding: w has shape {w.shape}, indices are of type {rows.dtype}; "
            "expected (V, D) and integers"
        )
    if rows.size and not 0 <= rows.min() <= rows.max() < len(w):
        raise ValueError(
            f"embedding: the indices run from {rows.min()} to {rows.max()}, w has "
            f"{len(w)} rows, 0 to {len(w) - 1}. Is the vocabulary larger?"
        )

    def backward(dy: Array) -> Array:
        dw = np.zeros(w.shape, dy.dtype)
        np.add.at(dw, rows, dy)  # dw[rows] += dy would count a repeated row once
        if padding_idx is not None:
            dw[padding_idx] = 0
        return dw

    return w[rows], backward
