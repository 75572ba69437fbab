"""Embeddings: repeated rows, padding, one-hot vectors."""

import numpy as np
import pytest
import torch

from course_lib.operations.embedding import embedding
from course_lib.operations.matrices import matmul


@pytest.mark.parametrize("padding_idx", [0, 3])
def test_padding_has_torchs_gradient_and_its_value(padding_idx):
    """Its gradient is not the derivative: hence no row in the table."""
    rng = np.random.default_rng(0)
    w, indices = rng.normal(size=(5, 4)), np.array([[3, 0, 3], [1, 0, 1]])
    dy = rng.normal(size=(2, 3, 4))
    value, backward = embedding(w, indices=indices, padding_idx=padding_idx)
    tensor = torch.tensor(w, requires_grad=True)
    expected = torch.nn.functional.embedding(
        torch.tensor(indices), tensor, padding_idx=padding_idx
    )
    expected.backward(torch.tensor(dy))
    np.testing.assert_equal(value, expected.detach().numpy())
    np.testing.assert_allclose(backward(dy), tensor.grad, rtol=1e-15)
    assert not backward(dy)[padding_idx].any()


def test_it_is_the_product_of_one_hot_vectors_and_the_table():
    rng = np.random.default_rng(0)
    w, dy, indices = rng.normal(size=(6, 3)), rng.normal(size=(5, 3)), [5, 0, 2, 5, 5]
    value, backward = embedding(w, indices=indices)
    product, product_backward = matmul(np.eye(6)[indices], w)
    np.testing.assert_equal(value, product)
    np.testing.assert_allclose(backward(dy), product_backward(dy)[1], rtol=1e-15)


def test_no_indices_no_vectors():
    value, backward = embedding(np.ones((4, 3)), indices=np.zeros((0, 2), int))
    assert value.shape == (0, 2, 3)
    np.testing.assert_equal(backward(value), np.zeros((4, 3)))


def test_one_index_one_vector():
    value, backward = embedding(np.arange(6.0).reshape(3, 2), indices=1)
    np.testing.assert_equal(value, [2, 3])
    np.testing.assert_equal(backward(value), [[0, 0], [2, 3], [0, 0]])
