import numpy as np
import pytest
import torch

from course_lib.operations.bessel import BORDER, scaled_bessel

THEIRS = {0: torch.special.i0e, 1: torch.special.i1e}


@pytest.mark.parametrize("order", [0, 1])
def test_equal_to_torchs_from_zero_to_a_million(order):
    near = np.linspace(0, 2 * BORDER, 4001)
    x = np.concatenate([near, np.geomspace(2 * BORDER, 1e6, 1000)])
    expected = THEIRS[order](torch.tensor(x)).numpy()
    np.testing.assert_allclose(scaled_bessel(x, order=order), expected, rtol=1e-14)


def test_equal_to_numpys_where_that_does_not_overflow():
    x = np.linspace(0, 700, 701)
    expected = np.log(np.i0(x)) - x
    np.testing.assert_allclose(
        np.log(scaled_bessel(x, order=0)), expected, rtol=1e-12, atol=1e-13
    )


@pytest.mark.parametrize("order", [0, 1])
def test_no_step_at_the_border(order):
    sides = scaled_bessel(np.array([BORDER * (1 - 1e-15), BORDER]), order=order)
    np.testing.assert_allclose(sides[0], sides[1], rtol=3e-15)


@pytest.mark.parametrize("order", [0, 1])
def test_float32_stays_float32_and_does_not_overflow(order):
    x = np.array([0, 1, 19, 21, 1e4, 1e6], np.float32)
    y = scaled_bessel(x, order=order)
    assert y.dtype == np.float32
    np.testing.assert_allclose(
        y, scaled_bessel(x.astype(float), order=order), rtol=2e-6
    )


def test_values_at_zero():
    assert scaled_bessel(np.array(0.0), order=0) == 1
    assert scaled_bessel(np.array(0.0), order=1) == 0
