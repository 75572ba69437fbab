"""Squeeze-and-excitation: a residual network that weighs its channels anew each time.

Hu, Shen and Sun (2018), "Squeeze-and-excitation networks", figure 3 and table 1. Names
are those of `resnet`, and a block's attention is se.fc1 and se.fc2, as in torchvision's
SqueezeExcitation, where both are 1×1 convolutions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.backbones.residual_blocks import Bottleneck
from course_lib.backbones.resnet import ResNet
from course_lib.graph import Node
from course_lib.layers import SqueezeExcitation


class SEBottleneck(Bottleneck):
    """y = relu(s·F(x) + x): a bottleneck whose channels are weighed by s, which depends
    on all of F(x), before x is added: figure 3.

    The dense layers that compute s have biases, as in the authors' program; the paper's
    equation 5, which counts 2.5 million weights for ResNet-50, leaves them out.

    Args:
        in_channels, channels, stride, shortcut: as in `Bottleneck`.
        reduction: how many channels share a unit at the waist, r in the paper.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        stride: int = 1,
        shortcut: bool = True,
        reduction: int = 16,
        rng: np.random.Generator,
    ) -> None:
        settings: dict[str, Any] = {"stride": stride, "shortcut": shortcut, "rng": rng}
        super().__init__(in_channels, channels, **settings)
        wide = self.expansion * channels
        self.se = SqueezeExcitation(wide, wide // reduction, rng=rng)

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, 4·channels, H/stride, W/stride)."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.se(self.bn3(self.conv3(y)))
        return self.relu(y + self.downsample(x) if self.downsample else y)


def se_resnet50(**settings: Any) -> ResNet:
    """ResNet-50 with squeeze-and-excitation, 28.1 million parameters; settings as for
    `ResNet`."""
    return ResNet(SEBottleneck, (3, 4, 6, 3), **settings)
