"""Ties and far values of the reductions, against torch."""

import numpy as np
import pytest
import torch

from course_lib.operations.reductions import logsumexp, max, mean, sum

X = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [5.0, 0.0, 4.0]])


@pytest.mark.parametrize("axis", [0, 1, (0, 1)])
def test_equal_largest_entries_share_the_gradient(axis):
    tensor = torch.tensor(X, requires_grad=True)
    expected = torch.amax(tensor, dim=axis)
    dy = np.arange(1.0, 1.0 + expected.numel()).reshape(expected.shape)
    expected.backward(torch.tensor(dy))
    value, backward = max(X, axis=axis)
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
    for operation in [sum, mean, max, logsumexp]:
        value, backward = operation(X, axis=())
        np.testing.assert_allclose(value, X, rtol=1e-15)
        np.testing.assert_allclose(backward(X), X, rtol=1e-15)


def test_one_number_is_its_own_reduction():
    for operation in [sum, mean, max, logsumexp]:
        value, backward = operation(np.array(3.0))
        assert value == 3
        assert backward(np.array(2.0)) == 2


def test_the_sum_of_nothing_is_zero():
    value, backward = sum(np.ones((0, 4)), axis=0)
    np.testing.assert_equal(value, np.zeros(4))
    assert backward(value).shape == (0, 4)
