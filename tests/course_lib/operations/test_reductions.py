"""Ties and far values of the reductions, against torch."""

import numpy as np
import pytest
import torch

from course_lib.operations.reductions import (
    logsumexp,
    max,
    mean,
    min,
    std,
    sum,
    var,
)

X = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [5.0, 0.0, 4.0]])


@pytest.mark.parametrize("axis", [0, 1, (0, 1)])
@pytest.mark.parametrize(
    ("operation", "theirs"), [(max, torch.amax), (min, torch.amin)]
)
def test_equal_extreme_entries_share_the_gradient(operation, theirs, axis):
    tensor = torch.tensor(X, requires_grad=True)
    expected = theirs(tensor, dim=axis)
    dy = np.arange(1.0, 1.0 + expected.numel()).reshape(expected.shape)
    expected.backward(torch.tensor(dy))
    value, backward = operation(X, axis=axis)
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_allclose(backward(dy), tensor.grad.numpy(), rtol=1e-15)


def test_logsumexp_is_safe_far_out():
    x = np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [1e4, -1e4], [0.0, -np.inf]])
    value, backward = logsumexp(x, axis=1)
    np.testing.assert_allclose(
        value, [1000 + np.log(2), -1000 + np.log(2), 1e4, 0], rtol=1e-15
    )
    np.testing.assert_allclose(
        backward(np.ones(4)), [[0.5, 0.5], [0.5, 0.5], [1, 0], [1, 0]], rtol=1e-12
    )


def test_no_axis_reduces_nothing():
    for operation in [sum, mean, max, min, logsumexp]:
        value, backward = operation(X, axis=())
        np.testing.assert_allclose(value, X, rtol=1e-15)
        np.testing.assert_allclose(backward(X), X, rtol=1e-15)


def test_one_number_is_its_own_reduction():
    for operation in [sum, mean, max, min, logsumexp]:
        value, backward = operation(np.array(3.0))
        assert value == 3
        assert backward(np.array(2.0)) == 2


def test_the_sum_of_nothing_is_zero():
    value, backward = sum(np.ones((0, 4)), axis=0)
    np.testing.assert_equal(value, np.zeros(4))
    assert backward(value).shape == (0, 4)


def test_equal_entries_have_no_spread_and_no_gradient_as_in_torch():
    x = np.array([[2.0, 2.0, 2.0], [1.0, 5.0, 3.0]])
    tensor = torch.tensor(x, requires_grad=True)
    torch.std(tensor, dim=1).backward(torch.tensor([3.0, 5.0]).double())
    value, backward = std(x, axis=1)
    np.testing.assert_equal(value, [0, 2])
    np.testing.assert_allclose(backward(np.array([3.0, 5.0])), tensor.grad)
    np.testing.assert_equal(backward(np.array([3.0, 5.0]))[0], [0, 0, 0])


@pytest.mark.parametrize("operation", [var, std])
def test_the_spread_of_one_number_without_correction_is_zero(operation):
    value, backward = operation(np.array(3.0), correction=0)
    assert value == 0
    assert backward(np.array(2.0)) == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_spread_far_from_zero_keeps_its_digits(dtype):
    """The mean of the squares less the square of the mean would lose them."""
    x = np.array([1e4 - 1, 1e4, 1e4 + 1], dtype)
    assert var(x)[0] == 1
    assert std(x)[0] == 1
    np.testing.assert_equal(var(x)[1](dtype(1)), [-1, 0, 1])


def test_batch_normalization_takes_its_variance_without_correction():
    x = np.random.default_rng(0).normal(size=(3, 5, 2))
    np.testing.assert_allclose(
        var(x, axis=(0, 2), correction=0)[0], x.var(axis=(0, 2)), rtol=1e-14
    )
    np.testing.assert_allclose(var(x)[0], x.var() * 30 / 29, rtol=1e-14)
