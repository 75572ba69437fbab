"""Adaptive pooling of what is empty."""

import numpy as np
import pytest

from course_lib.operations.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)


@pytest.mark.parametrize("pool", [adaptive_avg_pool2d, adaptive_max_pool2d])
def test_images_without_channels_have_no_entry_to_pool(pool):
    y, backward = pool(np.ones((3, 0, 5, 8)), output_size=2)
    assert y.shape == (3, 0, 2, 2)
    assert backward(y).shape == (3, 0, 5, 8)
