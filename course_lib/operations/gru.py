"""The gated recurrent unit: an LSTM's idea with one state and fewer gates."""

import numpy as np

from course_lib.operations.matrices import dense
from course_lib.operations.recurrence import (
    check_recurrence,
    gate,
    split_gates,
    sum_over_time,
)
from course_lib.types import Array, Operation


def gru(
    x: Array,
    h: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array,
    b_hh: Array,
) -> Operation:
    """hₜ = (1 − z)·n + z·hₜ₋₁, for a whole sequence, with:

        a = W_ih xₜ + b_ih,   u = W_hh hₜ₋₁ + b_hh,
        r, z = σ(a_r + u_r), σ(a_z + u_z),   n = tanh(a_n + r·u_n).

    The update gate z mixes the old state with the candidate n, for which the reset gate
    r decides how much of the old state it sees. The old state reaches the new one by
    two ways, through u and by a factor z alone:

        dhₜ₋₁ = dhₜ₋₁ (as an output) + W_hhᵀ duₜ + zₜ·dhₜ.

    Args:
        x: the inputs, of shape (T, N, D): T steps, N sequences, D features.
        h: the state before the first step, of shape (N, H).
        w_ih: weights of shape (3H, D), as torch's weight_ih_l0: the rows of r, z, n.
        w_hh: weights of shape (3H, H).
        b_ih, b_hh: biases of shape (3H,). They differ in effect: r scales b_hh's n.

    Returns:
        The state after each step, h₁ … h_T, of shape (T, N, H).

    Raises:
        ValueError: the shapes do not fit together.

    Source: Cho et al. (2014), whose r is applied to h before W_hh and not after it, as
    here and in torch; there z keeps the old state too.
    """
    check_recurrence("gru", 3, x, (h,), (w_ih, w_hh, b_ih, b_hh))
    gates, backward_of_inputs = dense(x, w_ih, b_ih)  # for all times at once
    hs = np.empty((len(x) + 1, *h.shape), gates.dtype)
    us = np.empty_like(gates[:, :, : h.shape[1]])  # the candidate's u, which r scales
    hs[0] = h
    for t in range(len(x)):
        r, z, n = split_gates(gates[t], 3)  # the gates replace their weighted sums
        u_r, u_z, us[t] = split_gates(hs[t] @ w_hh.T + b_hh, 3)
        r[:], z[:] = gate(r + u_r), gate(z + u_z)
        n[:] = np.tanh(n + r * us[t])
        hs[t + 1] = (1 - z) * n + z * hs[t]

    def backward(dhs: Array) -> tuple[Array, ...]:
        da, du = np.empty_like(gates), np.empty_like(gates)
        dh = np.zeros_like(h)  # no step follows the last
        for t in reversed(range(len(x))):
            r, z, n = split_gates(gates[t], 3)
            da_r, da_z, da_n = split_gates(da[t], 3)
            dh = dhs[t] + dh
            da_n[:] = dh * (1 - z) * (1 - n * n)
            da_r[:] = da_n * us[t] * r * (1 - r)
            da_z[:] = dh * (hs[t] - n) * z * (1 - z)
            du[t] = np.hstack([da_r, da_z, da_n * r])
            dh = du[t] @ w_hh + dh * z
        dx, dw_ih, db_ih = backward_of_inputs(da)
        dw_hh, db_hh = sum_over_time(du, hs[:-1]), np.einsum("tnk->k", du)
        return dx, dh, dw_ih, dw_hh, db_ih, db_hh

    return hs[1:], backward
