"""What recurrences have in common, and where their gradients vanish and explode."""

import numpy as np
import pytest

from course_lib.operations.lstm import lstm
from course_lib.operations.recurrence import gate, split_gates, sum_over_time
from course_lib.operations.rnn import rnn


def test_a_gate_is_a_sigmoid_that_never_overflows():
    a = np.array([-1e4, -40, -1, 0, 1, 40, 1e4])
    expected = [0, 0, 1 / (1 + np.e), 0.5, np.e / (1 + np.e), 1, 1]
    np.testing.assert_allclose(gate(a), expected, rtol=0, atol=1.2e-16)


def test_gates_are_views():
    a = np.arange(12.0).reshape(2, 6)
    first, second, third = split_gates(a, 3)
    np.testing.assert_equal(second, [[2, 3], [8, 9]])
    first[:] = third[:] = 0
    np.testing.assert_equal(a, [[0, 0, 2, 3, 0, 0], [0, 0, 8, 9, 0, 0]])


def test_a_shared_weights_gradient_is_a_sum_over_time():
    rng = np.random.default_rng(0)
    da, h = rng.normal(size=(4, 3, 5)), rng.normal(size=(4, 3, 2))
    expected = sum(da[t].T @ h[t] for t in range(4))
    np.testing.assert_allclose(sum_over_time(da, h), expected, rtol=1e-13)


@pytest.mark.parametrize("w", [0.9, 1.1])
def test_a_gradient_through_time_is_a_power_of_the_weight(w):
    """ReLU of one unit, without inputs: ∂h_T/∂h₀ = w^T, which vanishes or explodes."""
    x, h, one, zero = (
        np.zeros((50, 1, 1)),
        np.ones((1, 1)),
        np.ones((1, 1)),
        np.zeros(1),
    )
    hs, backward = rnn(x, h, one, w * one, zero, zero, nonlinearity="relu")
    dhs = np.zeros_like(hs)
    dhs[-1] = 1
    _, dh, *_ = backward(dhs)
    np.testing.assert_allclose(dh, w**50, rtol=1e-13)


def test_an_open_forget_gate_passes_the_gradient_whole():
    """Cell and gradient are what they were 1,000 steps ago."""
    x, h, c = np.zeros((1000, 1, 1)), np.zeros((1, 1)), np.array([[0.7]])
    weights, biases = np.zeros((4, 1)), np.array([-1000.0, 1000, 0, -1000])
    (_, cs), backward = lstm(x, h, c, weights, weights, biases, np.zeros(4))
    dcs = np.zeros_like(cs)
    dcs[-1] = 3
    _, _, dc, *_ = backward(np.zeros_like(cs), dcs)
    assert cs[-1] == 0.7
    assert dc == 3
