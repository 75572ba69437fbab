"""VGG networks: small kernels only, in a depth of 11 to 19 layers.

Simonyan and Zisserman (2015), "Very deep convolutional networks for large-scale image
recognition", table 1. Parameters have torchvision's names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.alexnet import response_norm, small_normal
from course_lib.graph import Node
from course_lib.initializers import he_normal
from course_lib.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
)

# fmt: off
# The columns of table 1: kernel sizes, stage by stage. All convolutions of a stage have
# 64, 128, 256, 512, 512 channels; a pooling comes after each stage.
A = (3,),   (3,),   (3, 3),       (3, 3),       (3, 3)
B = (3, 3), (3, 3), (3, 3),       (3, 3),       (3, 3)
C = (3, 3), (3, 3), (3, 3, 1),    (3, 3, 1),    (3, 3, 1)
D = (3, 3), (3, 3), (3, 3, 3),    (3, 3, 3),    (3, 3, 3)
E = (3, 3), (3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3)
# fmt: on

WIDEST = 8  # times the first stage's channels


class VGG(Layer):
    """Stages of convolutions that keep the size, each stage halved by a pooling, then
    three dense layers.

    Weights start by He et al.'s rule, which came later, the last layer's as AlexNet's;
    the paper trained the shallow network A from N(0, 0.1²), and the deeper ones from
    what A had learned.

    Args:
        kernel_sizes: of the convolutions in each stage, a column of table 1.
        num_classes: size of the output.
        width: channels of the first stage; they double up to eight times that.
        hidden: units in the two hidden dense layers.
        pooled: height and width of what the dense layers see, averaged to that size.
        in_channels: of the images.
        local_response: normalize after the first stage as AlexNet does: A-LRN.
        batch_norm: normalize after each convolution, as torchvision's vgg11_bn does.
        dropout: the probability that a hidden unit of a dense layer is left out.
        rng: generator for the initial weights and for dropout.
    """

    def __init__(
        self,
        kernel_sizes: Sequence[Sequence[int]],
        *,
        num_classes: int = 1000,
        width: int = 64,
        hidden: int = 4096,
        pooled: int = 7,
        in_channels: int = 3,
        local_response: bool = False,
        batch_norm: bool = False,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        layers: list[Layer] = []
        before = in_channels
        for stage, sizes in enumerate(kernel_sizes):
            channels = width * min(2**stage, WIDEST)
            for size in sizes:
                layers.append(
                    Conv2d(before, channels, size, padding=size // 2, rng=rng)
                )
                if batch_norm:
                    layers.append(BatchNorm2d(channels))
                layers.append(ReLU())
                before = channels
            if local_response and stage == 0:
                layers.append(response_norm())
            layers.append(MaxPool2d(2))
        self.features = Sequential(*layers)
        self.avgpool = AdaptiveAvgPool2d(pooled)
        self.flatten = Flatten()
        self.classifier = Sequential(
            Dense(before * pooled**2, hidden, initializer=he_normal, rng=rng),
            ReLU(),
            Dropout(dropout, rng=rng),
            Dense(hidden, hidden, initializer=he_normal, rng=rng),
            ReLU(),
            Dropout(dropout, rng=rng),
            Dense(hidden, num_classes, initializer=small_normal, rng=rng),
        )

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size that the stages can halve: with five, from 32×32 on."""
        return self.classifier(self.flatten(self.avgpool(self.features(x))))


def vgg11(**settings: Any) -> VGG:
    """Column A, 132.9 million parameters; settings as for `VGG`."""
    return VGG(A, **settings)


def vgg11_lrn(**settings: Any) -> VGG:
    """Column A-LRN: A with local response normalization; settings as for `VGG`."""
    return VGG(A, local_response=True, **settings)


def vgg13(**settings: Any) -> VGG:
    """Column B, 133.0 million parameters; settings as for `VGG`."""
    return VGG(B, **settings)


def vgg16_1x1(**settings: Any) -> VGG:
    """Column C, 133.6 million parameters: B with a 1×1 convolution at the end of three
    stages; settings as for `VGG`."""
    return VGG(C, **settings)


def vgg16(**settings: Any) -> VGG:
    """Column D, 138.4 million parameters; settings as for `VGG`."""
    return VGG(D, **settings)


def vgg19(**settings: Any) -> VGG:
    """Column E, 143.7 million parameters; settings as for `VGG`."""
    return VGG(E, **settings)
