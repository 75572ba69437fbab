"""Local response normalization, which AlexNet had before there was batch norm."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import local_response


class LocalResponseNorm(Layer):
    """y = x/(k + (α/n) Σ x²)^β, the sum over n neighbouring channels.

    AlexNet's are size = 5, alpha = 5e-4, beta = 0.75, k = 2: its α is for the sum, this
    one for the mean.

    Args:
        size: n, how many channels are summed.
        alpha, beta, k: α, β and k, with torch's defaults.

    Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3.
    """

    def __init__(
        self, size: int, *, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> None:
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x, which is (N, C, …)."""
        return apply(
            local_response.local_response_norm,
            x,
            size=self.size,
            alpha=self.alpha,
            beta=self.beta,
            k=self.k,
        )

    def __repr__(self) -> str:
        return f"LocalResponseNorm({self.size})"
