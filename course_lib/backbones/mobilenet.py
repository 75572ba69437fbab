"""MobileNet: convolutions of each channel by itself, and 1×1 across all of them.

Howard et al. (2017), "MobileNets: efficient convolutional neural networks for mobile
vision applications", table 1 and figure 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dense,
    Flatten,
    Layer,
    ReLU,
    Sequential,
)

# Output channels and stride of each block. The table's last stride is 2 as well, but
# the sizes beside it, 7×7 before and after, are those of a stride of 1.
BLOCKS = (
    *[(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)],
    *[(512, 1)] * 5,
    *[(1024, 2), (1024, 1)],
)


class ConvolutionUnit(Sequential):
    """y = activation(BN(x ⋆ w)).

    Args:
        in_channels, out_channels: of x and of y.
        kernel_size: 3 or 1.
        stride: 2 halves the image.
        groups: with as many as channels, each channel is convolved by itself.
        activation: makes the last layer.
        rng: generator for the initial weights, which are he_normal.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int = 3,
        *,
        stride: int = 1,
        groups: int = 1,
        activation: Callable[[], Layer] = ReLU,
        rng: np.random.Generator,
    ) -> None:
        settings: dict[str, Any] = {"stride": stride, "groups": groups, "rng": rng}
        settings |= {"padding": kernel_size // 2, "bias": False}
        super().__init__(
            Conv2d(in_channels, out_channels, kernel_size, **settings),
            BatchNorm2d(out_channels),
            activation(),
        )


class DepthwiseSeparable(Layer):
    """A 3×3 convolution of each channel by itself, then a 1×1 across the channels:
    figure 3, right. At each position that takes 9·C + C·O products and not 9·C·O.

    Args:
        in_channels, out_channels: C and O.
        stride: 2 halves the image.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        stride: int = 1,
        rng: np.random.Generator,
    ) -> None:
        settings: dict[str, Any] = {"stride": stride, "groups": in_channels, "rng": rng}
        self.depthwise = ConvolutionUnit(in_channels, in_channels, **settings)
        self.pointwise = ConvolutionUnit(in_channels, out_channels, 1, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, out_channels, H/stride, W/stride)."""
        return self.pointwise(self.depthwise(x))


class MobileNetV1(Layer):
    """A convolution, then blocks of a depthwise and a pointwise one.

    Args:
        num_classes: size of the output.
        width: the width multiplier α, which all channels are multiplied by. The
            resolution multiplier is no setting: pass smaller images.
        blocks: output channels and stride of each.
        block: `DepthwiseSeparable`, or `ConvolutionUnit` for the network of full
            convolutions that the paper compares with (table 4).
        in_channels: of the images.
        small_images: begin with a convolution of stride 1, not 2.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        *,
        num_classes: int = 1000,
        width: float = 1.0,
        blocks: Sequence[tuple[int, int]] = BLOCKS,
        block: type[DepthwiseSeparable | ConvolutionUnit] = DepthwiseSeparable,
        in_channels: int = 3,
        small_images: bool = False,
        rng: np.random.Generator,
    ) -> None:
        channels, first_stride = round(32 * width), 1 if small_images else 2
        layers: list[Layer] = [
            ConvolutionUnit(in_channels, channels, stride=first_stride, rng=rng)
        ]
        for wide, stride in blocks:
            before, channels = channels, round(wide * width)
            layers.append(block(before, channels, stride=stride, rng=rng))
        self.features = Sequential(*layers)
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.fc = Dense(channels, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size."""
        return self.fc(self.flatten(self.avgpool(self.features(x))))


def mobilenet_v1(**settings: Any) -> MobileNetV1:
    """MobileNet with 4.2 million parameters; settings as for `MobileNetV1`."""
    return MobileNetV1(**settings)
