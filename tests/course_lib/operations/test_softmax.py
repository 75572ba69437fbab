"""Softmax where a naive formula fails, and the properties that it must have."""

import numpy as np
import pytest

from course_lib.operations.softmax import log_softmax, softmax

FAR = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4 + 1, -1e4], [1000.0, 1000.0, -1000.0]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_softmax_is_safe_far_out_row_by_row(dtype):
    """One maximum for all rows would leave 0/0 in the second."""
    value, backward = softmax(FAR.astype(dtype))
    e = np.exp(1.0)
    expected = [[1, 0, 0], [1 / (2 + e), e / (2 + e), 1 / (2 + e)], [0.5, 0.5, 0]]
    np.testing.assert_allclose(value, expected, rtol=3 * np.finfo(dtype).eps)
    dx = backward(np.eye(3, dtype=dtype))
    np.testing.assert_allclose(dx[[0, 2]], [[0, 0, 0], [0, 0, 0]], atol=1e-300)
    assert value.dtype == dx.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_log_softmax_is_safe_far_out_row_by_row(dtype):
    value, backward = log_softmax(FAR.astype(dtype))
    log_sum = np.log(2 + np.e)
    expected = [
        [0, -1e4, -2e4],
        [-log_sum, 1 - log_sum, -log_sum],
        [-np.log(2), -np.log(2), -2000 - np.log(2)],
    ]
    np.testing.assert_allclose(value, expected, rtol=3 * np.finfo(dtype).eps)
    dx = backward(np.ones((3, 3), dtype))
    np.testing.assert_allclose(dx[0], [-2, 1, 1])
    np.testing.assert_allclose(dx[2], [-0.5, -0.5, 1], rtol=1e-6)


def test_log_softmax_is_finite_where_softmax_is_zero():
    value, _ = log_softmax(np.array([[0.0, 800.0]]))
    np.testing.assert_equal(value, [[-800, 0]])


def test_every_output_depends_on_every_input():
    """The Jacobian, row by row: pᵢ(δᵢⱼ − pⱼ), not its diagonal alone."""
    p, backward = softmax(np.array([0.3, -1.0, 2.0]))
    jacobian = [backward(row) for row in np.eye(3)]
    np.testing.assert_allclose(jacobian, np.diag(p) - np.outer(p, p), rtol=1e-12)


@pytest.mark.parametrize("operation", [softmax, log_softmax])
def test_only_differences_of_logits_count(operation):
    x = np.random.default_rng(0).normal(size=(4, 3))
    value, backward = operation(x)
    np.testing.assert_allclose(operation(x + 5)[0], value, rtol=1e-14)
    dx = backward(np.random.default_rng(1).normal(size=(4, 3)))
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-15)
