"""Residual networks: stages of blocks that add to their input.

He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition", table 1.
Weights of torchvision load under its names: its layer1 is stages.0, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.convolutions import conv3x3, conv7x7
from course_lib.backbones.residual_blocks import BasicBlock, Bottleneck
from course_lib.graph import Node
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Dense,
    Flatten,
    Identity,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
)


class ResNet(Layer):
    """Stages of blocks: each stage doubles the channels and halves the image.

    Args:
        block: BasicBlock or Bottleneck.
        depths: the number of blocks in each stage.
        num_classes: size of the output.
        width: channels inside the blocks of the first stage.
        in_channels: of the images.
        small_images: begin with a 3×3 convolution that keeps the size, as the paper
            does for CIFAR, and not with a 7×7 and a pooling that quarter it.
        shortcut: False makes the plain network that the paper compares with.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        block: type[BasicBlock | Bottleneck],
        depths: Sequence[int],
        *,
        num_classes: int = 1000,
        width: int = 64,
        in_channels: int = 3,
        small_images: bool = False,
        shortcut: bool = True,
        rng: np.random.Generator,
    ) -> None:
        if small_images:
            self.conv1 = conv3x3(in_channels, width, rng=rng)
            self.maxpool: Layer = Identity()
        else:
            self.conv1 = conv7x7(in_channels, width, stride=2, rng=rng)
            self.maxpool = MaxPool2d(3, 2, padding=1)
        self.bn1 = BatchNorm2d(width)
        self.relu = ReLU()
        self.stages: list[Layer] = []
        channels = width
        for index, depth in enumerate(depths):
            stage: list[Layer] = []
            inside = width * 2**index
            for position in range(depth):
                stride = 2 if index > 0 and position == 0 else 1
                stage.append(
                    block(channels, inside, stride=stride, shortcut=shortcut, rng=rng)
                )
                channels = inside * block.expansion
            self.stages.append(Sequential(*stage))
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.fc = Dense(channels, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size from 32×32 on."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for stage in self.stages:
            x = stage(x)
        return self.fc(self.flatten(self.avgpool(x)))


def resnet18(**settings: Any) -> ResNet:
    """18 layers with weights, 11.7 million parameters; settings as for `ResNet`."""
    return ResNet(BasicBlock, (2, 2, 2, 2), **settings)


def resnet34(**settings: Any) -> ResNet:
    """34 layers with weights, 21.8 million parameters; settings as for `ResNet`."""
    return ResNet(BasicBlock, (3, 4, 6, 3), **settings)


def resnet50(**settings: Any) -> ResNet:
    """50 layers with weights, 25.6 million parameters; settings as for `ResNet`."""
    return ResNet(Bottleneck, (3, 4, 6, 3), **settings)


def resnet101(**settings: Any) -> ResNet:
    """101 layers with weights, 44.5 million parameters; settings as for `ResNet`."""
    return ResNet(Bottleneck, (3, 4, 23, 3), **settings)


def resnet152(**settings: Any) -> ResNet:
    """152 layers with weights, 60.2 million parameters; settings as for `ResNet`."""
    return ResNet(Bottleneck, (3, 8, 36, 3), **settings)
