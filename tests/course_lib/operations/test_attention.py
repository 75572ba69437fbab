"""Attention as an average: its weights, and what it cannot see."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.attention import scaled_dot_product_attention


def inputs(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in [(3, 4), (6, 4), (6, 2)]]


def weights(q, k, **settings):
    """With unit vectors for values the average is the weights themselves."""
    return scaled_dot_product_attention(q, k, np.eye(len(k)), **settings)[0]


def test_the_weights_are_positive_and_sum_to_one():
    q, k, _ = inputs()
    p = weights(q, k)
    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-15)


def test_the_order_of_keys_and_values_does_not_matter():
    q, k, v = inputs()
    order = [4, 0, 5, 2, 1, 3]
    shuffled, _ = scaled_dot_product_attention(q, k[order], v[order])
    np.testing.assert_allclose(
        shuffled, scaled_dot_product_attention(q, k, v)[0], rtol=1e-14
    )


def test_what_is_hidden_has_no_weight_and_no_gradient():
    q, k, v = inputs()
    mask = np.array([True, True, False, True, False, True])
    value, backward = scaled_dot_product_attention(q, k, v, mask=mask)
    _, dk, dv = backward(np.ones_like(value))
    assert not weights(q, k, mask=mask)[:, ~mask].any()
    assert not dk[~mask].any()
    assert not dv[~mask].any()
    alone, _ = scaled_dot_product_attention(q, k[mask], v[mask])
    np.testing.assert_allclose(value, alone, rtol=1e-14)


def test_a_query_that_sees_nothing_gets_zeros_and_no_gradient():
    q, k, v = inputs()
    mask = np.ones((3, 6), bool)
    mask[1] = False
    value, backward = scaled_dot_product_attention(q, k, v, mask=mask)
    dq, _, _ = backward(np.ones_like(value))
    assert not value[1].any()
    assert not dq[1].any()
    assert value[[0, 2]].all()


def test_minus_infinity_hides_as_false_does():
    q, k, v = inputs()
    mask = np.tri(3, 6, dtype=bool)
    added = np.where(mask, 0, -np.inf)
    np.testing.assert_equal(
        scaled_dot_product_attention(q, k, v, mask=added)[0],
        scaled_dot_product_attention(q, k, v, mask=mask)[0],
    )


@pytest.mark.parametrize("mask", [[[0, 1, 2, 3, 4, 5]], [[1, 0, 1, 0, 1, 0]]])
def test_numbers_are_added_even_where_they_are_whole(mask):
    q, k, v = inputs()
    expected = functional.scaled_dot_product_attention(
        *map(torch.tensor, (q, k, v)), attn_mask=torch.tensor(mask, dtype=torch.double)
    )
    value, _ = scaled_dot_product_attention(q, k, v, mask=mask)
    np.testing.assert_allclose(value, expected, rtol=1e-13)


def test_a_mask_of_float64_leaves_float32():
    q, k, v = (x.astype(np.float32) for x in inputs())
    value, backward = scaled_dot_product_attention(q, k, v, mask=np.zeros((3, 6)))
    dtypes = {x.dtype for x in [value, *backward(value)]}
    assert dtypes == {np.dtype(np.float32)}


def test_large_scores_do_not_overflow():
    q, k, v = inputs()
    value, backward = scaled_dot_product_attention(1e4 * q, k, v)
    best = np.argmax(q @ k.T, axis=1)
    np.testing.assert_allclose(value, v[best], rtol=1e-12)
    assert all(np.isfinite(dx).all() for dx in backward(value))


def test_what_is_not_a_number_stays_none():
    """It compares as larger than nothing, but is not what a query cannot see."""
    q, k, v = inputs()
    q[1, 0] = np.nan
    value, _ = scaled_dot_product_attention(q, k, v)
    np.testing.assert_equal(np.isnan(value).any(axis=1), [False, True, False])
