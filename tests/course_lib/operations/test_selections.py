"""Limits, ties with them, and what was not chosen."""

import numpy as np
import pytest
import torch

from course_lib.operations.selections import clip, where


def test_what_was_not_chosen_does_not_matter():
    """Not even if it is infinite, or its gradient: 0·∞ would be NaN."""
    a, b = np.array([np.inf, 1.0]), np.array([2.0, np.nan])
    value, backward = where(a, b, condition=[False, True])
    np.testing.assert_equal(value, [2, 1])
    da, db = backward(np.array([np.inf, np.nan]))
    np.testing.assert_equal(da, [0, np.nan])
    np.testing.assert_equal(db, [np.inf, 0])


def test_numbers_are_conditions_too():
    value, _ = where(np.ones(3), np.zeros(3), condition=[-2, 0, 0.5])
    np.testing.assert_equal(value, [1, 0, 1])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_clip_at_its_limits_and_far_out(dtype):
    x = torch.tensor([-1e4, -1, -0.5, 2, 3, 1e4], dtype=dtype, requires_grad=True)
    expected = torch.clamp(x, -1, 2)
    expected.sum().backward()
    value, backward = clip(x.detach().numpy(), low=-1, high=2)
    dx = backward(np.ones_like(value))
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_equal(dx, x.grad.numpy())
    assert dx.dtype == value.dtype == x.detach().numpy().dtype


def test_without_limits_everything_passes():
    x = np.array([-np.inf, -1e4, 0, np.inf])
    value, backward = clip(x)
    np.testing.assert_equal(value, x)
    np.testing.assert_equal(backward(np.arange(4.0)), [0, 1, 2, 3])


def test_equal_limits_are_limits():
    value, backward = clip(np.array([0.0, 1.0, 2.0]), low=1, high=1)
    np.testing.assert_equal(value, [1, 1, 1])
    np.testing.assert_equal(backward(np.ones(3)), [0, 1, 0])
