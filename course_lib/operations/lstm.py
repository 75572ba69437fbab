"""Long short-term memory: a state that is added to, behind gates."""

import numpy as np

from course_lib.operations.matrices import dense
from course_lib.operations.recurrence import (
    check_recurrence,
    gate,
    split_gates,
    sum_over_time,
)
from course_lib.types import Array, Operation


def lstm(
    x: Array,
    h: Array,
    c: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array,
    b_hh: Array,
) -> Operation:
    """cₜ = f·cₜ₋₁ + i·g and hₜ = o·tanh cₜ, for a whole sequence, with:

        i, f, o = σ(a_i), σ(a_f), σ(a_o),   g = tanh a_g,
        a = W_ih xₜ + b_ih + W_hh hₜ₋₁ + b_hh.

    The input gate i lets the candidate g into the cell c, the forget gate f keeps what
    is in it, the output gate o shows it. The cell reaches the loss through hₜ, and
    through cₜ₊₁ by a factor f alone, without any weight. So

        dcₜ = dcₜ (as an output) + fₜ₊₁·dcₜ₊₁ + dhₜ·o·(1 − tanh² cₜ),

    and dhₜ is as in `rnn`: where f is 1 the gradient of the cell does not fade.

    Args:
        x: the inputs, of shape (T, N, D): T steps, N sequences, D features.
        h, c: the states before the first step, of shape (N, H).
        w_ih: weights of shape (4H, D), as torch's weight_ih_l0: the rows of i, f, g, o.
        w_hh: weights of shape (4H, H).
        b_ih, b_hh: biases of shape (4H,).

    Returns:
        The states after each step, h₁ … h_T and c₁ … c_T, each of shape (T, N, H).
        (torch returns the last cell only.)

    Raises:
        ValueError: the shapes do not fit together.

    Source: Hochreiter and Schmidhuber (1997); the forget gate is from Gers, Schmidhuber
    and Cummins (2000).
    """
    check_recurrence("lstm", 4, x, (h, c), (w_ih, w_hh, b_ih, b_hh))
    gates, backward_of_inputs = dense(x, w_ih, b_ih + b_hh)  # for all times at once
    hs = np.empty((len(x) + 1, *h.shape), gates.dtype)
    cs, tanhs = np.empty_like(hs), np.empty_like(hs)
    hs[0], cs[0] = h, c
    for t in range(len(x)):
        gates[t] += hs[t] @ w_hh.T
        i, f, g, o = split_gates(gates[t], 4)  # the gates replace their weighted sums
        i[:], f[:], g[:], o[:] = gate(i), gate(f), np.tanh(g), gate(o)
        cs[t + 1] = f * cs[t] + i * g
        tanhs[t + 1] = np.tanh(cs[t + 1])
        hs[t + 1] = o * tanhs[t + 1]

    def backward(dhs: Array, dcs: Array) -> tuple[Array, ...]:
        da = np.empty_like(gates)
        dh = dc = np.zeros_like(h)  # no step follows the last
        for t in reversed(range(len(x))):
            i, f, g, o = split_gates(gates[t], 4)
            da_i, da_f, da_g, da_o = split_gates(da[t], 4)
            tanh_c = tanhs[t + 1]
            dh = dhs[t] + dh
            dc = dcs[t] + dc + dh * o * (1 - tanh_c * tanh_c)
            da_i[:] = dc * g * i * (1 - i)
            da_f[:] = dc * cs[t] * f * (1 - f)
            da_g[:] = dc * i * (1 - g * g)
            da_o[:] = dh * tanh_c * o * (1 - o)
            dh = da[t] @ w_hh
            dc = dc * f
        dx, dw_ih, db = backward_of_inputs(da)
        return dx, dh, dc, dw_ih, sum_over_time(da, hs[:-1]), db, db

    return (hs[1:], cs[1:]), backward
