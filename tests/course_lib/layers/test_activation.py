"""What the table can't hold: a frequency too high for differences, and maxout's use."""

import numpy as np
import pytest

from course_lib.layers import Maxout, Sine
from course_lib.operations.activations import relu


def test_the_sine_is_sirens():
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_equal(Sine().predict(x), np.sin(30 * x))
    assert repr(Sine()) == "Sine(30.0)"


@pytest.mark.parametrize(
    ("weights", "function"), [([0, 1], lambda x: relu(x)[0]), ([-1, 1], np.abs)]
)
def test_maxout_can_be_the_relu_and_the_absolute_value(weights, function):
    layer = Maxout(1, 1, rng=np.random.default_rng(0))
    layer.weight.value[:, 0] = weights
    x = np.linspace(-2, 2, 9).reshape(-1, 1)
    np.testing.assert_equal(layer.predict(x), function(x))


def test_maxout_starts_by_the_fan_in():
    """As many inputs, so as wide a distribution, however many pieces there are."""
    layer = Maxout(400, 30, pieces=5, rng=np.random.default_rng(0))
    std = layer.weight.value.std()
    assert abs(std * 20 - 1) < 5 / np.sqrt(2 * layer.weight.value.size)
    np.testing.assert_equal(layer.bias.value, np.zeros(150))
