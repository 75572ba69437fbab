"""Jacobians by reverse mode against torch, closed forms and forward mode."""

import numpy as np
import pytest
import torch

from course_lib import forward_mode
from course_lib.derivatives import jacobian, vector_jacobian_product
from course_lib.graph import GradientError, Node, Parameter, apply
from course_lib.operations import activations
from course_lib.operations.softmax import softmax

both_seeds = pytest.mark.parametrize("seed", [0, 1])


def mixed(x, w):
    """Of shape (2, 4), for x of shape (2, 3) and w of shape (4, 3)."""
    return apply(activations.tanh, x @ w.T) * 0.5 + w.T[0]


def mixed_in_torch(x, w):
    return torch.tanh(x @ w.T) * 0.5 + w.T[0]


@both_seeds
def test_equals_torchs(seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(4, 3))
    tensors = (torch.tensor(x), torch.tensor(w))
    expected = torch.autograd.functional.jacobian(mixed_in_torch, tensors)
    found = jacobian(mixed, [x, w])
    assert [J.shape for J in found] == [(2, 4, 2, 3), (2, 4, 4, 3)]
    for J, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(J, theirs, rtol=1e-13, atol=1e-14)


@both_seeds
def test_a_vector_times_the_jacobian_equals_torchs(seed):
    rng = np.random.default_rng(seed)
    x, w, u = (rng.normal(size=shape) for shape in [(2, 3), (4, 3), (2, 4)])
    tensors = (torch.tensor(x), torch.tensor(w))
    _, expected = torch.autograd.functional.vjp(
        mixed_in_torch, tensors, torch.tensor(u)
    )
    found = vector_jacobian_product(mixed, [x, w], u)
    for product, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(product, theirs, rtol=1e-13, atol=1e-14)
    for product, J in zip(found, jacobian(mixed, [x, w]), strict=True):
        np.testing.assert_allclose(product, np.tensordot(u, J, 2), rtol=1e-13)


def test_softmax_has_its_closed_form():
    x = np.array([0.5, -1.0, 2.0, 0.0])
    p, _ = softmax(x)
    [J] = jacobian(lambda x: apply(softmax, x), [x])
    np.testing.assert_allclose(J, np.diag(p) - np.outer(p, p), rtol=1e-13, atol=1e-16)


def test_forward_mode_gives_the_same_columns():
    def function(a, b, c):
        return [a * b + c, (a - c) / b, b**3]

    by_columns = forward_mode.jacobian(function, [0.7, 1.9, 0.4])

    def of_a_vector(x):
        a, b, c = x
        y = function(a, b, c)
        unit = np.eye(3)
        return y[0] * unit[0] + y[1] * unit[1] + y[2] * unit[2]

    [by_rows] = jacobian(of_a_vector, [[0.7, 1.9, 0.4]])
    np.testing.assert_allclose(by_rows, by_columns, rtol=1e-14)


def test_nodes_are_used_as_they_are():
    w, x = Parameter([2.0, 3.0]), np.array([5.0, 7.0])
    found = jacobian(lambda *_: w * x, [w])
    np.testing.assert_array_equal(found, [np.diag(x)])


def test_one_number_has_a_gradient():
    [J] = jacobian(lambda x: (x * x).sum(), [np.array([1.0, 2.0])])
    np.testing.assert_array_equal(J, [2.0, 4.0])


def test_float32_stays_float32():
    [J] = jacobian(lambda x: x * x, [np.ones(3, np.float32)])
    assert J.dtype == np.float32


@pytest.mark.parametrize("inputs", [np.ones(3), Node(np.ones(3))])
def test_a_list_is_expected(inputs):
    with pytest.raises(TypeError, match=r"^jacobian: inputs is of type .* Is \[x\]"):
        jacobian(lambda x: x * x, inputs)
    with pytest.raises(TypeError, match=r"^vector_jacobian_product: inputs"):
        vector_jacobian_product(lambda x: x * x, inputs, np.ones(3))


def test_an_input_that_is_not_used_is_named():
    with pytest.raises(GradientError, match="no gradient of Node"):
        jacobian(lambda a, b: a * a, [np.ones(2), np.ones(3)])
    with pytest.raises(ValueError, match=r"gradient has shape \(2,\), the loss has"):
        vector_jacobian_product(lambda a: a * a, [np.ones(3)], np.ones(2))
