"""Products of matrices."""

from collections.abc import Sequence

import numpy as np

from course_lib.operations.broadcasting import check_broadcast, sum_to_shape
from course_lib.types import Array, Operation


def matmul(a: Array, b: Array) -> Operation:
    """Y = AB, for matrices or for stacks of matrices whose leading axes broadcast.

    Args:
        a: array of shape (…, m, k).
        b: array of shape (…, k, n).

    Returns:
        An array of shape (…, m, n).

    Raises:
        ValueError: an input is not a matrix, the inner sizes differ, or the leading
            axes do not broadcast.
    """
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"matmul: a has shape {a.shape} and b {b.shape}; expected (…, m, k) and "
            "(…, k, n). Is a transpose missing, or a vector not yet a matrix?"
        )
    check_broadcast("matmul, leading axes", a.shape[:-2], b.shape[:-2])

    def backward(dy: Array) -> tuple[Array, Array]:
        da = dy @ np.swapaxes(b, -1, -2)
        db = np.swapaxes(a, -1, -2) @ dy
        return sum_to_shape(da, a.shape), sum_to_shape(db, b.shape)

    return a @ b, backward


def dense(x: Array, w: Array, b: Array | None = None) -> Operation:
    """y = x wᵀ + b: every output is a weighted sum of all inputs.

    Args:
        x: inputs of shape (N, in_features), or (…, in_features): the layer then treats
            every position alike.
        w: weights of shape (out_features, in_features), as in torch.nn.Linear.
        b: biases of shape (out_features,). Without them the operation has two inputs,
            and two gradients.

    Returns:
        Outputs of shape (N, out_features), or (…, out_features).

    Raises:
        ValueError: the shapes do not fit together.
    """
    of_b = w.shape[:1] if b is None else b.shape
    if x.ndim < 2 or w.ndim != 2 or x.shape[-1] != w.shape[1] or of_b != w.shape[:1]:
        raise ValueError(
            f"dense: x has shape {x.shape}, w {w.shape}, b {of_b}; expected (N, in),"
            " (out, in), (out,). Is the input flattened, and the weight (out, in)?"
        )
    rows = x.reshape(-1, x.shape[-1])
    y = rows @ w.T
    if b is not None:
        y += b

    def backward(
        dy: Array, *, needed: Sequence[bool] = (True,)
    ) -> tuple[Array | None, ...]:
        dy = dy.reshape(len(rows), len(w))
        dx = (dy @ w).reshape(x.shape) if needed[0] else None
        dw = dy.T @ rows
        return (dx, dw) if b is None else (dx, dw, dy.sum(axis=0))

    return y.reshape(*x.shape[:-1], len(w)), backward
