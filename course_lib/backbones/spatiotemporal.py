"""C3D: convolutions that slide along time as well.

Tran, Bourdev, Fergus, Torresani and Paluri (2015), "Learning spatiotemporal features
with 3D convolutional networks", figure 3; the idea is of Ji, Xu, Yang and Yu (2010).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import he_normal
from course_lib.layers import (
    Conv3d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool3d,
    ReLU,
    Sequential,
)

STAGES = ((64,), (128,), (256, 256), (512, 512), (512, 512))


class Conv3dNet(Layer):
    """Stages of 3×3×3 convolutions that keep the size, each stage halved by a pooling
    along time, height and width, the first along height and width only, lest time be
    used up too early; then three dense layers.

    As in the authors' program a pooling keeps a last window that sticks out: 7×7 become
    4×4. Weights are drawn by He et al.'s rule.

    Args:
        num_classes: size of the output; 487 are Sports-1M's.
        stages: the channels of the convolutions in each stage.
        hidden: units in the two hidden dense layers.
        size: of the clips: frames, height and width.
        in_channels: of the clips.
        dropout: the probability that a hidden unit is left out in training.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        *,
        num_classes: int = 487,
        stages: Sequence[Sequence[int]] = STAGES,
        hidden: int = 4096,
        size: Sequence[int] = (16, 112, 112),
        in_channels: int = 3,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        self.clip = (in_channels, *size)
        self.stages = []
        before = in_channels
        for stage, widths in enumerate(stages):
            layers: list[Layer] = []
            for channels in widths:
                layers += [Conv3d(before, channels, 3, padding=1, rng=rng), ReLU()]
                before = channels
            window = (1, 2, 2) if stage == 0 else (2, 2, 2)
            layers.append(MaxPool3d(window, ceil_mode=True))
            self.stages.append(Sequential(*layers))
            size = [-(-n // k) for n, k in zip(size, window, strict=True)]
        self.flatten = Flatten()
        dense = partial(Dense, initializer=he_normal, rng=rng)
        self.fc6 = dense(before * math.prod(size), hidden)
        self.fc7 = dense(hidden, hidden)
        self.fc8 = Dense(hidden, num_classes, rng=rng)
        self.relu = ReLU()
        self.dropout = Dropout(dropout, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for clips of shape (N, in_channels, T, H, W)
        of the network's size.

        Raises:
            ValueError: they are of another.
        """
        x = x if isinstance(x, Node) else Node(x)
        if x.shape[1:] != self.clip:
            raise ValueError(
                f"Conv3dNet: x has shape {x.shape}, expected (N, C, T, H, W) with "
                f"{self.clip} after N. Are time and channels swapped?"
            )
        for stage in self.stages:
            x = stage(x)
        x = self.dropout(self.relu(self.fc6(self.flatten(x))))
        x = self.dropout(self.relu(self.fc7(x)))
        return self.fc8(x)


def conv3d_net(**settings: Any) -> Conv3dNet:
    """C3D, 11 layers with weights, 80.0 million parameters, of which 101 classes leave
    78.4 million; settings as for `Conv3dNet`."""
    return Conv3dNet(**settings)
