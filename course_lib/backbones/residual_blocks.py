"""Residual blocks: what a block learns is added to its input, y = F(x) + x.

He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition", figure 5.
Attributes have torchvision's names. As there, a bottleneck halves the image in its 3×3
convolution; the paper's does so in the first 1×1, which skips three pixels of four.
"""

from __future__ import annotations

import numpy as np

from course_lib.backbones.convolutions import conv1x1, conv3x3
from course_lib.graph import Node
from course_lib.layers import BatchNorm2d, Identity, Layer, ReLU, Sequential


class BasicBlock(Layer):
    """y = relu(F(x) + x), F being two 3×3 convolutions: figure 5, left.

    Args:
        in_channels: of x.
        channels: of the convolutions; y has `expansion` times as many.
        stride: 2 halves the image.
        shortcut: whether x is added. A plain block, without it, is y = relu(F(x)).
        rng: generator for the initial weights.
    """

    expansion = 1

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        stride: int = 1,
        shortcut: bool = True,
        rng: np.random.Generator,
    ) -> None:
        self.conv1 = conv3x3(in_channels, channels, stride=stride, rng=rng)
        self.bn1 = BatchNorm2d(channels)
        self.conv2 = conv3x3(channels, channels, rng=rng)
        self.bn2 = BatchNorm2d(channels)
        self.relu = ReLU()
        self.downsample = None
        if shortcut:
            self.downsample = projection(in_channels, channels, stride, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, channels, H/stride, W/stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu(y + self.downsample(x) if self.downsample else y)


class Bottleneck(Layer):
    """y = relu(F(x) + x), F being a 3×3 convolution between two 1×1, which make its
    work cheaper: figure 5, right. Arguments as in `BasicBlock`."""

    expansion = 4

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        stride: int = 1,
        shortcut: bool = True,
        rng: np.random.Generator,
    ) -> None:
        wide = self.expansion * channels
        self.conv1 = conv1x1(in_channels, channels, rng=rng)
        self.bn1 = BatchNorm2d(channels)
        self.conv2 = conv3x3(channels, channels, stride=stride, rng=rng)
        self.bn2 = BatchNorm2d(channels)
        self.conv3 = conv1x1(channels, wide, rng=rng)
        self.bn3 = BatchNorm2d(wide)
        self.relu = ReLU()
        self.downsample = None
        if shortcut:
            self.downsample = projection(in_channels, wide, stride, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, 4·channels, H/stride, W/stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + self.downsample(x) if self.downsample else y)


def projection(
    in_channels: int, out_channels: int, stride: int, *, rng: np.random.Generator
) -> Layer:
    """What gives x the shape of F(x): nothing where it has it (option B)."""
    if stride == 1 and in_channels == out_channels:
        return Identity()
    return Sequential(
        conv1x1(in_channels, out_channels, stride=stride, rng=rng),
        BatchNorm2d(out_channels),
    )
