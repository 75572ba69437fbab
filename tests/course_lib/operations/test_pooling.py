"""Pooling and unpooling at ties, borders and in other memory layouts, against torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)
from course_lib.operations.max_indices import max_indices
from course_lib.operations.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from course_lib.operations.unpooling import max_unpool2d

MAX = {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}
AVG = {1: avg_pool1d, 2: avg_pool2d, 3: avg_pool3d}
SHAPES = {1: (3, 2, 9), 2: (3, 2, 5, 8), 3: (3, 2, 5, 4, 7)}
SETTINGS = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 1, "padding": 1},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"kernel_size": 2, "stride": 1, "dilation": 2, "padding": 1},
]


def torch_max(dims, x, **settings):
    return getattr(functional, f"max_pool{dims}d")(x, **settings)


def tied(name, shape):
    """Inputs in which many windows have several largest entries."""
    rng = np.random.default_rng(2)
    return {
        "constant": np.full(shape, -2.0),
        "few values": rng.integers(-2, 1, size=shape).astype(float),
        "nothing but −∞": np.full(shape, -np.inf),
    }[name]


every_tie = pytest.mark.parametrize("tie", ["constant", "few values", "nothing but −∞"])
every_dims = pytest.mark.parametrize("dims", [1, 2, 3])
every_setting = pytest.mark.parametrize("settings", SETTINGS, ids=str)


@every_dims
@every_setting
@every_tie
def test_the_first_of_equal_largest_entries_gets_it_all(dims, settings, tie):
    x = tied(tie, SHAPES[dims])
    tensor = torch.tensor(x, requires_grad=True)
    expected = torch_max(dims, tensor, **settings)
    dy = np.arange(1.0, 1.0 + expected.numel()).reshape(expected.shape)
    expected.backward(torch.tensor(dy))
    value, backward = MAX[dims](x, **settings)
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_equal(backward(dy), tensor.grad.numpy())


@every_dims
@every_setting
@every_tie
def test_indices_are_torchs(dims, settings, tie):
    x = tied(tie, SHAPES[dims])
    _, expected = torch_max(dims, torch.tensor(x), return_indices=True, **settings)
    indices = max_indices(x, **settings)
    assert indices.dtype == np.int64
    np.testing.assert_equal(indices, expected.numpy())


@pytest.mark.parametrize("shape", [(3, 4), (3, 2, 4, 4, 4, 4)])
def test_indices_are_of_images_signals_or_clips(shape):
    with pytest.raises(ValueError, match=r"max_indices: x has shape .*\(N, C, H, W\)"):
        max_indices(np.ones(shape), kernel_size=2)


@pytest.mark.parametrize("size", [1, 2, (3, 5), (7, 3)])
def test_adaptive_maximum_gives_ties_to_the_first(size):
    x = tied("few values", SHAPES[2])
    tensor = torch.tensor(x, requires_grad=True)
    expected = functional.adaptive_max_pool2d(tensor, size)
    dy = np.arange(1.0, 1.0 + expected.numel()).reshape(expected.shape)
    expected.backward(torch.tensor(dy))
    value, backward = adaptive_max_pool2d(x, output_size=size)
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_equal(backward(dy), tensor.grad.numpy())


def test_a_window_may_be_far_larger_than_the_image():
    """With a padding of 3, both windows of 6 see the one entry that there is."""
    value, backward = max_pool1d(
        np.array([[[-5.0]]]), kernel_size=6, stride=1, padding=3
    )
    np.testing.assert_equal(value, [[[-5, -5]]])
    np.testing.assert_equal(backward(np.array([[[1.0, 10.0]]])), [[[11]]])


def channels_outside(x):
    """The same array, laid out (C, …, N) in memory."""
    return np.ascontiguousarray(np.moveaxis(x, 0, -1)).transpose(-1, *range(x.ndim - 1))


def memory_order(x):
    """The axes from the slowest to the fastest."""
    return np.argsort(x.strides)[::-1].tolist()


@every_dims
@pytest.mark.parametrize("pools", [MAX, AVG], ids=["max", "avg"])
def test_the_memory_layout_changes_nothing_and_is_kept(dims, pools):
    rng = np.random.default_rng(4)
    x = rng.normal(size=SHAPES[dims])
    other = channels_outside(x)
    settings = {"kernel_size": 3, "stride": 2, "padding": 1}
    value, backward = pools[dims](x, **settings)
    value_other, backward_other = pools[dims](other, **settings)
    dy = rng.normal(size=value.shape)
    np.testing.assert_equal(value_other, value)
    np.testing.assert_equal(backward_other(dy), backward(dy))
    np.testing.assert_equal(backward_other(channels_outside(dy)), backward(dy))
    assert memory_order(value) == memory_order(x)
    assert memory_order(value_other) == memory_order(other)
    assert memory_order(backward_other(dy)) == memory_order(other)


@pytest.mark.parametrize("operation", [adaptive_avg_pool2d, adaptive_max_pool2d])
def test_adaptive_pooling_keeps_the_memory_layout(operation):
    rng = np.random.default_rng(4)
    x = rng.normal(size=SHAPES[2])
    other = channels_outside(x)
    value, backward = operation(x, output_size=(2, 3))
    value_other, backward_other = operation(other, output_size=(2, 3))
    dy = rng.normal(size=value.shape)
    np.testing.assert_allclose(value_other, value, rtol=1e-12)
    np.testing.assert_equal(backward_other(dy), backward(dy))
    assert memory_order(value_other) == memory_order(other)
    assert memory_order(backward_other(dy)) == memory_order(other)


def test_global_average_pooling_is_the_mean_of_the_image():
    x = np.random.default_rng(0).normal(size=SHAPES[2])
    value, backward = adaptive_avg_pool2d(x, output_size=1)
    np.testing.assert_allclose(value[:, :, 0, 0], x.mean(axis=(2, 3)), rtol=1e-14)
    np.testing.assert_equal(backward(np.ones_like(value)), np.full(x.shape, 1 / 40))


def test_unpooling_puts_maxima_back_and_pooling_finds_them_again():
    x = np.random.default_rng(0).uniform(1, 2, size=SHAPES[2])
    settings = {"kernel_size": 2}
    pooled, _ = max_pool2d(x, **settings)
    indices = max_indices(x, **settings)
    unpooled, _ = max_unpool2d(pooled, indices=indices, output_size=x.shape, **settings)
    assert unpooled.shape == x.shape
    kept = unpooled != 0
    assert kept.sum() == pooled.size
    np.testing.assert_equal(unpooled[kept], x[kept])
    again, _ = max_pool2d(unpooled, **settings)
    np.testing.assert_equal(again, pooled)


@pytest.mark.parametrize("layout", [np.array, channels_outside])
def test_entries_that_go_to_one_place_are_treated_as_in_torch(layout):
    """The last of them stays, and all get the place's gradient."""
    x = np.random.default_rng(0).normal(size=(3, 2, 3, 4))
    indices = np.arange(12).reshape(3, 4) // 5 + np.zeros(x.shape, dtype=np.int64)
    tensor = torch.tensor(x, requires_grad=True)
    expected = functional.max_unpool2d(tensor, torch.tensor(indices), 2)
    dy = np.random.default_rng(1).normal(size=expected.shape)
    expected.backward(torch.tensor(dy))
    value, backward = max_unpool2d(layout(x), indices=layout(indices), kernel_size=2)
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_equal(backward(layout(dy)), tensor.grad.numpy())


@pytest.mark.parametrize("operation", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize("layout", [np.array, channels_outside])
def test_many_images_are_pooled_like_each_alone(operation, layout):
    """Three million bytes, which are worked on in strips."""
    x = np.random.default_rng(0).normal(size=(5, 3, 250, 101))
    value, backward = operation(layout(x), kernel_size=3, stride=2)
    dx = backward(layout(value))
    for i, image in enumerate(x):
        alone, backward_alone = operation(image[None], kernel_size=3, stride=2)
        np.testing.assert_equal(value[i], alone[0])
        np.testing.assert_equal(dx[i], backward_alone(alone)[0])


def test_an_empty_batch_stays_empty():
    x = np.ones((0, 2, 5, 8))
    for operation in [max_pool2d, avg_pool2d]:
        value, backward = operation(x, kernel_size=2)
        assert value.shape == (0, 2, 2, 4)
        assert backward(value).shape == x.shape
    indices = np.zeros((0, 2, 5, 8), dtype=int)
    value, backward = max_unpool2d(x, indices=indices, kernel_size=2)
    assert value.shape == (0, 2, 10, 16)
    assert backward(value).shape == x.shape


@pytest.mark.parametrize("shape", [(0, 2, 5, 8), (3, 0, 5, 8)])
@pytest.mark.parametrize("operation", [adaptive_avg_pool2d, adaptive_max_pool2d])
def test_no_images_or_no_channels_are_pooled_adaptively_too(operation, shape):
    value, backward = operation(np.ones(shape), output_size=(2, 3))
    assert value.shape == (*shape[:2], 2, 3)
    assert backward(value).shape == shape


def test_all_entries_may_go_to_one_place():
    x = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)
    indices = np.full(x.shape, 9)
    value, backward = max_unpool2d(x, indices=indices, kernel_size=2)
    assert value[0, 0, 2, 1] == 4
    assert value.sum() == 4
    np.testing.assert_equal(backward(np.arange(16.0).reshape(1, 1, 4, 4)), indices)


def test_a_value_that_is_no_number_passes_and_gets_no_gradient():
    """torch sends the gradient to it: CONTRIBUTING says why this does not."""
    x = np.array([[[[1.0, np.nan], [2.0, 3.0], [4.0, 5.0], [7.0, 6.0]]]])
    y, backward = max_pool2d(x, kernel_size=2)
    np.testing.assert_equal(y, [[[[np.nan], [7.0]]]])
    dx = backward(np.ones((1, 1, 2, 1)))
    np.testing.assert_equal(dx, [[[[0, 0], [0, 0], [0, 0], [1, 0]]]])
