"""Fully convolutional networks: a class for every pixel, of images of any size.

Long, Shelhamer and Darrell (2015), "Fully convolutional networks for semantic
segmentation", figure 3: FCN-32s, FCN-16s and FCN-8s on the 16 layers of VGG, whose
dense layers have become convolutions of 7×7 and 1×1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import zeros
from course_lib.layers import (
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
    Upsample,
)
from course_lib.types import Array

WIDEST = 8  # times the first stage's channels


class FCN(Layer):
    """Stages of convolutions, each halved by a pooling; scores of the classes at the
    last; then these are doubled in size and those of the stage before are added, until
    they are as fine as wanted, and the rest is interpolated.

    As in the paper, scores start at zero, doubling starts as bilinear interpolation and
    is learned, and the last interpolation is fixed. The convolutions, which the paper
    takes from a trained VGG, are drawn by He et al.'s rule. The authors' program pads
    images by 100 pixels, lest small ones vanish under the 7×7 kernel: here that kernel
    pads, and a pooling keeps a last window that sticks out.

    Args:
        num_classes: channels of the output.
        in_channels: of the images.
        width: channels of the first stage; they double up to eight times that.
        depths: the number of 3×3 convolutions in each stage.
        hidden: channels of the two convolutions that were dense layers.
        stride: how coarse the scores are before the last interpolation, in pixels: 32,
            16 or 8 with five stages.
        dropout: the probability that a hidden entry is left out in training.
        rng: generator for the initial weights, and for dropout.

    Raises:
        ValueError: no stage has the stride.
    """

    def __init__(
        self,
        *,
        num_classes: int = 21,
        in_channels: int = 3,
        width: int = 64,
        depths: Sequence[int] = (2, 2, 3, 3, 3),
        hidden: int = 4096,
        stride: int = 8,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        strides = [2 ** (stage + 1) for stage in range(len(depths))]
        if stride not in strides:
            raise ValueError(f"FCN: stride is {stride}, expected one of {strides}")
        widths = [width * min(2**stage, WIDEST) for stage in range(len(depths))]
        self.stages = []
        before = in_channels
        for channels, depth in zip(widths, depths, strict=True):
            layers: list[Layer] = []
            for _ in range(depth):
                layers += [Conv2d(before, channels, 3, padding=1, rng=rng), ReLU()]
                before = channels
            self.stages.append(Sequential(*layers))
        self.pool = MaxPool2d(2, ceil_mode=True)
        self.fc6 = Conv2d(before, hidden, 7, padding=3, rng=rng)
        self.fc7 = Conv2d(hidden, hidden, 1, rng=rng)
        self.relu = ReLU()
        self.dropout = Dropout(dropout, rng=rng)
        self.score = Conv2d(hidden, num_classes, 1, initializer=zeros, rng=rng)
        self.finer_scores, self.doublings = [], []
        for channels in reversed(widths[strides.index(stride) : -1]):
            finer = Conv2d(channels, num_classes, 1, initializer=zeros, rng=rng)
            self.finer_scores.append(finer)
            self.doublings.append(_doubling(num_classes, rng))
        self.upsample = Upsample(scale_factor=stride, mode="bilinear")

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes, H, W) for images of shape (N, in_channels,
        H, W) of any size that the stages can halve: with five, from 17×17 on."""
        x = x if isinstance(x, Node) else Node(x)
        image, pooled = x, []
        for stage in self.stages:
            x = self.pool(stage(x))
            pooled.append(x)
        x = self.dropout(self.relu(self.fc6(x)))
        x = self.dropout(self.relu(self.fc7(x)))
        y = self.score(x)
        for index, doubling in enumerate(self.doublings):
            finer = self.finer_scores[index](pooled[-2 - index])
            y = _cut(doubling(y), finer) + finer
        return _cut(self.upsample(y), image)


def bilinear(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Kernels for a transposed convolution, (C, C, 2s, 2s): with stride s and padding
    s/2, s even, it draws every channel s times larger, by lines between the pixels.
    Beyond the border the map counts as zero. Nothing is drawn from `rng`."""
    channels, _, size, _ = shape
    distance = np.abs(np.arange(size) - (size - 1) / 2)
    line = 1 - distance / (size / 2)
    return np.eye(channels)[:, :, None, None] * np.outer(line, line)


def _doubling(channels: int, rng: np.random.Generator) -> ConvTranspose2d:
    """From one stage's size to that of the stage before, or one pixel more."""
    settings: dict[str, Any] = {"stride": 2, "padding": 1, "bias": False}
    return ConvTranspose2d(
        channels, channels, 4, initializer=bilinear, rng=rng, **settings
    )


def _cut(y: Node, like: Node) -> Node:
    """y without the last rows and columns that came of a window that stuck out."""
    h, w = like.shape[2:]
    return y if y.shape[2:] == (h, w) else y[:, :, :h, :w]


def fcn(**settings: Any) -> FCN:
    """FCN-8s, 134.4 million parameters; FCN-32s with stride=32. Settings as for
    `FCN`."""
    return FCN(**settings)
