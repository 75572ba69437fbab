"""The window of channels, at the borders and for any layout."""

import numpy as np
import pytest

from course_lib.operations.local_response import local_response_norm


@pytest.mark.parametrize(
    ("size", "neighbours"),
    [(1, [2]), (2, [1, 2]), (3, [1, 2, 3]), (4, [0, 1, 2, 3]), (5, [0, 1, 2, 3, 4])],
)
def test_which_channels_are_neighbours_of_the_third_of_five(size, neighbours):
    """Only what x₂ is a neighbour of feels it: its squares come one at a time."""
    for channel in range(5):
        x = np.ones((1, 5))
        x[0, channel] = 9
        y, _ = local_response_norm(x, size=size, alpha=size, beta=1.0, k=0.0)
        count = len(neighbours)
        if channel == 2:
            expected = 9 / (80 + count)
        else:
            expected = 1 / (80 * (channel in neighbours) + count)
        np.testing.assert_allclose(y[0, 2], expected, rtol=1e-14)


def test_a_window_may_be_wider_than_there_are_channels():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    y, _ = local_response_norm(x, size=50, alpha=50.0)
    expected = x / (1 + (x**2).sum(axis=1, keepdims=True)) ** 0.75
    np.testing.assert_allclose(y, expected, rtol=1e-14)


def test_alexnets_settings_by_its_formula():
    """a/(k + α Σ a²)^β with α = 1e-4 for the sum: 5e-4 for the mean of five."""
    x = 50 * np.random.default_rng(0).normal(size=(1, 7, 2, 3))
    y, _ = local_response_norm(x, size=5, alpha=5e-4, k=2.0)
    total = sum((x[:, j] ** 2 for j in range(1, 6)), start=0.0)
    np.testing.assert_allclose(
        y[:, 3], x[:, 3] / (2 + 1e-4 * total) ** 0.75, rtol=1e-14
    )


def test_positions_and_samples_stay_apart():
    x = np.random.default_rng(0).normal(size=(2, 4, 3, 5))
    y, _ = local_response_norm(x, size=3, alpha=1.0)
    for n, i, j in np.ndindex(2, 3, 5):
        alone, _ = local_response_norm(x[n, :, i, j][None], size=3, alpha=1.0)
        np.testing.assert_allclose(alone[0], y[n, :, i, j], rtol=1e-14)


def test_the_layout_stays():
    x = np.random.default_rng(0).normal(size=(3, 5, 4, 2)).transpose(3, 0, 1, 2)
    y, backward = local_response_norm(x, size=3)
    assert y.strides == x.strides
    assert backward(x).strides == x.strides
