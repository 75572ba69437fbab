"""Randomly wired networks: who is connected with whom is drawn, not designed.

Xie, Kirillov, Girshick and He (2019), "Exploring randomly wired neural networks for
image recognition", section 3 and table 1, small regime. Stages: `wired_stages`;
generators of graphs: `random_graphs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.convolutions import conv1x1, conv3x3
from course_lib.backbones.random_graphs import RandomGraph, watts_strogatz
from course_lib.backbones.wired_stages import WiredStage
from course_lib.graph import Node
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Dense,
    Flatten,
    Layer,
    ReLU,
)


class RandomlyWired(Layer):
    """Two convolutions, a stage for each graph, and a 1×1 convolution before the mean.

    A convolution is a triplet ReLU–convolution–norm, but for the first, which finds an
    image. The table does not say whether a ReLU follows the last; here one does, as
    without it the last two weights would make one linear map.

    Args:
        graphs: the wiring of each stage, which doubles the channels and halves the
            image; three in the paper.
        num_classes: size of the output.
        width: channels of the first stage, C in the paper.
        head: channels of the last convolution.
        in_channels: of the images.
        small_images: keep the size in the first two convolutions; else they quarter it.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        graphs: Sequence[RandomGraph],
        *,
        num_classes: int = 1000,
        width: int = 78,
        head: int = 1280,
        in_channels: int = 3,
        small_images: bool = False,
        rng: np.random.Generator,
    ) -> None:
        settings: dict[str, Any] = {"stride": 1 if small_images else 2, "rng": rng}
        self.conv1 = conv3x3(in_channels, width // 2, **settings)
        self.bn1 = BatchNorm2d(width // 2)
        self.conv2 = conv3x3(width // 2, width, **settings)
        self.bn2 = BatchNorm2d(width)
        self.stages = []
        channels = width
        for index, graph in enumerate(graphs):
            self.stages.append(WiredStage(graph, channels, width * 2**index, rng=rng))
            channels = width * 2**index
        self.conv3 = conv1x1(channels, head, rng=rng)
        self.bn3 = BatchNorm2d(head)
        self.relu = ReLU()
        self.avgpool = AdaptiveAvgPool2d(1)
        self.flatten = Flatten()
        self.fc = Dense(head, num_classes, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size."""
        x = self.bn1(self.conv1(x))
        x = self.bn2(self.conv2(self.relu(x)))
        for stage in self.stages:
            x = stage(x)
        x = self.relu(self.bn3(self.conv3(self.relu(x))))
        return self.fc(self.flatten(self.avgpool(x)))


def randomly_wired(
    graphs: Sequence[RandomGraph] | None = None,
    *,
    rng: np.random.Generator,
    **settings: Any,
) -> RandomlyWired:
    """Three random graphs of 32 nodes, 5.6 million parameters, give or take 0.1.

    Args:
        graphs: the wiring of each stage; by default Watts–Strogatz graphs drawn from
            `rng`, which the paper finds best.
        rng: generator for the wiring and for the initial weights.
        settings: as for `RandomlyWired`.
    """
    if graphs is None:
        graphs = [watts_strogatz(rng=rng) for _ in range(3)]
    return RandomlyWired(graphs, rng=rng, **settings)
