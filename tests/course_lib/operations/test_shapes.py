"""Properties of the operations that only move entries."""

import numpy as np
import pytest

from course_lib.operations.shapes import concatenate, flatten, getitem, split, transpose

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("axes", [None, (1, 2, 0), (2, 0, 1), (0, -1, 1)])
def test_backward_of_a_transpose_puts_every_entry_back(axes):
    value, backward = transpose(X, axes=axes)
    np.testing.assert_equal(backward(value), X)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_concatenate_and_split_undo_each_other(axis):
    sizes = [1, X.shape[axis] - 1]
    pieces, backward = split(X, sizes=sizes, axis=axis)
    assert [piece.shape[axis] for piece in pieces] == sizes
    whole, back_to_pieces = concatenate(*pieces, axis=axis)
    np.testing.assert_equal(whole, X)
    np.testing.assert_equal(backward(*back_to_pieces(X)), X)


def test_what_was_not_taken_has_no_gradient():
    _, backward = getitem(X, index=(1, slice(None), [0, 0, 3]))
    dx = backward(np.ones((3, 3)))
    assert dx.sum() == 9
    np.testing.assert_equal(dx[1], [[2, 0, 0, 1]] * 3)
    np.testing.assert_equal(dx[0], 0)


def test_flatten_of_an_empty_batch_keeps_the_width():
    value, backward = flatten(np.ones((0, 3, 4)))
    assert value.shape == (0, 12)
    assert backward(value).shape == (0, 3, 4)
