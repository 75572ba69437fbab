"""A pathway of SlowFast: a residual network for clips, stage by stage.

Feichtenhofer, Fan, Malik and He (2019), "SlowFast networks for video recognition",
table 1. The 3×3 convolution halves the image, as in torchvision's ResNet.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import he_normal
from course_lib.layers import (
    BatchNorm3d,
    Conv3d,
    Identity,
    Layer,
    MaxPool3d,
    ReLU,
    Sequential,
)

conv3d = partial(Conv3d, bias=False, initializer=he_normal)

EXPANSION = 4  # a block's output channels, by those of its 3×3 convolution


class ClipBottleneck(Layer):
    """y = relu(F(x) + x), F being convolutions of k×1×1, 1×3×3 and 1×1×1: time and
    space are convolved apart.

    Args:
        in_channels: of x.
        channels: of the first two convolutions; y has four times as many.
        frames: k, how many frames the first convolution sees: 1 or 3.
        stride: 2 halves height and width.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        frames: int,
        stride: int,
        rng: np.random.Generator,
    ) -> None:
        wide = EXPANSION * channels
        conv = partial(conv3d, rng=rng)
        in_time, in_space = (frames // 2, 0, 0), (0, 1, 1)
        steps = (1, stride, stride)
        self.conv1 = conv(in_channels, channels, (frames, 1, 1), padding=in_time)
        self.bn1 = BatchNorm3d(channels)
        self.conv2 = conv(channels, channels, (1, 3, 3), steps, padding=in_space)
        self.bn2 = BatchNorm3d(channels)
        self.conv3 = conv(channels, wide, 1)
        self.bn3 = BatchNorm3d(wide)
        self.relu = ReLU()
        self.downsample: Layer = Identity()
        if stride != 1 or in_channels != wide:
            shortcut = conv(in_channels, wide, 1, steps)
            self.downsample = Sequential(shortcut, BatchNorm3d(wide))

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of shape (N, 4·channels, T, H/stride, W/stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        return self.relu(self.bn3(self.conv3(y)) + self.downsample(x))


def stem(
    in_channels: int, channels: int, *, frames: int, rng: np.random.Generator
) -> Sequential:
    """conv₁ and pool₁: a convolution of frames×7×7 and a pooling, which quarter the
    image and keep every frame."""
    padding = (frames // 2, 3, 3)
    return Sequential(
        conv3d(in_channels, channels, (frames, 7, 7), (1, 2, 2), padding, rng=rng),
        BatchNorm3d(channels),
        ReLU(),
        MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)),
    )


def stage(
    in_channels: int,
    channels: int,
    depth: int,
    *,
    frames: int,
    stride: int,
    rng: np.random.Generator,
) -> Sequential:
    """res₂ … res₅: `depth` blocks, the first with the stride."""
    blocks = []
    for position in range(depth):
        steps = stride if position == 0 else 1
        block = ClipBottleneck(
            in_channels, channels, frames=frames, stride=steps, rng=rng
        )
        blocks.append(block)
        in_channels = EXPANSION * channels
    return Sequential(*blocks)
