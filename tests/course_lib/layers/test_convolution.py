"""Convolutional layers: how their weights begin, and what they refuse."""

import numpy as np
import pytest
import torch

from course_lib import layers
from course_lib.initializers import he_normal

NAMES = ["Conv1d", "Conv2d", "Conv3d"]
TRANSPOSED = ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


@pytest.mark.parametrize("name", NAMES + TRANSPOSED)
@pytest.mark.parametrize("bias", [True, False])
def test_names_and_shapes_are_torchs(name, bias):
    settings = {"groups": 2, "bias": bias}
    layer = getattr(layers, name)(4, 6, 3, **settings, rng=np.random.default_rng(0))
    module = getattr(torch.nn, name)(4, 6, 3, **settings)
    ours = {key: array.shape for key, array in layer.state_dict().items()}
    assert ours == {key: tuple(t.shape) for key, t in module.state_dict().items()}


@pytest.mark.parametrize("name", NAMES + TRANSPOSED)
def test_the_weight_is_drawn_by_the_initializer_and_the_bias_starts_at_zero(name):
    def ramp(shape, rng):
        return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)

    rng = np.random.default_rng(0)
    layer = getattr(layers, name)(2, 3, 2, initializer=ramp, rng=rng)
    np.testing.assert_equal(
        layer.weight.value.ravel(), np.arange(layer.weight.value.size)
    )
    np.testing.assert_equal(layer.bias.value, [0, 0, 0])
    assert layer.bias.value.dtype == np.float32


@pytest.mark.parametrize("name", NAMES + TRANSPOSED)
def test_by_default_the_weight_is_he_normal(name):
    layer = getattr(layers, name)(2, 4, 3, groups=2, rng=np.random.default_rng(5))
    expected = he_normal(layer.weight.shape, np.random.default_rng(5))
    np.testing.assert_equal(layer.weight.value, expected)


@pytest.mark.parametrize("name", NAMES + TRANSPOSED)
@pytest.mark.parametrize("channels", [(4, 9, 2), (9, 4, 2), (4, 6, 0), (0, 4, 1)])
def test_groups_must_divide_both_numbers_of_channels(name, channels):
    inputs, outputs, groups = channels
    message = (
        f"{name}: in_channels is {inputs}, out_channels {outputs}, groups {groups}"
    )
    with pytest.raises(ValueError, match=message):
        getattr(layers, name)(
            inputs, outputs, 3, groups=groups, rng=np.random.default_rng(0)
        )


@pytest.mark.parametrize("kernel_size", [0, (3,), (3, 3, 3), (2, 0)])
def test_a_kernel_has_a_size_along_each_axis(kernel_size):
    with pytest.raises(ValueError, match=r"Conv2d: kernel_size is .* a tuple of 2"):
        layers.Conv2d(4, 6, kernel_size, rng=np.random.default_rng(0))


def test_one_channel_each():
    """The smallest layer there is."""
    layer = layers.Conv2d(1, 1, 1, rng=np.random.default_rng(0))
    assert layer.weight.shape == (1, 1, 1, 1)
    assert layer.predict(np.ones((3, 1, 2, 4))).shape == (3, 1, 2, 4)
