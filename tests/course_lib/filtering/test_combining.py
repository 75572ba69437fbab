"""Kernels in turn and at once: the same result, counted."""

import numpy as np
import pytest

from course_lib.filtering import (
    binomial,
    combine,
    convolve,
    correlate,
    correlate_separable,
    gaussian,
    is_separable,
    laplacian,
    multiplications,
    separate,
    sobel_x,
    sobel_y,
)

IMAGE = np.random.default_rng(0).normal(size=(7, 10))


@pytest.mark.parametrize("filtering", [correlate, convolve])
def test_one_kernel_does_what_three_do_in_turn(filtering):
    rng = np.random.default_rng(1)
    g, h, k = (rng.normal(size=shape) for shape in [(3, 2), (1, 4), (2, 2)])
    in_turn = IMAGE
    for kernel in [g, h, k]:
        in_turn = filtering(in_turn, kernel, mode="full")
    combined = combine(g, h, k)
    assert combined.shape == (4, 6)
    at_once = filtering(IMAGE, combined, mode="full")
    np.testing.assert_allclose(at_once, in_turn, rtol=1e-10, atol=1e-13)


def test_one_kernel_alone_is_itself():
    np.testing.assert_equal(combine(sobel_x()), sobel_x())


@pytest.mark.parametrize(
    ("shapes", "in_turn", "combined"),
    [
        ([(3, 3), (3, 3)], 18, 25),  # combining costs
        ([(7, 7), (3, 3)], 58, 81),
        ([(3, 1), (1, 3)], 6, 9),
        ([(1, 3), (1, 3)], 6, 5),  # in one line it saves
        ([(1, 1), (3, 3)], 10, 9),
        ([(3, 3), (3, 3), (3, 3)], 27, 49),
    ],
)
def test_what_combining_saves_and_costs(shapes, in_turn, combined):
    kernels = [np.ones(shape) for shape in shapes]
    assert multiplications(*kernels) == in_turn
    assert multiplications(combine(*kernels)) == combined


def test_filters_whose_answers_are_added_become_one():
    """A difference of blurs, at half of the work."""
    narrow, wide = gaussian(1.0, size=9), gaussian(1.6, size=9)
    apart = correlate(IMAGE, narrow) - correlate(IMAGE, wide)
    once = correlate(IMAGE, narrow - wide)
    np.testing.assert_allclose(once, apart, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    "kernel",
    [binomial(3), gaussian(0.9), sobel_x(), sobel_y(), -binomial(4), np.ones((2, 5))],
    ids=lambda kernel: str(kernel.shape),
)
def test_a_column_and_a_row_do_what_their_product_does(kernel):
    assert is_separable(kernel)
    column, row = separate(kernel)
    assert column.shape == (kernel.shape[0], 1)
    assert row.shape == (1, kernel.shape[1])
    np.testing.assert_allclose(column * row, kernel, rtol=1e-12, atol=1e-15)
    assert column[np.abs(column).argmax()] > 0
    assert abs(np.linalg.norm(column) - np.linalg.norm(row)) < 1e-14
    for settings in [
        {},
        {"mode": "valid"},
        {"mode": "full"},
        {"padding": "reflect"},
    ]:
        np.testing.assert_allclose(
            correlate_separable(IMAGE, column, row, **settings),
            correlate(IMAGE, kernel, **settings),
            rtol=1e-10,
            atol=1e-13,
        )


def test_sobel_separates_into_a_blur_and_a_difference():
    column, row = separate(sobel_x())
    np.testing.assert_allclose(column[:, 0] / column[0, 0], [1, 2, 1], rtol=1e-14)
    np.testing.assert_allclose(row[0] / row[0, 2], [-1, 0, 1], rtol=1e-14, atol=1e-15)


def test_not_every_kernel_is_a_product():
    assert not is_separable(laplacian())
    with pytest.raises(ValueError, match=r"separate: .*singular values are .*product"):
        separate(laplacian())


def test_the_tolerance_says_what_counts_as_zero():
    nearly = binomial(3) + 1e-4 * laplacian()
    assert not is_separable(nearly)
    assert is_separable(nearly, tolerance=1e-2)
    with pytest.raises(ValueError, match="separate"):
        separate(nearly)
    column, row = separate(nearly, tolerance=1e-2)
    np.testing.assert_allclose(column * row, nearly, atol=1e-3)
