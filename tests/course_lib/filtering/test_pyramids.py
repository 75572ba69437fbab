"""Pyramids: sizes, flats, frequencies, and the way back."""

from itertools import pairwise

import numpy as np
import pytest

from course_lib.filtering import (
    binomial,
    correlate,
    gaussian_pyramid,
    laplacian_pyramid,
    reconstruct,
)
from course_lib.filtering.pyramids import expand, reduce

SHAPES = [(16, 24), (13, 22), (7, 5, 3), (1, 6), (2, 1)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def draw(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@every_shape
def test_a_laplacian_pyramid_holds_the_whole_image(shape):
    image = draw(shape)
    pyramid = laplacian_pyramid(image, 4)
    restored = reconstruct(pyramid)
    assert restored.shape == shape
    np.testing.assert_allclose(restored, image, atol=4e-15)


@every_shape
def test_each_level_has_half_the_rows_and_columns(shape):
    for pyramid in [gaussian_pyramid, laplacian_pyramid]:
        levels = pyramid(draw(shape), 4)
        assert len(levels) == 4
        for fine, coarse in pairwise(levels):
            assert coarse.shape[0] == (fine.shape[0] + 1) // 2
            assert coarse.shape[1] == (fine.shape[1] + 1) // 2
            assert coarse.shape[2:] == shape[2:]


@every_shape
def test_a_flat_image_stays_flat_and_has_no_detail(shape):
    flat = np.full(shape, 0.7)
    for level in gaussian_pyramid(flat, 4):
        np.testing.assert_allclose(level, 0.7, rtol=1e-14)
    *details, last = laplacian_pyramid(flat, 4)
    for detail in details:
        np.testing.assert_allclose(detail, 0, atol=1e-15)
    np.testing.assert_allclose(last, 0.7, rtol=1e-14)


def test_reducing_blurs_and_takes_every_second_pixel():
    image = draw((9, 12))
    blurred = correlate(image, binomial(5), padding="reflect")
    np.testing.assert_allclose(reduce(image), blurred[::2, ::2], rtol=1e-14)
    np.testing.assert_equal(gaussian_pyramid(image, 3)[2], reduce(reduce(image)))


def test_expanding_by_hand():
    """A pixel weighs 6/8 at its place and 1/8 at the next pixel, 1/2 in the gap."""
    line = np.zeros((4, 4))
    line[1:3] = 8
    wide = expand(line, (8, 8))
    np.testing.assert_allclose(wide[2:6, 3], [7, 8, 7, 4], rtol=1e-14)
    np.testing.assert_allclose(wide, wide[:, :1] * np.ones(8), rtol=1e-14)
    np.testing.assert_allclose(expand(line.T, (8, 8)), wide.T, rtol=1e-14)


def test_a_level_of_detail_is_what_halving_lost():
    image = draw((10, 13))
    fine, coarse = gaussian_pyramid(image, 2)
    detail, last = laplacian_pyramid(image, 2)
    np.testing.assert_equal(last, coarse)
    np.testing.assert_allclose(detail, fine - expand(coarse, fine.shape), rtol=1e-14)


def test_fine_patterns_vanish_and_do_not_come_back_as_coarse_ones():
    """A chequerboard, whose every second pixel is the same."""
    checks = np.indices((16, 16)).sum(axis=0) % 2 * 2.0 - 1
    assert np.abs(checks[::2, ::2].mean()) == 1
    np.testing.assert_allclose(reduce(checks), 0, atol=1e-15)


def test_one_level_is_the_image():
    image = draw((5, 4))
    for pyramid in [gaussian_pyramid, laplacian_pyramid]:
        (only,) = pyramid(image, 1)
        np.testing.assert_equal(only, image)
    np.testing.assert_equal(reconstruct([image]), image)


def test_float32_stays_float32():
    pyramid = laplacian_pyramid(draw((9, 6)).astype(np.float32), 3)
    assert {level.dtype for level in pyramid} == {np.dtype(np.float32)}
    assert reconstruct(pyramid).dtype == np.float32


@pytest.mark.parametrize("levels", [0, -1])
def test_levels_are_counted_from_one(levels):
    for pyramid in [gaussian_pyramid, laplacian_pyramid]:
        with pytest.raises(
            ValueError, match=f"levels is {levels}, expected at least 1"
        ):
            pyramid(draw((4, 4)), levels)


@pytest.mark.parametrize("shape", [(8, 8), (4, 8), (6, 9), (6, 6)])
def test_expanding_needs_about_twice_the_size(shape):
    with pytest.raises(ValueError, match=r"expand: image has shape \(3, 4\).*half"):
        expand(draw((3, 4)), shape)


def test_nothing_can_not_be_put_together():
    with pytest.raises(ValueError, match=r"reconstruct: the pyramid is empty"):
        reconstruct([])
