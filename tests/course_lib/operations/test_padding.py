"""Padding where the tables do not reach: adjointness, memory layout, empty borders."""

import numpy as np
import pytest

from course_lib.operations.padding import pad

NUMPYS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge"}


@pytest.mark.parametrize("mode", NUMPYS)
@pytest.mark.parametrize("widths", [((0, 2), (3, 1), (1, 0)), ((1, 1), (0, 0), (2, 3))])
def test_every_axis_can_be_padded_as_numpy_does(mode, widths):
    x = np.random.default_rng(0).normal(size=(3, 5, 4))
    value, _ = pad(x, widths=widths, mode=mode)
    np.testing.assert_equal(value, np.pad(x, widths, NUMPYS[mode]))


@pytest.mark.parametrize("mode", NUMPYS)
def test_backward_is_the_adjoint(mode):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 5, 4))
    value, backward = pad(x, widths=((2, 4), (3, 0)), mode=mode)
    dy = rng.normal(size=value.shape)
    assert np.vdot(value, dy) == pytest.approx(np.vdot(x, backward(dy)), rel=1e-12)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 2, 3, 0), (0, 2, 3, 1)])
def test_the_border_lies_in_memory_as_the_image_does(order):
    lying = np.arange(360.0).reshape([(3, 4, 5, 6)[i] for i in order])
    x = lying.transpose(np.argsort(order))
    value, _ = pad(x, widths=((1, 2), (2, 1)), mode="reflect")
    assert value.transpose(order).flags.c_contiguous
    np.testing.assert_equal(
        value, np.pad(x, ((0, 0), (0, 0), (1, 2), (2, 1)), "reflect")
    )


@pytest.mark.parametrize("mode", NUMPYS)
def test_no_border_costs_no_copy(mode):
    x = np.ones((3, 0, 4))
    value, backward = pad(x, widths=((0, 0), (0, 0)), mode=mode)
    assert value is x
    assert backward(x).shape == x.shape


def test_a_border_of_an_empty_batch():
    value, backward = pad(np.ones((0, 2, 3)), widths=[(1, 2)], mode="replicate")
    assert value.shape == (0, 2, 6)
    assert backward(value).shape == (0, 2, 3)


def test_one_entry_is_enough_to_be_replicated():
    y, backward = pad(np.array([[2.0], [3.0]]), widths=[(2, 1)], mode="replicate")
    np.testing.assert_equal(y, [[2, 2, 2, 2], [3, 3, 3, 3]])
    np.testing.assert_equal(backward(np.ones((2, 4))), [[4], [4]])
