"""Densely connected networks: stages of layers that append to their input.

Huang, Liu, van der Maaten and Weinberger (2017), "Densely connected convolutional
networks", table 1: DenseNet-BC. Weights of torchvision load under its names: its dense
blocks and transitions are stages.0, stages.1, …, in the order of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.convolutions import conv1x1, conv3x3, conv7x7
from course_lib.graph import Node, apply
from course_lib.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Dense,
    Dropout,
    Flatten,
    Identity,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
)
from course_lib.operations.shapes import concatenate


class DenseLayer(Layer):
    """y = [x, F(x)], F being a 3×3 convolution behind a 1×1, which makes its work
    cheaper: section 3.

    Args:
        in_channels: of x.
        growth_rate: how many channels F appends to them.
        dropout: the probability of leaving out an entry of F(x).
        rng: generator for the initial weights, and for dropout.
    """

    expansion = 4  # channels between the convolutions, in growth rates

    def __init__(
        self,
        in_channels: int,
        growth_rate: int,
        *,
        dropout: float = 0.0,
        rng: np.random.Generator,
    ) -> None:
        between = self.expansion * growth_rate
        self.bn1 = BatchNorm2d(in_channels)
        self.conv1 = conv1x1(in_channels, between, rng=rng)
        self.bn2 = BatchNorm2d(between)
        self.conv2 = conv3x3(between, growth_rate, rng=rng)
        self.relu = ReLU()
        self.dropout = Dropout(dropout, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, in_channels + growth_rate, H, W)."""
        y = self.conv1(self.relu(self.bn1(x)))
        y = self.conv2(self.relu(self.bn2(y)))
        return apply(concatenate, x, self.dropout(y), axis=1)


class DenseNet(Layer):
    """Stages of layers: between stages a transition halves the channels and the image.

    Args:
        growth_rate: the channels that each layer appends, k in the paper.
        depths: the number of layers in each stage.
        num_classes: size of the output.
        width: channels before the first stage; 2k in the paper.
        in_channels: of the images.
        small_images: begin with a 3×3 convolution that keeps the size, as the paper
            does for CIFAR, and not with a 7×7 and a pooling that quarter it.
        dropout: in the layers; 0.2 in the paper where data are not augmented.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        growth_rate: int,
        depths: Sequence[int],
        *,
        num_classes: int = 1000,
        width: int = 64,
        in_channels: int = 3,
        small_images: bool = False,
        dropout: float = 0.0,
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
            if index > 0:
                self.stages.append(transition(channels, channels // 2, rng=rng))
                channels = channels // 2
            stage: list[Layer] = []
            for _ in range(depth):
                stage.append(
                    DenseLayer(channels, growth_rate, dropout=dropout, rng=rng)
                )
                channels = channels + growth_rate
            self.stages.append(Sequential(*stage))
        self.bn2 = BatchNorm2d(channels)
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.fc = Dense(channels, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size from 32×32 on."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for stage in self.stages:
            x = stage(x)
        x = self.relu(self.bn2(x))
        return self.fc(self.flatten(self.avgpool(x)))


def transition(
    in_channels: int, out_channels: int, *, rng: np.random.Generator
) -> Sequential:
    """What lies between two stages: a 1×1 convolution, and a pooling that halves."""
    return Sequential(
        BatchNorm2d(in_channels),
        ReLU(),
        conv1x1(in_channels, out_channels, rng=rng),
        AvgPool2d(2),
    )


def densenet121(**settings: Any) -> DenseNet:
    """121 layers with weights, 8.0 million parameters; settings as for `DenseNet`."""
    return DenseNet(32, (6, 12, 24, 16), **settings)
