"""MobileNetV2: residual blocks that are wide within and narrow between.

Sandler et al. (2018), "MobileNetV2: inverted residuals and linear bottlenecks", tables
1 and 2. Parameters have torchvision's names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.convolutions import conv1x1
from course_lib.backbones.mobilenet import ConvolutionUnit
from course_lib.graph import Node
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    ReLU6,
    Sequential,
)

# Table 2: expansion, output channels, number of blocks, the first block's stride.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class InvertedResidual(Layer):
    """y = F(x), plus x where their shapes agree. F widens by 1×1, convolves each
    channel by itself, and narrows by 1×1 (table 1); a `Bottleneck` does the opposite.

    F has no ReLU at its end: few channels have no others that keep what it would lose.

    Args:
        in_channels, out_channels: of x and of y.
        stride: 2 halves the image.
        expansion: how many times wider it is within; 1 leaves out the first 1×1.
        linear: False puts a ReLU6 at the end of F, to compare with (figure 6a).
        rng: generator for the initial weights, which are he_normal.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        stride: int = 1,
        expansion: int = 6,
        linear: bool = True,
        rng: np.random.Generator,
    ) -> None:
        unit = partial(ConvolutionUnit, activation=ReLU6, rng=rng)
        wide = expansion * in_channels
        widen = [unit(in_channels, wide, 1)] if expansion > 1 else []
        self.conv = Sequential(
            *widen,
            unit(wide, wide, stride=stride, groups=wide),
            conv1x1(wide, out_channels, rng=rng),
            BatchNorm2d(out_channels),
        )
        self.activation = None if linear else ReLU6()
        self.residual = stride == 1 and in_channels == out_channels

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, out_channels, H/stride, W/stride)."""
        y = self.conv(x)
        if self.activation:
            y = self.activation(y)
        return x + y if self.residual else y


class MobileNetV2(Layer):
    """A convolution, stages of inverted residuals, and a 1×1 convolution.

    Args:
        num_classes: size of the output.
        width: multiplies all channels, which are then rounded to multiples of 8; those
            of the last convolution only if it is above 1.
        stages: of each, the expansion, the output channels, the number of blocks and
            the first one's stride.
        last_channels: of the last convolution.
        linear: False makes the bottlenecks non-linear: see `InvertedResidual`.
        in_channels: of the images.
        small_images: begin with a convolution of stride 1, not 2.
        dropout: the probability that an input of the dense layer is left out. It is
            torchvision's; the paper does not mention it.
        rng: generator for the initial weights and for dropout.
    """

    def __init__(
        self,
        *,
        num_classes: int = 1000,
        width: float = 1.0,
        stages: Sequence[tuple[int, int, int, int]] = STAGES,
        last_channels: int = 1280,
        linear: bool = True,
        in_channels: int = 3,
        small_images: bool = False,
        dropout: float = 0.2,
        rng: np.random.Generator,
    ) -> None:
        unit = partial(ConvolutionUnit, activation=ReLU6, rng=rng)
        channels = multiple_of_8(32 * width)
        last_channels = multiple_of_8(last_channels * max(1.0, width))
        first_stride = 1 if small_images else 2
        layers: list[Layer] = [unit(in_channels, channels, stride=first_stride)]
        for expansion, wide, depth, first_stride in stages:
            block = partial(InvertedResidual, expansion=expansion, linear=linear)
            for stride in [first_stride] + [1] * (depth - 1):
                before, channels = channels, multiple_of_8(wide * width)
                layers.append(block(before, channels, stride=stride, rng=rng))
        layers.append(unit(channels, last_channels, 1))
        self.features = Sequential(*layers)
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.classifier = Sequential(
            Dropout(dropout, rng=rng), Dense(last_channels, num_classes, rng=rng)
        )

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size."""
        return self.classifier(self.flatten(self.avgpool(self.features(x))))


def multiple_of_8(channels: float) -> int:
    """The nearest multiple of 8, or the next one up where that is more than a tenth
    less. So torchvision and the authors' program round channels."""
    nearest = int(channels + 4) // 8 * 8
    return nearest + 8 if nearest < 0.9 * channels else nearest


def mobilenet_v2(**settings: Any) -> MobileNetV2:
    """MobileNetV2 with 3.5 million parameters; settings as for `MobileNetV2`."""
    return MobileNetV2(**settings)
