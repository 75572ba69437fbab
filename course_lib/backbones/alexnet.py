"""AlexNet: five convolutions and three dense layers, with ReLU and dropout.

Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep
convolutional neural networks", figure 2. Parameters have torchvision's names.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import he_normal, normal
from course_lib.layers import (
    AdaptiveAvgPool2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Sequential,
)

Channels = tuple[int, int, int, int, int]

# Of the five convolutions, in Krizhevsky (2014), "One weird trick for parallelizing
# convolutional neural networks", which torchvision has, and in the paper of 2012.
ONE_TOWER: Channels = (64, 192, 384, 256, 256)
TWO_TOWERS: Channels = (96, 256, 384, 384, 256)

# Section 3.3. The paper's α is 1e-4 for each of the 5 channels, not for their mean.
response_norm = partial(LocalResponseNorm, 5, alpha=5e-4, beta=0.75, k=2.0)

# Section 5, for all weights; here for the last layer's: no class is likelier at first.
small_normal = partial(normal, std=0.01)


class AlexNet(Layer):
    """Five convolutions, three of them followed by a pooling, then three dense layers.

    By default it is the one tower of torchvision. The network of 2012 lay on two GPUs,
    which saw each other's channels in the third convolution and the dense layers only;
    with local response normalization after the first two, it is

        alexnet(channels=TWO_TOWERS, groups=2, local_response=True, rng=rng)

    For both, images of 224×224 give maps of 55×55 with a border of 2 pixels; the paper
    does not mention the border.

    Weights start by He et al.'s rule and biases at 0. The paper's weights are
    N(0, 0.01²), here those of the last layer only, and some of its biases 1, so that
    the ReLUs are active at first.

    Args:
        num_classes: size of the output.
        channels: of the five convolutions.
        hidden: units in the two hidden dense layers.
        pooled: height and width of what the dense layers see, averaged to that size.
        in_channels: of the images.
        small_images: begin with a 5×5 convolution that keeps the size, and not with an
            11×11 that quarters it.
        groups: 2 parts the second, fourth and fifth convolution in two.
        local_response: normalize after the first and the second convolution.
        dropout: the probability that an input of a hidden dense layer is left out.
        rng: generator for the initial weights and for dropout.
    """

    def __init__(
        self,
        *,
        num_classes: int = 1000,
        channels: Channels = ONE_TOWER,
        hidden: int = 4096,
        pooled: int = 6,
        in_channels: int = 3,
        small_images: bool = False,
        groups: int = 1,
        local_response: bool = False,
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        c1, c2, c3, c4, c5 = channels
        first = (5, 1) if small_images else (11, 4)  # kernel size and stride
        parted: dict[str, Any] = {"groups": groups, "rng": rng}
        normalized = [response_norm] if local_response else []
        self.features = Sequential(
            Conv2d(in_channels, c1, *first, padding=2, rng=rng),
            ReLU(),
            *[norm() for norm in normalized],
            MaxPool2d(3, 2),
            Conv2d(c1, c2, 5, padding=2, **parted),
            ReLU(),
            *[norm() for norm in normalized],
            MaxPool2d(3, 2),
            Conv2d(c2, c3, 3, padding=1, rng=rng),
            ReLU(),
            Conv2d(c3, c4, 3, padding=1, **parted),
            ReLU(),
            Conv2d(c4, c5, 3, padding=1, **parted),
            ReLU(),
            MaxPool2d(3, 2),
        )
        self.avgpool = AdaptiveAvgPool2d(pooled)
        self.flatten = Flatten()
        self.classifier = Sequential(
            Dropout(dropout, rng=rng),
            Dense(c5 * pooled**2, hidden, initializer=he_normal, rng=rng),
            ReLU(),
            Dropout(dropout, rng=rng),
            Dense(hidden, hidden, initializer=he_normal, rng=rng),
            ReLU(),
            Dense(hidden, num_classes, initializer=small_normal, rng=rng),
        )

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, H, W)
        of any size from 63×63 on, or from 15×15 with `small_images`."""
        return self.classifier(self.flatten(self.avgpool(self.features(x))))


def alexnet(**settings: Any) -> AlexNet:
    """AlexNet, by default torchvision's with 61.1 million parameters; settings as for
    `AlexNet`."""
    return AlexNet(**settings)
