"""Group normalization: every sample by itself, a few channels together."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.affine import Affine
from course_lib.operations import normalization


class GroupNorm(Affine):
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of each group of channels of each
    sample: nothing depends on the batch, however small it is.

    Args:
        num_groups: into how many groups of neighbours the channels are divided.
        num_channels: C; a multiple of num_groups.
        eps: ε, added to the variance.
        affine: whether there are γ and β; else they are 1 and 0.

    Attributes:
        weight, bias: γ and β, Parameters of shape (C,), from 1 and 0; or None.

    Source: Wu and He (2018).
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        *,
        eps: float = 1e-5,
        affine: bool = True,
    ) -> None:
        super().__init__((num_channels,), affine=affine)
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x, which is (N, C, …)."""
        x = x if isinstance(x, Node) else Node(x)
        gamma, beta = self.gamma_and_beta(x.value.dtype)
        return apply(
            normalization.group_norm,
            x,
            gamma,
            beta,
            groups=self.num_groups,
            eps=self.eps,
        )

    def __repr__(self) -> str:
        return f"GroupNorm({self.num_groups}, {self.num_channels})"
