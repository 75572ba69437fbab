"""What rnn, lstm and gru have in common: their shapes, and weights shared by all times.

A recurrence computes a state from an input and the state before, hₜ = f(xₜ, hₜ₋₁), with
the same weights at every time t. Two facts make one fast operation of a whole sequence.
On the way forward, the inputs' part W_ih xₜ does not wait for any state: one product
gives it for all times. On the way back, a weight's gradient is a sum over all times:
one product again. Only W_hh hₜ₋₁ has to go step by step.
"""

import numpy as np

from course_lib.types import Array


def check_recurrence(
    name: str,
    blocks: int,
    x: Array,
    states: tuple[Array, ...],
    weights: tuple[Array, Array, Array, Array],
) -> None:
    """Raise a ValueError that names the operation unless the shapes fit together.

    Args:
        name: the operation.
        blocks: how many blocks of H rows its weights have: one for each weighted sum.
        x: the inputs, which should be (T, N, D).
        states: the states before the first step, which should be (N, H) each.
        weights: w_ih, w_hh, b_ih and b_hh.
    """
    given: list[tuple[int, ...]] = [
        x.shape,
        *[s.shape for s in states],
        *[w.shape for w in weights],
    ]
    _, w_hh, _, _ = weights
    fits = x.ndim == 3 and len(x) > 0 and w_hh.ndim == 2
    if fits:
        _, n, features = x.shape
        rows, size = w_hh.shape
        of_weights = [(rows, features), (rows, size), (rows,), (rows,)]
        expected = [(n, size)] * len(states) + of_weights
        fits = rows == blocks * size and given[1:] == expected
    if not fits:
        h = "(N, H), " * len(states)
        k = "" if blocks == 1 else blocks
        raise ValueError(
            f"{name}: the shapes are {', '.join(map(str, given))}; expected (T, N, D), "
            f"{h}({k}H, D), ({k}H, H), ({k}H,), ({k}H,), and T at least 1. Is the "
            "batch first, or the state that of another batch?"
        )


def split_gates(a: Array, count: int) -> list[Array]:
    """The gates of one step, of shape (N, H) each: views of their columns of `a`.

    Args:
        a: array of shape (N, count·H).
        count: how many gates there are.
    """
    size = a.shape[1] // count
    return [a[:, k * size : (k + 1) * size] for k in range(count)]


def gate(a: Array) -> Array:
    """σ(a) = ½ + ½ tanh(a/2), between 0 and 1: never overflows, and is quick.

    It is 1.1e-16 off at most. (`activations.sigmoid` keeps its digits where it is
    small, too, and takes three times as long.)
    """
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def sum_over_time(da: Array, h: Array) -> Array:
    """dW = Σₜ daₜᵀ hₜ: the gradient of a weight that is used at every time.

    Args:
        da: gradients of the weighted sums, of shape (T, N, out).
        h: what the weight was multiplied by, of shape (T, N, in).

    Returns:
        An array of shape (out, in).
    """
    steps, n, size = da.shape
    return da.reshape(steps * n, size).T @ h.reshape(steps * n, h.shape[2])
