"""The context module: a view that doubles with every layer, of maps that stay as large.

Yu and Koltun (2016), "Multi-scale context aggregation by dilated convolutions", table
1: the basic and the large form.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import normal
from course_lib.layers import Conv2d, Layer, ReLU
from course_lib.types import Array


class DilatedContext(Layer):
    """3×3 convolutions whose entries lie further and further apart, each followed by a
    ReLU, then one of 1×1: it takes scores of C classes for every pixel, and gives
    scores that know more of what is around.

    It starts as the identity, or as relu for scores below zero; the authors found that
    from weights drawn at random it learns little.

    Args:
        num_classes: C, channels of the input and of the output.
        dilations: d of the 3×3 convolutions, each of which widens the view by 2d: with
            1, 2, 4, 8 it is 3, 7, 15, 31.
        multiples: how many times C channels each of them has; once by default, the
            basic form. The large form has (2, 2, 4, 8, 16, 32, 32).
        noise: standard deviation of the weights that start at zero in the identity. The
            large form needs some, far less than 1/32, lest channels that begin alike
            stay alike.
        padding: "same" puts zeros around every map; "valid" puts none, for maps that
            were padded before, as the paper does: by 33 on every side.
        rng: generator for the noise.
    """

    def __init__(
        self,
        *,
        num_classes: int = 21,
        dilations: Sequence[int] = (1, 1, 2, 4, 8, 16, 1),
        multiples: Sequence[int] | None = None,
        noise: float = 0.0,
        padding: Literal["same", "valid"] = "same",
        rng: np.random.Generator,
    ) -> None:
        initializer = partial(identity, channels=num_classes, noise=noise)
        self.convolutions = []
        before = num_classes
        for index, dilation in enumerate(dilations):
            channels = num_classes * (multiples[index] if multiples else 1)
            self.convolutions.append(
                Conv2d(
                    before,
                    channels,
                    3,
                    dilation=dilation,
                    padding=padding,
                    initializer=initializer,
                    rng=rng,
                )
            )
            before = channels
        self.relu = ReLU()
        self.last = Conv2d(before, num_classes, 1, initializer=initializer, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Scores of shape (N, C, H, W) for scores of that shape, of any size."""
        for convolution in self.convolutions:
            x = self.relu(convolution(x))
        return self.last(x)


def identity(
    shape: tuple[int, ...], rng: np.random.Generator, *, channels: int, noise: float
) -> Array:
    """A kernel that hands on what is in its middle: with as many channels in as out, w
    = 1 there from each channel to itself. Of several that stand for one of the
    `channels` C, each output channel b takes C/out times all input channels a with
    ⌊aC/in⌋ = ⌊bC/out⌋. All else is drawn from N(0, noise²).

    Source: Yu and Koltun (2016), equations 4 and 5.
    """
    outputs, inputs, kh, kw = shape
    weight = normal(shape, rng, std=noise)
    stands_for = np.arange(outputs)[:, None] * channels // outputs
    alike = stands_for == np.arange(inputs) * channels // inputs
    weight[alike, kh // 2, kw // 2] = channels / outputs
    return weight


def dilated_context(**settings: Any) -> DilatedContext:
    """The basic form, 64C² weights and 8C biases; settings as for `DilatedContext`."""
    return DilatedContext(**settings)
