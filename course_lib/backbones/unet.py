"""U-Net: down to see the whole, up to say where, and across to keep the details.

Ronneberger, Fischer and Brox (2015), "U-Net: Convolutional networks for biomedical
image segmentation", figure 1.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers import (
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Layer,
    MaxPool2d,
    ReLU,
)
from course_lib.operations.shapes import concatenate

CUT_OFF = 4  # pixels that two 3×3 convolutions without padding take from a map


class ConvolutionPair(Layer):
    """y = relu(conv(relu(conv(x)))), both of 3×3: what stands at every level.

    Args:
        in_channels, channels: of x, and of y.
        padding: "valid" or "same".
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        padding: Literal["valid", "same"],
        rng: np.random.Generator,
    ) -> None:
        self.conv1 = Conv2d(in_channels, channels, 3, padding=padding, rng=rng)
        self.conv2 = Conv2d(channels, channels, 3, padding=padding, rng=rng)
        self.relu = ReLU()

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of shape (N, channels, H, W); 4 less of H and W if "valid"."""
        return self.relu(self.conv2(self.relu(self.conv1(x))))


class UNet(Layer):
    """Every level down halves the map and doubles the channels; every level up undoes
    both, and takes beside what comes from below what went down at its height.

    Level 0 is the highest: down[0], up[0] and merge[0] work on maps of one size.

    Weights are drawn as in the paper, from N(0, 2/fan_in). Its dropout stands at the
    end of the way down; the paper does not say how much.

    Args:
        num_classes: channels of the output.
        in_channels: of the images.
        width: channels of the highest level.
        depth: how many times the map is halved.
        padding: "valid", as in the paper: every convolution takes a border of one
            pixel, 572×572 become 388×388, and what goes across is cropped; or "same":
            the output is as large as the image.
        skip: False leaves out the connections across: an encoder and a decoder.
        dropout: probability in training.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        *,
        num_classes: int = 2,
        in_channels: int = 1,
        width: int = 64,
        depth: int = 4,
        padding: Literal["valid", "same"] = "valid",
        skip: bool = True,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        self.cut_off = CUT_OFF if padding == "valid" else 0
        self.skip = skip
        pair = partial(ConvolutionPair, padding=padding, rng=rng)
        widths = [width * 2**level for level in range(depth + 1)]
        self.down = [pair(a, b) for a, b in pairwise([in_channels, *widths[:-1]])]
        self.pool = MaxPool2d(2)
        self.bottom = pair(widths[-2], widths[-1])
        self.dropout = Dropout(dropout, rng=rng)
        self.up, self.merge = [], []
        for here, below in pairwise(widths):
            self.up.append(ConvTranspose2d(below, here, 2, stride=2, rng=rng))
            self.merge.append(pair(2 * here if skip else here, here))
        self.head = Conv2d(width, num_classes, 1, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes, H′, W′) for images (N, in_channels, H, W).

        Raises:
            ValueError: a map of odd size would have to be halved.
        """
        x = x if isinstance(x, Node) else Node(x)
        self._check(x.shape)
        across = []
        for pair in self.down:
            x = pair(x)
            across.append(x)
            x = self.pool(x)
        x = self.dropout(self.bottom(x))
        for level in reversed(range(len(self.down))):
            x = self.up[level](x)
            if self.skip:
                details = self._crop(across[level], x)
                x = apply(concatenate, details, x, axis=1)
            x = self.merge[level](x)
        return self.head(x)

    def _crop(self, details: Node, x: Node) -> Node:
        """The middle of a map, as large as x. All around, as much is too much."""
        border = (details.shape[2] - x.shape[2]) // 2
        inside = slice(border, -border)
        return details[:, :, inside, inside] if border else details

    def _check(self, shape: tuple[int, ...]) -> None:
        multiple, cut_off = 2 ** len(self.down), self.cut_off
        if any((n + cut_off) % multiple for n in shape[2:]):
            less = f" less {cut_off}" if cut_off else ""
            raise ValueError(
                f"UNet: x has shape {shape}, expected (N, C, H, W) with H and W "
                f"multiples of {multiple}{less}, which can be halved {len(self.down)} "
                "times. Pad the images, or crop them."
            )


def unet(**settings: Any) -> UNet:
    """23 layers with weights, 31.0 million parameters; settings as for `UNet`."""
    return UNet(**settings)
