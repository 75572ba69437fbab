"""What a mask must do: exactly by enumeration, and in the long run."""

from itertools import product

import numpy as np
import pytest

from course_lib.operations.dropout import SELU_FLOOR, alpha_dropout, dropout


def all_masks(n):
    """Each of the 2ⁿ masks."""
    return [np.array(kept) for kept in product([False, True], repeat=n)]


def probability(mask, p):
    return np.prod(np.where(mask, 1 - p, p))


def test_a_neuron_with_two_inputs_over_its_four_masks():
    """With p = 1/2 the mean of a = w·(mask·x) is half of what all inputs give."""
    x, w = np.array([3.0, 5.0]), np.array([2.0, -7.0])
    activations = [w @ dropout(x, mask=mask)[0] for mask in all_masks(2)]
    assert activations == [0, -35, 6, -29]
    assert np.mean(activations) == 0.5 * (w @ x)
    inverted = [w @ dropout(x, mask=mask, scale=2.0)[0] for mask in all_masks(2)]
    assert np.mean(inverted) == w @ x


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_inverted_dropout_keeps_the_mean_and_adds_a_variance(p):
    """E[y] = x, Var[y] = x²·p/(1 − p): over all masks of three values."""
    x = np.array([1.0, -2.0, 5.0])
    masks = all_masks(3)
    weights = [probability(mask, p) for mask in masks]
    ys = [dropout(x, mask=mask, scale=1 / (1 - p))[0] for mask in masks]
    mean = np.average(ys, axis=0, weights=weights)
    np.testing.assert_allclose(mean, x, rtol=1e-13)
    variance = np.average((ys - mean) ** 2, axis=0, weights=weights)
    np.testing.assert_allclose(variance, x**2 * p / (1 - p), rtol=1e-13)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_alpha_dropout_keeps_mean_0_and_variance_1(p):
    """x = ±1 has them; over both values and both masks y has them too."""
    x = np.array([1.0, -1.0])
    kept, _ = alpha_dropout(x, mask=np.array([True, True]), p=p)
    lost, _ = alpha_dropout(x, mask=np.array([False, False]), p=p)
    weights = [(1 - p) / 2] * 2 + [p / 2] * 2
    ys = np.concatenate([kept, lost])
    mean = np.average(ys, weights=weights)
    np.testing.assert_allclose(mean, 0, atol=1e-14)
    np.testing.assert_allclose(np.average(ys**2, weights=weights), 1, rtol=1e-13)


def test_alpha_dropout_without_dropout_is_the_identity():
    x = np.random.default_rng(0).normal(size=(3, 4))
    y, _ = alpha_dropout(x, mask=np.ones((3, 4), bool), p=0.0)
    np.testing.assert_equal(y, x)


def test_the_floor_is_the_limit_of_selu():
    """−λα, as Klambauer et al. print it."""
    assert round(SELU_FLOOR, 4) == -1.7581


def test_a_gradient_takes_the_way_of_its_value():
    """The mask in backward is that of forward, scaled alike."""
    mask = np.array([[True, False, True], [False, False, True]])
    value, backward = dropout(np.ones((2, 3)), mask=mask, scale=2.5)
    np.testing.assert_equal(backward(np.ones((2, 3))), value)
    assert value.sum() == 7.5


@pytest.mark.parametrize("drawn", [(2, 3, 1, 1), (2, 3, 5, 4)])
@pytest.mark.parametrize("operation", ["dropout", "alpha_dropout"])
def test_the_layout_and_the_type_stay(operation, drawn):
    x = np.ones((3, 5, 4, 2), np.float32).transpose(3, 0, 1, 2)
    mask = np.random.default_rng(0).random(drawn) < 0.5
    if operation == "dropout":
        y, backward = dropout(x, mask=mask, scale=1 / 0.3)
    else:
        y, backward = alpha_dropout(x, mask=mask, p=0.7)
    assert y.dtype == backward(x).dtype == np.float32
    assert y.strides == backward(x).strides == x.strides
