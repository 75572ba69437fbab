"""Properties of upsampling, and more sizes than its table holds, against torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.upsampling import upsample_bilinear, upsample_nearest

X = np.random.default_rng(0).normal(size=(3, 2, 4, 6))


@pytest.mark.parametrize("size", [1, 3, 7, (5, 13), (4, 6), (8, 12)])
@pytest.mark.parametrize("settings", [{}, {"align_corners": True}])
def test_a_constant_image_stays_constant(size, settings):
    """The weights of each pixel add up to 1."""
    flat = np.full(X.shape, 2.5)
    value, _ = upsample_bilinear(flat, size=size, **settings)
    np.testing.assert_allclose(value, 2.5, rtol=1e-14)
    value, _ = upsample_nearest(flat, size=size)
    np.testing.assert_equal(value, 2.5)


def test_corners_that_are_aligned_keep_their_values_and_ramps_their_slope():
    ramp = np.add.outer(10.0 * np.arange(4), np.arange(6.0))[None, None]
    value, _ = upsample_bilinear(ramp, size=(10, 11), align_corners=True)
    expected = np.add.outer(10 * np.linspace(0, 3, 10), np.linspace(0, 5, 11))
    np.testing.assert_allclose(value[0, 0], expected, rtol=1e-14, atol=1e-14)


def test_nearest_is_exact_where_torch_rounds():
    """Pixel 41 of 82 over 2 begins the second half; torch's float32 takes the first."""
    x = np.arange(2.0).reshape(1, 1, 1, 2)
    value, _ = upsample_nearest(x, size=(1, 82))
    np.testing.assert_equal(value[0, 0, 0], np.repeat([0, 1], 41))
    single = torch.tensor(x, dtype=torch.float32)
    theirs = functional.interpolate(single, size=(1, 82), mode="nearest")
    assert theirs.sum() == 40


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("factor", [0.5, 0.75, 1, 1.1, 1.5, 2, 2.3, 2.75, 4])
def test_factors_round_as_in_torch(n, factor):
    x = np.random.default_rng(n).normal(size=(1, 2, 8, n))
    if int(n * factor) == 0:
        return
    for operation, settings in [
        (upsample_nearest, {"mode": "nearest"}),
        (upsample_bilinear, {"mode": "bilinear"}),
        (upsample_bilinear, {"mode": "bilinear", "align_corners": True}),
    ]:
        aligned = {k: v for k, v in settings.items() if k == "align_corners"}
        value, _ = operation(x, scale_factor=(1.0, factor), **aligned)
        expected = functional.interpolate(
            torch.tensor(x), scale_factor=(1.0, factor), **settings
        )
        np.testing.assert_allclose(value, expected.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("operation", [upsample_nearest, upsample_bilinear])
def test_the_memory_layout_changes_nothing(operation):
    other = np.ascontiguousarray(X.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)
    value, backward = operation(X, size=(7, 9))
    value_other, backward_other = operation(other, size=(7, 9))
    dy = np.random.default_rng(1).normal(size=value.shape)
    np.testing.assert_allclose(value_other, value, rtol=1e-13)
    np.testing.assert_allclose(backward_other(dy), backward(dy), rtol=1e-12)
