"""Properties of the operations that only move entries."""

import numpy as np
import pytest

from course_lib.operations.shapes import (
    concatenate,
    expand_dims,
    flatten,
    getitem,
    split,
    squeeze,
    stack,
    transpose,
)

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("axes", [None, (1, 2, 0), (2, 0, 1), (0, -1, 1)])
def test_backward_of_a_transpose_puts_every_entry_back(axes):
    value, backward = transpose(X, axes=axes)
    np.testing.assert_equal(backward(value), X)


@pytest.mark.parametrize("axis", [0, 1, -1, -3])
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


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_what_is_stacked_can_be_taken_out_again(axis):
    xs = [X[0], X[1], -X[0]]
    value, backward = stack(*xs, axis=axis)
    assert value.shape[axis] == 3
    np.testing.assert_equal(backward(value), tuple(xs))
    np.testing.assert_equal(np.take(value, 2, axis), -X[0])


@pytest.mark.parametrize("axis", [0, 1, -1, (1, -1)])
def test_squeeze_undoes_expand_dims(axis):
    value, backward = expand_dims(X, axis=axis)
    np.testing.assert_equal(squeeze(value, axis=axis)[0], X)
    np.testing.assert_equal(backward(value), X)
    np.testing.assert_equal(squeeze(value)[0], X)
    assert squeeze(np.ones((1, 3, 1)), axis=0)[0].shape == (3, 1)


def test_a_piece_may_be_empty():
    (empty, whole), backward = split(X, sizes=[0, 2])
    assert empty.shape == (0, 3, 4)
    np.testing.assert_equal(whole, X)
    np.testing.assert_equal(backward(empty, whole), X)
