"""Layer normalization: every sample by itself, over the last axes."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.affine import Affine
from course_lib.operations import normalization


class LayerNorm(Affine):
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² over the last axes of x: nothing
    depends on the batch, and evaluation is as training.

    Args:
        normalized_shape: sizes of the last axes, such as 64 or (C, H, W).
        eps: ε, added to the variance.
        elementwise_affine: whether there are γ and β; else they are 1 and 0.

    Attributes:
        weight, bias: γ and β, Parameters of shape normalized_shape, from 1 and 0; or
            None.

    Source: Ba, Kiros and Hinton (2016).
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        *,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
    ) -> None:
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        shape = tuple(normalized_shape)
        super().__init__(shape, affine=elementwise_affine)
        self.normalized_shape = shape
        self.eps = eps

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        x = x if isinstance(x, Node) else Node(x)
        gamma, beta = self.gamma_and_beta(x.value.dtype)
        return apply(normalization.layer_norm, x, gamma, beta, eps=self.eps)

    def __repr__(self) -> str:
        return f"LayerNorm({self.normalized_shape})"
