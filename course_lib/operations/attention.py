"""Attention: an average whose weights depend on what is averaged and on who asks."""

import math

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.matrices import matmul
from course_lib.operations.softmax import softmax
from course_lib.types import Array, Operation


def scaled_dot_product_attention(
    q: Array,
    k: Array,
    v: Array,
    *,
    mask: ArrayLike = True,
    scale: float | None = None,
) -> Operation:
    """Y = PV with P = softmax(QKᵀ/√E): each query's average of the values, weighted by
    how well their keys fit it.

    Scores are sums of E products. Divided by √E they keep their spread, so that softmax
    does not start out nearly one-hot, where it hardly has a gradient.

    Args:
        q: queries of shape (…, L, E).
        k: keys of shape (…, S, E).
        v: values of shape (…, S, V), one for each key.
        mask: of a shape that broadcasts to (…, L, S). Booleans say which keys a query
            sees, by default all; numbers are added to the scores. Causal attention,
            torch's is_causal=True, is `np.tri(L, S, dtype=bool)`.
        scale: what the scores are multiplied by; 1/√E by default.

    Returns:
        An array of shape (…, L, V). A query that sees no key gets zeros, as in torch.

    Raises:
        ValueError: the shapes do not fit together.

    Source: Vaswani et al. (2017), equation 1.
    """
    mask = np.asarray(mask)
    _check_shapes(q, k, v, mask)
    if scale is None:
        scale = 1 / math.sqrt(q.shape[-1])
    products, products_backward = matmul(q, np.swapaxes(k, -1, -2))
    scores = scale * products
    if mask.dtype == bool:
        scores = np.where(mask, scores, -np.inf)
    else:
        scores += mask
    seen = np.any(scores > -np.inf, axis=-1, keepdims=True)
    p, softmax_backward = softmax(np.where(seen, scores, products))
    y, average_backward = matmul(seen * p, v)

    def backward(dy: Array) -> tuple[Array, Array, Array]:
        dp, dv = average_backward(dy)
        dscores = softmax_backward(seen * dp)
        dq, dkt = products_backward(scale * dscores)
        return dq, np.swapaxes(dkt, -1, -2), dv

    return y, backward


def _check_shapes(q: Array, k: Array, v: Array, mask: Array) -> None:
    fits = min(q.ndim, k.ndim, v.ndim) >= 2
    fits = fits and q.shape[-1] == k.shape[-1] and k.shape[-2] == v.shape[-2]
    if fits:
        try:
            leading = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
            np.broadcast_to(mask, (*leading, q.shape[-2], k.shape[-2]))
        except ValueError:
            fits = False
    if not fits:
        raise ValueError(
            f"scaled_dot_product_attention: q has shape {q.shape}, k {k.shape}, v "
            f"{v.shape}, mask {mask.shape}; expected (…, L, E), (…, S, E), (…, S, V), "
            "and a mask that broadcasts to (…, L, S). Are keys and queries mixed up?"
        )
