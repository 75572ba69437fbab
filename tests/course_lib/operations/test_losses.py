"""Softmax and losses where a naive formula fails, and the properties they must have."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.losses import cross_entropy, log_softmax, mse, softmax

FAR = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4 + 1, -1e4], [1000.0, 1000.0, -1000.0]])


def test_softmax_is_safe_far_out_row_by_row():
    """One maximum for all rows would leave 0/0 in the second."""
    value, backward = softmax(FAR)
    np.testing.assert_allclose(value[0], [1, 0, 0], atol=1e-300)
    np.testing.assert_allclose(value[2], [0.5, 0.5, 0], atol=1e-300)
    np.testing.assert_allclose(value.sum(axis=1), 1, rtol=1e-15)
    assert np.isfinite(backward(FAR)).all()


def test_log_softmax_is_finite_where_softmax_is_zero():
    value, _ = log_softmax(np.array([[0.0, 800.0]]))
    np.testing.assert_equal(value, [[-800, 0]])


def test_cross_entropy_is_exact_for_a_gap_of_800():
    """ln(p + ε) would stop at −ln ε."""
    value, backward = cross_entropy(np.array([[0.0, 800.0]]), labels=[0])
    assert value == 800
    np.testing.assert_equal(backward(np.array(1.0)), [[-1, 1]])


def test_cross_entropy_of_rows_far_apart():
    logits = np.array([[1000.0, 1001.0], [-1000.0, -1001.0]])
    value, _ = cross_entropy(logits, labels=[0, 0])
    gap = np.log1p(np.exp(1.0)), np.log1p(np.exp(-1.0))
    np.testing.assert_allclose(value, np.mean(gap), rtol=1e-15)


def test_a_class_ruled_out_costs_nothing():
    logits = np.array([[0.0, -np.inf, 0.0]])
    for labels in [[2], [[0.0, 0.0, 1.0]]]:
        value, backward = cross_entropy(logits, labels=labels)
        np.testing.assert_allclose(value, np.log(2), rtol=1e-15)
        np.testing.assert_allclose(
            backward(np.array(1.0)), [[0.5, 0, -0.5]], rtol=1e-15
        )


def test_class_numbers_and_one_hot_rows_agree():
    logits = np.random.default_rng(0).normal(size=(4, 3))
    by_number, backward = cross_entropy(logits, labels=[2, 0, 0, 1])
    by_row, backward_by_row = cross_entropy(logits, labels=np.eye(3)[[2, 0, 0, 1]])
    assert by_number == by_row
    one = np.array(1.0)
    np.testing.assert_equal(backward(one), backward_by_row(one))


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes():
    value, _ = cross_entropy(np.zeros((7, 10)), labels=np.arange(7))
    np.testing.assert_allclose(value, np.log(10), rtol=1e-15)


@pytest.mark.parametrize("operation", [softmax, log_softmax])
def test_only_differences_of_logits_count(operation):
    x = np.random.default_rng(0).normal(size=(4, 3))
    value, backward = operation(x)
    np.testing.assert_allclose(operation(x + 5)[0], value, rtol=1e-14)
    dx = backward(np.random.default_rng(1).normal(size=(4, 3)))
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-15)


def test_a_loss_does_not_grow_with_the_batch():
    logits = np.random.default_rng(0).normal(size=(4, 3))
    labels = [2, 0, 0, 1]
    once, _ = cross_entropy(logits, labels=labels)
    twice, _ = cross_entropy(np.tile(logits, (2, 1)), labels=labels * 2)
    np.testing.assert_allclose(once, twice, rtol=1e-15)
    np.testing.assert_allclose(
        mse(logits, labels=2 * logits)[0],
        mse(np.tile(logits, (2, 1)), labels=np.tile(2 * logits, (2, 1)))[0],
        rtol=1e-15,
    )


def test_labels_of_another_float_type_do_not_change_the_type():
    logits = np.zeros((2, 3), np.float32)
    value, backward = cross_entropy(logits, labels=np.eye(3)[:2])
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32
    value, backward = mse(logits, labels=np.ones((2, 3)))
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32


def test_float32_logits_far_out_equal_torchs():
    logits = FAR.astype(np.float32)
    expected = functional.cross_entropy(torch.tensor(logits), torch.tensor([1, 1, 2]))
    value, _ = cross_entropy(logits, labels=[1, 1, 2])
    np.testing.assert_allclose(value, expected.item(), rtol=1e-6)
