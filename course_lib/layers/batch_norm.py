"""Batch normalization: each channel's values get mean 0 and variance 1 over the batch,
then a scale and a shift that are learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.affine import Affine
from course_lib.operations import fast_batch_norm, normalization
from course_lib.types import Array


class ChannelNorm(Affine):
    """y = γ·(x − μ)/√(σ² + ε) + β for each channel, and running averages of μ and σ²:
    what batch norm and instance norm have in common.

    In training mode μ and σ² are those of the batch, and the running averages move
    towards them; in evaluation mode the running averages take their place, so that an
    output does not depend on the other samples. As in torch, σ² is the mean square
    deviation where it normalizes, and the unbiased n/(n − 1) of it in the average.

    Args:
        num_features: C, the number of channels.
        eps: ε, added to the variance.
        momentum: the weight of the new in the running averages, between 0 and 1:
            running ← (1 − momentum)·running + momentum·new; torch's meaning, not that
            of the optimizers. None gives all batches the same weight.
        affine: whether there are γ and β; else they are 1 and 0.
        track_running_stats: whether there are running averages; else evaluation uses
            the batch's statistics too.

    Attributes:
        weight, bias: γ and β, Parameters of shape (C,), from 1 and 0; or None.
        running_mean, running_var: buffers of shape (C,), from 0 and 1.
        num_batches_tracked: a buffer, how many batches have gone into them.

    Raises:
        ValueError: on a call, x has another number of axes or of channels, or has one
            value only for a mean.
    """

    layouts: ClassVar[tuple[str, ...]]  # of x, as its axes are called
    operation: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__((num_features,), affine=affine)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.track_running_stats = track_running_stats
        if track_running_stats:
            self.running_mean = np.zeros(num_features)
            self.running_var = np.ones(num_features)
            self.num_batches_tracked = np.zeros((), np.int64)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        x = x if isinstance(x, Node) else Node(x)
        self._check(x.shape)
        gamma, beta = self.gamma_and_beta(x.value.dtype)
        if self.track_running_stats and not self.training:
            return apply(
                normalization.frozen_batch_norm,
                x,
                gamma,
                beta,
                mean=self.running_mean,
                variance=self.running_var,
                eps=self.eps,
            )
        y, mean, variance = apply(self.operation, x, gamma, beta, eps=self.eps)
        if self.track_running_stats:
            n = x.value.size // mean.value.size
            self._track(mean.value, variance.value * (n / (n - 1)))
        return y

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_features})"

    def _track(self, mean: Array, unbiased_variance: Array) -> None:
        """Move the running averages towards the statistics of a batch: of shape (C,),
        or (N, C) where each sample has its own."""
        self.num_batches_tracked += 1
        momentum = self.momentum
        if momentum is None:
            momentum = 1 / int(self.num_batches_tracked)
        for running, new in [
            (self.running_mean, mean),
            (self.running_var, unbiased_variance),
        ]:
            running *= 1 - momentum
            running += momentum * new.reshape(-1, self.num_features).mean(axis=0)

    def _check(self, shape: tuple[int, ...]) -> None:
        axes = [layout.count(",") + 1 for layout in self.layouts]
        if len(shape) not in axes or shape[1] != self.num_features:
            expected = " or ".join(f"({layout})" for layout in self.layouts)
            raise ValueError(
                f"{type(self).__name__}: x has shape {shape}, expected {expected} with "
                f"C = {self.num_features}. Is the layer made for this many channels, "
                "and are they the second axis?"
            )


class BatchNorm1d(ChannelNorm):
    """Batch norm of features (N, C), or of signals (N, C, L): see `ChannelNorm`.

    Source: Ioffe and Szegedy (2015).
    """

    layouts = ("N, C", "N, C, L")
    operation = staticmethod(normalization.batch_norm)


class BatchNorm2d(ChannelNorm):
    """Batch norm of images (N, C, H, W): see `ChannelNorm`.

    Source: Ioffe and Szegedy (2015), section 3.2: one γ and β for a feature map.
    """

    layouts = ("N, C, H, W",)
    operation = staticmethod(fast_batch_norm.fast_batch_norm)


class BatchNorm3d(ChannelNorm):
    """Batch norm of clips (N, C, T, H, W): see `ChannelNorm`.

    Source: Ioffe and Szegedy (2015), section 3.2.
    """

    layouts = ("N, C, T, H, W",)
    operation = staticmethod(fast_batch_norm.fast_batch_norm)
