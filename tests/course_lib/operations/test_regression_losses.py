"""Kinks, far values and properties of the losses of regression."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.regression_losses import huber, l1, mse

ONE = np.array(1.0)
ALL = [mse, l1, huber]


def test_absolute_errors_of_zero_have_no_gradient():
    y = np.array([1.0, 2.0, -3.0])
    _, backward = l1(y, labels=[1, 1, 1])
    np.testing.assert_allclose(backward(ONE), [0, 1 / 3, -1 / 3])


def test_huber_at_its_two_joints():
    y = np.array([-2.0, 2.0, 0.0, 2.0 + 1e-9])
    tensor = torch.tensor(y, requires_grad=True)
    expected = functional.huber_loss(tensor, torch.zeros(4).double(), delta=2)
    expected.backward()
    value, backward = huber(y, labels=np.zeros(4), delta=2)
    np.testing.assert_allclose(value, expected.item(), rtol=1e-15)
    np.testing.assert_allclose(backward(ONE), tensor.grad, rtol=1e-15)


@pytest.mark.parametrize("delta", [0.25, 1.0, 3.0])
def test_smooth_l1_is_huber_over_delta(delta):
    y = np.random.default_rng(0).normal(size=(3, 4))
    theirs = functional.smooth_l1_loss(
        torch.tensor(y), torch.zeros(3, 4).double(), beta=delta
    )
    value, _ = huber(y, labels=np.zeros((3, 4)), delta=delta)
    np.testing.assert_allclose(value / delta, theirs.item(), rtol=1e-14)


def test_huber_lies_between_the_parabola_and_the_straight_line():
    y = np.random.default_rng(0).normal(size=(3, 4))
    t = np.zeros((3, 4))
    wide, _ = huber(y, labels=t, delta=100.0)
    np.testing.assert_allclose(wide, mse(y, labels=t)[0] / 2, rtol=1e-14)
    narrow, _ = huber(y, labels=t, delta=1e-9)
    np.testing.assert_allclose(narrow / 1e-9, l1(y, labels=t)[0], rtol=1e-8)


def test_one_wild_label_moves_the_mean_and_not_the_median():
    """At the labels' mean the gradient of mse is 0; at their median, that of l1."""
    labels = np.array([1.0, 2.0, 3.0, 4.0, 1000.0])
    _, backward = mse(np.full(5, labels.mean()), labels=labels)
    assert abs(backward(ONE).sum()) < 1e-12
    _, backward = l1(np.full(5, np.median(labels)), labels=labels)
    assert backward(ONE).sum() == 0


@pytest.mark.parametrize("operation", ALL, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_far_out(operation, dtype):
    y = np.array([1e4, -1e4], dtype)
    value, backward = operation(y, labels=np.zeros(2))
    expected = {mse: (1e8, 1e4), l1: (1e4, 0.5), huber: (1e4 - 0.5, 0.5)}[operation]
    dx = backward(dtype(1))
    np.testing.assert_allclose(value, expected[0], rtol=1e-6)
    np.testing.assert_allclose(dx, [expected[1], -expected[1]], rtol=1e-6)
    assert value.dtype == dx.dtype == dtype


@pytest.mark.parametrize("operation", ALL, ids=lambda f: f.__name__)
def test_a_loss_does_not_grow_with_the_batch(operation):
    y = np.random.default_rng(0).normal(size=(4, 3))
    once, _ = operation(y, labels=2 * y)
    twice, _ = operation(np.tile(y, (2, 1)), labels=np.tile(2 * y, (2, 1)))
    np.testing.assert_allclose(once, twice, rtol=1e-14)


def test_a_setting_of_another_float_type_does_not_change_the_type():
    y = np.ones(3, np.float32)
    value, backward = huber(y, labels=np.zeros(3), delta=np.float64(0.5))
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32
