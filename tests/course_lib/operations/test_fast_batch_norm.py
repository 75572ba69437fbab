"""The fast form is the readable one, in any layout and in strips of any size."""

import numpy as np
import pytest

from course_lib.operations.fast_batch_norm import STRIP, fast_batch_norm
from course_lib.operations.normalization import batch_norm
from tests.course_lib.operations.row import relative_error

SHAPE = (4, 6, 5, 3)
LAYOUTS = [(0, 1, 2, 3), (1, 2, 3, 0), (0, 2, 3, 1), (3, 1, 0, 2), (2, 3, 0, 1)]


def inputs(shape=SHAPE):
    """x, γ and β."""
    rng = np.random.default_rng(0)
    gamma, beta = rng.normal(size=(2, shape[1]))
    return 3 * rng.normal(size=shape) + 2, gamma, beta


def in_layout(x, axes):
    """The same array with its memory in another order."""
    return np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))


def layout(x):
    """The strides of all axes that have any: those of size 1 may have some number."""
    return [step for step, n in zip(x.strides, x.shape, strict=True) if n > 1]


@pytest.mark.parametrize("axes", LAYOUTS)
@pytest.mark.parametrize("dy_axes", [(0, 1, 2, 3), (1, 2, 3, 0)])
@pytest.mark.parametrize("shape", [SHAPE, (5, 1, 3, 2), (1, 3, 4, 2), (3, 7, 50, 80)])
def test_the_fast_form_has_the_readable_ones_values_and_layout(axes, dy_axes, shape):
    """The largest shape has 12,000 values a channel, for strips of five channels."""
    rng = np.random.default_rng(0)
    x, gamma, beta = inputs(shape)
    laid_out = in_layout(x, axes)
    dy = in_layout(rng.normal(size=shape), dy_axes)
    dmu, dvariance = rng.normal(size=(2, shape[1]))
    values, backward = batch_norm(x, gamma, beta, eps=0.1)
    fast_values, fast_backward = fast_batch_norm(laid_out, gamma, beta, eps=0.1)
    for fast, value in zip(fast_values, values, strict=True):
        assert relative_error(fast, value) <= 1e-13
    for dys in [
        (dy, dmu, dvariance),
        (dy, dmu * 0, dvariance),
        (dy, dmu, dvariance * 0),
    ]:
        gradients, fast_gradients = backward(*dys), fast_backward(*dys)
        for fast, gradient in zip(fast_gradients, gradients, strict=True):
            assert relative_error(fast, gradient) <= 1e-12
        assert layout(fast_gradients[0]) == layout(laid_out)
    assert layout(fast_values[0]) == layout(laid_out)


def test_strips_may_be_of_several_channels_or_of_one():
    assert STRIP // (3 * 50 * 80) == 5
    assert STRIP // (70 * 32 * 32) == 0
    x, gamma, beta = inputs((70, 3, 32, 32))
    (y, *_), _ = batch_norm(x, gamma, beta)
    (fast, *_), _ = fast_batch_norm(x, gamma, beta)
    assert relative_error(fast, y) <= 1e-13


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x[:, :, ::2],
        lambda x: x[::-1],
        lambda x: x[:, ::-1, 1:],
        lambda x: np.broadcast_to(x[:, :, :, :1], x.shape),
    ],
)
def test_the_fast_form_takes_views_with_gaps(view):
    x, gamma, beta = inputs()
    x = view(x)
    dy = view(np.random.default_rng(1).normal(size=SHAPE))
    (y, *_), backward = batch_norm(x, gamma, beta)
    (fast, *_), fast_backward = fast_batch_norm(x, gamma, beta)
    assert relative_error(fast, y) <= 1e-13
    zeros = np.zeros(6)
    for ours, expected in zip(
        fast_backward(dy, zeros, zeros), backward(dy, zeros, zeros), strict=True
    ):
        assert relative_error(ours, expected) <= 1e-12


def test_backward_keeps_x_and_no_other_array_of_its_size():
    """Nor y, which the graph would else have to keep for it."""
    x, gamma, beta = inputs()
    (y, *_), backward = fast_batch_norm(x, gamma, beta)
    held = list(arrays_within(backward))
    assert not any(np.shares_memory(array, y) for array in held)
    assert all(array.size < x.size or np.shares_memory(array, x) for array in held)


def arrays_within(function):
    """The arrays that a closure holds, and those within it."""
    for cell in function.__closure__ or ():
        content = cell.cell_contents
        if isinstance(content, np.ndarray):
            yield content
        elif callable(content):
            yield from arrays_within(content)
