"""A table of learned vectors, one for each word."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter, apply
from course_lib.layers.layer import Layer
from course_lib.operations import embedding


class Embedding(Layer):
    """Takes the rows of a table that its input names, as torch's Embedding.

    Args:
        num_embeddings: V, how many things have a vector.
        embedding_dim: D, the vectors' size.
        padding_idx: a row that stands for padding. It starts at zero, and stays.
        rng: generator for the table, drawn from N(0, 1).

    Attributes:
        weight: Parameter of shape (V, D).

    Raises:
        ValueError: there is no such row.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        *,
        padding_idx: int | None = None,
        rng: np.random.Generator,
    ) -> None:
        table = initializers.normal((num_embeddings, embedding_dim), rng, std=1.0)
        if padding_idx is not None:
            if not 0 <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx is {padding_idx}, expected a row from 0 "
                    f"to {num_embeddings - 1}"
                )
            table[padding_idx] = 0
        self.weight = Parameter(table, "weight")
        self.padding_idx = padding_idx

    def __call__(self, indices: Node | ArrayLike) -> Node:
        """Vectors of shape (…, D) for integers from 0 to V − 1 of shape (…).

        A Node holds floats, so in a Node whole numbers will do: that is how `predict`
        passes them on. No gradient flows to them.
        """
        if isinstance(indices, Node):
            given = indices.value
            indices = given.astype(np.intp)
            if (indices != given).any():
                raise ValueError("Embedding: the indices are not all whole numbers")
        return apply(
            embedding.embedding,
            self.weight,
            indices=indices,
            padding_idx=self.padding_idx,
        )

    def __repr__(self) -> str:
        rows, size = self.weight.shape
        padding = (
            "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        )
        return f"Embedding({rows}, {size}{padding})"
