"""Pooling layers that the table can't hold: two outputs, two inputs, wrong settings."""

import numpy as np
import pytest
import torch

from course_lib.graph import Node, backpropagate
from course_lib.layers import MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool2d, Upsample

X = np.random.default_rng(0).normal(size=(3, 2, 6, 9))


def test_unpooling_takes_the_indices_that_pooling_returns():
    pool, unpool = MaxPool2d(3, 2, 1, return_indices=True), MaxUnpool2d(3, 2, 1)
    x, tensor = Node(X), torch.tensor(X, requires_grad=True)
    y, indices = pool(x)
    restored = unpool(y * y, indices, x.shape)
    theirs, their_indices = torch.nn.MaxPool2d(3, 2, 1, return_indices=True)(tensor)
    expected = torch.nn.MaxUnpool2d(3, 2, 1)(theirs * theirs, their_indices, X.shape)
    dy = np.random.default_rng(1).normal(size=X.shape)
    expected.backward(torch.tensor(dy))
    np.testing.assert_equal(indices.value, their_indices.numpy())
    np.testing.assert_allclose(restored.value, expected.detach().numpy(), rtol=1e-14)
    gradients = backpropagate(restored, [x], gradient=dy)
    np.testing.assert_allclose(gradients[x], tensor.grad.numpy(), rtol=1e-14)


@pytest.mark.parametrize(
    ("pool", "torch_pool", "shape"),
    [
        (MaxPool1d, torch.nn.MaxPool1d, (3, 2, 7)),
        (MaxPool2d, torch.nn.MaxPool2d, (3, 2, 5, 7)),
        (MaxPool3d, torch.nn.MaxPool3d, (3, 2, 5, 7, 4)),
    ],
)
def test_indices_come_with_predictions_too(pool, torch_pool, shape):
    x = np.random.default_rng(0).normal(size=shape)
    y, indices = pool(2, dilation=2, return_indices=True).predict(x)
    expected = torch_pool(2, dilation=2, return_indices=True)(torch.tensor(x))
    np.testing.assert_equal(y, expected[0].numpy())
    np.testing.assert_equal(indices, expected[1].numpy())
    of_array = pool(2, dilation=2, return_indices=True)(x)
    np.testing.assert_equal(of_array[1].value, indices)


def test_indices_do_not_take_the_type_of_float32_images():
    """Which would round the places of an image of more than 2²⁴ pixels."""
    y, indices = MaxPool2d(2, return_indices=True)(X.astype(np.float32))
    assert y.value.dtype == np.float32
    assert indices.value.dtype == np.float64


def test_unpooling_without_a_size_gives_the_least():
    pooled = np.ones((3, 2, 2, 4))
    indices = np.arange(8).reshape(2, 4) + np.zeros(pooled.shape, dtype=int)
    assert MaxUnpool2d(2).predict(pooled, indices).shape == (3, 2, 4, 8)


@pytest.mark.parametrize("mode", ["linear", "bicubic", "Nearest"])
def test_upsampling_knows_two_modes(mode):
    with pytest.raises(ValueError, match=rf"Upsample: mode is '{mode}', expected"):
        Upsample(scale_factor=2, mode=mode)


@pytest.mark.parametrize("align_corners", [True, False])
def test_copies_of_pixels_have_no_corners_to_align(align_corners):
    message = f"Upsample: align_corners is {align_corners}, .*bilinear"
    with pytest.raises(ValueError, match=message):
        Upsample(scale_factor=2, align_corners=align_corners)
