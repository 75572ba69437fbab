"""What the table can't hold: kinks, ties, poles and far values, against torch."""

import numpy as np
import pytest
import torch

from course_lib.operations.elementwise import (
    absolute,
    exp,
    maximum,
    minimum,
    power,
    reciprocal,
    sine,
    sqrt,
)

DY = np.array([3.0, 5.0, 7.0])


def torch_gradients(function, *inputs):
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    function(*tensors).backward(torch.tensor(DY))
    return [x.grad.numpy() for x in tensors]


@pytest.mark.parametrize(
    ("operation", "theirs"), [(maximum, torch.maximum), (minimum, torch.minimum)]
)
def test_a_tie_gives_each_input_half(operation, theirs):
    a, b = np.array([1.0, 2.0, -4.0]), np.array([1.0, 3.0, -4.0])
    _, backward = operation(a, b)
    da, db = backward(DY)
    np.testing.assert_equal([da[0], db[0]], [1.5, 1.5])
    np.testing.assert_equal([da, db], torch_gradients(theirs, a, b))


def test_a_tie_survives_broadcasting():
    a, b = np.zeros((3, 1)), np.zeros(4)
    _, backward = maximum(a, b)
    da, db = backward(np.ones((3, 4)))
    np.testing.assert_equal(da, np.full((3, 1), 2.0))
    np.testing.assert_equal(db, np.full(4, 1.5))


def test_absolute_is_flat_at_zero():
    x = np.array([0.0, -0.0, 2.0])
    _, backward = absolute(x)
    np.testing.assert_equal(backward(DY), torch_gradients(torch.abs, x)[0])


@pytest.mark.parametrize("exponent", [0, 1, 2, 3])
def test_powers_at_zero(exponent):
    x = np.array([0.0, -1.0, 2.0])
    _, backward = power(x, exponent=exponent)
    expected = torch_gradients(lambda x: x**exponent, x)[0]
    np.testing.assert_equal(backward(DY), expected)


@pytest.mark.parametrize("function", [sqrt, lambda x: power(x, exponent=0.5)])
def test_the_root_is_vertical_at_zero(function):
    x = np.array([0.0, 1.0, 4.0])
    value, backward = function(x)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        dx = backward(DY)
    np.testing.assert_equal(value, [0, 1, 2])
    np.testing.assert_equal(dx, torch_gradients(torch.sqrt, x)[0])
    assert dx[0] == np.inf


def test_outside_the_domain_numpy_warns():
    with pytest.warns(RuntimeWarning, match="invalid"):
        sqrt(np.array([-1.0]))
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        reciprocal(np.array([0.0]))
    with pytest.warns(RuntimeWarning, match="overflow"):
        exp(np.array([710.0]))
    assert np.isfinite(exp(np.array([709.0]))[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_fast_sine_far_out_as_in_torch(dtype):
    x = torch.tensor([-1e4, -0.7, 1e4], dtype=dtype, requires_grad=True)
    expected = torch.sin(30 * x)
    expected.backward(torch.tensor(DY, dtype=dtype))
    value, backward = sine(x.detach().numpy(), frequency=30)
    np.testing.assert_allclose(value, expected.detach(), rtol=1e-6)
    np.testing.assert_allclose(backward(DY.astype(value.dtype)), x.grad, rtol=1e-6)
