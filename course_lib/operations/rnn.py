"""The plain recurrent network, and backpropagation through time."""

import numpy as np

from course_lib.operations.matrices import dense
from course_lib.operations.recurrence import check_recurrence, sum_over_time
from course_lib.types import Array, Operation


def rnn(
    x: Array,
    h: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array,
    b_hh: Array,
    *,
    nonlinearity: str = "tanh",
) -> Operation:
    """hₜ = φ(aₜ) with aₜ = W_ih xₜ + b_ih + W_hh hₜ₋₁ + b_hh, for a whole sequence.

    A state reaches the loss by two ways: as an output, and through the next state. So

        dhₜ = dhₜ (as an output) + W_hhᵀ daₜ₊₁,    daₜ = dhₜ · φ'(aₜ),

    from the last step to the first. The slope φ' follows from the value: 1 − hₜ² where
    φ = tanh, and where φ = ReLU 1 for hₜ > 0, else 0.

    Args:
        x: the inputs, of shape (T, N, D): T steps, N sequences, D features.
        h: the state before the first step, h₀, of shape (N, H).
        w_ih: weights of shape (H, D), as torch's weight_ih_l0.
        w_hh: weights of shape (H, H).
        b_ih, b_hh: biases of shape (H,). One would do; torch has two.
        nonlinearity: "tanh" or "relu".

    Returns:
        The state after each step, h₁ … h_T, of shape (T, N, H).

    Raises:
        ValueError: the shapes do not fit together, or the nonlinearity is unknown.

    Source: Werbos (1990), Backpropagation through time: what it does and how to do it.
    """
    check_recurrence("rnn", 1, x, (h,), (w_ih, w_hh, b_ih, b_hh))
    if nonlinearity not in {"tanh", "relu"}:
        raise ValueError(
            f"rnn: nonlinearity is {nonlinearity!r}, expected 'tanh' or 'relu'"
        )
    is_tanh = nonlinearity == "tanh"
    a, backward_of_inputs = dense(x, w_ih, b_ih + b_hh)  # for all times at once
    hs = np.empty((len(x) + 1, *h.shape), a.dtype)
    hs[0] = h
    for t in range(len(x)):
        a[t] += hs[t] @ w_hh.T
        hs[t + 1] = np.tanh(a[t]) if is_tanh else np.maximum(a[t], 0)

    def backward(dhs: Array) -> tuple[Array, ...]:
        slopes = 1 - hs[1:] ** 2 if is_tanh else hs[1:] > 0
        da = np.empty_like(a)
        dh = np.zeros_like(h)  # no step follows the last
        for t in reversed(range(len(x))):
            da[t] = (dhs[t] + dh) * slopes[t]
            dh = da[t] @ w_hh
        dx, dw_ih, db = backward_of_inputs(da)
        return dx, dh, dw_ih, sum_over_time(da, hs[:-1]), db, db

    return hs[1:], backward
