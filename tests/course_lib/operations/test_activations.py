"""Activations far out, at the kink, and where precision is lost first."""

import numpy as np
import pytest
import torch

from course_lib.operations.activations import relu, sigmoid, tanh


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_is_safe_far_out(dtype):
    x = np.array([-1e4, -1000, 1000, 1e4, -np.inf, np.inf], dtype)
    value, backward = sigmoid(x)  # an overflow would warn, and a warning is an error
    np.testing.assert_equal(value, np.array([0, 0, 1, 1, 0, 1], dtype))
    np.testing.assert_equal(backward(np.ones_like(x)), np.zeros_like(x))


def test_sigmoid_keeps_its_digits_where_it_is_small():
    """1 − 1/(1 + eˣ) would lose them: relative accuracy, not absolute."""
    x = np.array([-700.0, -100.0, -40.0, -1.0])
    value, backward = sigmoid(x)
    np.testing.assert_allclose(value, np.exp(x) / (1 + np.exp(x)), rtol=1e-15)
    slope = np.exp(x) / (1 + np.exp(x)) ** 2
    np.testing.assert_allclose(backward(np.ones(4)), slope, rtol=1e-15)


def test_where_the_derivatives_round_to_zero():
    ones = np.ones(2)
    slope = sigmoid(np.array([36.0, 37.0]))[1](ones)
    assert slope[0] > 0 == slope[1]
    slope = sigmoid(np.array([-745.0, -746.0]))[1](ones)
    assert slope[0] > 0 == slope[1]
    slope = tanh(np.array([18.0, 19.1]))[1](ones)
    assert slope[0] > 0 == slope[1]


def test_sigmoid_is_point_symmetric():
    x = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(sigmoid(x)[0] + sigmoid(-x)[0], 1, rtol=1e-15)


def test_tanh_is_a_stretched_sigmoid():
    x = np.linspace(-5, 5, 41)
    np.testing.assert_allclose(tanh(x)[0], 2 * sigmoid(2 * x)[0] - 1, atol=1e-15)


def test_relu_is_flat_at_zero():
    x = np.array([-0.0, 0.0, 1.0])
    tensor = torch.tensor(x, requires_grad=True)
    torch.relu(tensor).sum().backward()
    np.testing.assert_equal(relu(x)[1](np.ones(3)), tensor.grad.numpy())


def test_relu_asks_its_input_and_not_the_gradient():
    _, backward = relu(np.array([1.0, -1.0]))
    np.testing.assert_equal(backward(np.array([-5.0, 5.0])), [-5, 0])


def test_relu_stops_even_an_infinite_gradient():
    _, backward = relu(np.array([-1.0, 1.0]))
    np.testing.assert_equal(backward(np.array([np.inf, np.inf])), [0, np.inf])


def test_integers_are_not_truncated():
    np.testing.assert_allclose(
        sigmoid(np.array([0, 1]))[0], [0.5, 1 / (1 + np.exp(-1))]
    )
    np.testing.assert_equal(relu(np.array([-1, 1]))[1](np.array([0.5, 0.5])), [0, 0.5])
