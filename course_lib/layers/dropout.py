"""Dropout: in training, random values are left out; in evaluation, none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import dropout
from course_lib.types import Array


class Dropout(Layer):
    """Leaves out each value with probability p and divides the others by 1 − p, so that
    the mean stays: inverted dropout. In evaluation it changes nothing.

    Each call in training mode draws a new mask, of the shape of x: each sample of the
    batch has its own. Backward takes the mask of its forward.

    Args:
        p: the probability that a value is left out (not that it is kept), from 0 to 1.
        rng: draws the masks.

    Raises:
        ValueError: p is not a probability.

    Source: Srivastava et al. (2014), section 10.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator) -> None:
        if not 0 <= p <= 1:
            raise ValueError(
                f"{type(self).__name__}: p is {p}, expected a probability from 0 to 1. "
                "Is it a percentage?"
            )
        self.p = p
        self.rng = rng

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        x = x if isinstance(x, Node) else Node(x)
        return self._training(x) if self.training else self._evaluation(x)

    def _training(self, x: Node) -> Node:
        # With p = 1 nothing is left that could be scaled.
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        return apply(dropout.dropout, x, mask=self._mask(x.shape), scale=scale)

    def _evaluation(self, x: Node) -> Node:
        return x

    def _mask(self, shape: tuple[int, ...]) -> Array:
        return self.rng.random(shape) >= self.p

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.p})"


class OriginalDropout(Dropout):
    """Dropout as it was published: what is kept in training stays as it is, and
    evaluation multiplies all values by 1 − p, what training's mean is.

    Source: Srivastava et al. (2014), section 4.
    """

    def _training(self, x: Node) -> Node:
        return apply(dropout.dropout, x, mask=self._mask(x.shape))

    def _evaluation(self, x: Node) -> Node:
        return x * (1 - self.p)


class _ChannelDropout(Dropout):
    """Leaves out whole channels: neighbouring values are so alike that one of them
    tells what another was."""

    axes: int

    def _mask(self, shape: tuple[int, ...]) -> Array:
        if len(shape) != self.axes:
            raise ValueError(
                f"{type(self).__name__}: x has shape {shape}, expected (N, C, …), "
                f"{self.axes} axes. Is the batch axis missing?"
            )
        drawn = super()._mask(shape[:2])
        return drawn.reshape(*shape[:2], *[1] * (self.axes - 2))


class Dropout1d(_ChannelDropout):
    """Dropout of whole channels of signals (N, C, L): see `Dropout`.

    Source: Tompson et al. (2015), Efficient Object Localization, section 3.2.
    """

    axes = 3


class Dropout2d(_ChannelDropout):
    """Dropout of whole channels of images (N, C, H, W): see `Dropout`.

    Source: Tompson et al. (2015), Efficient Object Localization, section 3.2.
    """

    axes = 4


class Dropout3d(_ChannelDropout):
    """Dropout of whole channels of clips (N, C, T, H, W): see `Dropout`.

    Source: Tompson et al. (2015), Efficient Object Localization, section 3.2.
    """

    axes = 5


class AlphaDropout(Dropout):
    """Dropout for self-normalizing networks: values left out become SELU's lowest, and
    the mean 0 and the variance 1 stay. With p = 1 the output is 0, as in torch.

    Source: Klambauer et al. (2017), section 2.
    """

    def _training(self, x: Node) -> Node:
        if self.p == 1:
            return x * 0.0
        return apply(dropout.alpha_dropout, x, mask=self._mask(x.shape), p=self.p)
