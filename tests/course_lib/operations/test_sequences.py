"""Sequences of unequal lengths: what reversing and masking keep."""

import numpy as np
import pytest

from course_lib.operations.sequences import mask_padding, reverse, unstack

X = np.random.default_rng(0).normal(size=(6, 4, 3))
LENGTHS = [3, 6, 1, 4]


@pytest.mark.parametrize("lengths", [None, LENGTHS])
def test_reversing_undoes_itself(lengths):
    once, backward = reverse(X, lengths=lengths)
    np.testing.assert_equal(reverse(once, lengths=lengths)[0], X)
    np.testing.assert_equal(backward(once), X)


def test_reversing_leaves_the_padding_behind():
    y, _ = reverse(X, lengths=LENGTHS)
    for n, length in enumerate(LENGTHS):
        np.testing.assert_equal(y[:length, n], X[:length, n][::-1])
        np.testing.assert_equal(y[length:, n], X[length:, n])


def test_a_mask_stops_whatever_stands_in_the_padding():
    x = X.copy()
    x[4:, 3] = np.nan
    y, backward = mask_padding(x, lengths=[6, 6, 6, 4])
    np.testing.assert_equal(y[:, :3], X[:, :3])
    np.testing.assert_equal(y[:4, 3], X[:4, 3])
    np.testing.assert_equal(y[4:, 3], 0)
    np.testing.assert_equal(backward(x), y)


def test_unstack_gives_what_indexing_does():
    pieces, backward = unstack(X)
    assert isinstance(pieces, tuple)
    np.testing.assert_equal(pieces, list(X))
    np.testing.assert_equal(backward(*pieces), X)
