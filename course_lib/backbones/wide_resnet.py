"""Wide residual networks: fewer layers than ResNet's, and many more channels in each.

Zagoruyko and Komodakis (2016), "Wide residual networks", table 1, for CIFAR. The blocks
are those of He, Zhang, Ren and Sun (2016), "Identity mappings in deep residual
networks": batch norm and ReLU stand before the convolutions. torchvision has none of
them: its wide_resnet50_2 is a wide ResNet-50, for ImageNet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.convolutions import conv1x1, conv3x3
from course_lib.graph import Node
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    ReLU,
    Sequential,
)


class PreActivationBlock(Layer):
    """y = F(x) + x, with nothing after the sum: from the first block to the last, x
    passes unchanged. Figure 1, (c) and (d).

    Where the shape changes, y = F(x) + W·a, a 1×1 convolution of a = relu(norm(x)),
    with which F begins too: so it is in the authors' program.

    Args:
        in_channels: of x.
        channels: of the convolutions, and of y.
        stride: 2 halves the image.
        dropout: the probability of leaving out an entry between the convolutions.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        stride: int = 1,
        dropout: float = 0.0,
        rng: np.random.Generator,
    ) -> None:
        self.bn1 = BatchNorm2d(in_channels)
        self.conv1 = conv3x3(in_channels, channels, stride=stride, rng=rng)
        self.bn2 = BatchNorm2d(channels)
        self.dropout = Dropout(dropout, rng=rng)
        self.conv2 = conv3x3(channels, channels, rng=rng)
        self.relu = ReLU()
        self.downsample = None
        if stride != 1 or in_channels != channels:
            self.downsample = conv1x1(in_channels, channels, stride=stride, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, channels, H/stride, W/stride)."""
        a = self.relu(self.bn1(x))
        y = self.relu(self.bn2(self.conv1(a)))
        y = self.conv2(self.dropout(y))
        return y + (self.downsample(a) if self.downsample else x)


class WideResNet(Layer):
    """WRN-d-k: three stages of (d − 4)/6 blocks, with 16k, 32k and 64k channels.

    Args:
        depth: d, the number of convolutions: 4 more than a multiple of 6.
        width: k, how many times wider it is than a ResNet for CIFAR.
        num_classes: size of the output.
        in_channels: of the images.
        dropout: in the blocks; 0.3 in the paper where it is used.
        rng: generator for the initial weights, drawn by He et al.'s rule as in the
            authors' program, and for dropout.

    Raises:
        ValueError: no whole number of blocks makes up the depth.
    """

    def __init__(
        self,
        depth: int,
        width: int,
        *,
        num_classes: int = 10,
        in_channels: int = 3,
        dropout: float = 0.0,
        rng: np.random.Generator,
    ) -> None:
        blocks, rest = divmod(depth - 4, 6)
        if blocks < 1 or rest:
            raise ValueError(
                f"WideResNet: depth is {depth}, expected 10, 16, 22, 28, …: three "
                "stages of blocks of two convolutions, and 4 more"
            )
        self.conv1 = conv3x3(in_channels, 16, rng=rng)
        self.stages: list[Layer] = []
        channels = 16
        for index in range(3):
            stage: list[Layer] = []
            wide = 16 * width * 2**index
            for position in range(blocks):
                stride = 2 if index > 0 and position == 0 else 1
                stage.append(
                    PreActivationBlock(
                        channels, wide, stride=stride, dropout=dropout, rng=rng
                    )
                )
                channels = wide
            self.stages.append(Sequential(*stage))
        self.bn1 = BatchNorm2d(channels)
        self.relu = ReLU()
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.fc = Dense(channels, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W):
        32×32 in the paper, but of any size."""
        x = self.conv1(x)
        for stage in self.stages:
            x = stage(x)
        x = self.relu(self.bn1(x))
        return self.fc(self.flatten(self.avgpool(x)))


def wide_resnet28_10(**settings: Any) -> WideResNet:
    """WRN-28-10, 36.5 million parameters; settings as for `WideResNet`."""
    return WideResNet(28, 10, **settings)


def wide_resnet16_8(**settings: Any) -> WideResNet:
    """WRN-16-8, 11.0 million parameters; settings as for `WideResNet`."""
    return WideResNet(16, 8, **settings)
