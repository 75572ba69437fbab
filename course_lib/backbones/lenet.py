"""LeNet-5, which read the digits on cheques: convolutions, subsampling, dense layers.

LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
recognition", figure 2, whose names C1, S2, C3, S4, C5 and F6 the layers have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.initializers import glorot_uniform
from course_lib.layers import AvgPool2d, Conv2d, Dense, Flatten, Layer, Tanh

SIZE = 32  # of an image, with its padding: it leaves C5 one position to look at


class LeNet5(Layer):
    """Two convolutions, each halved by a pooling, then three layers that are dense.

    This is the network as it is taught, with 61,706 parameters. The paper's own has
    60,000: each map of its C3 sees some of S2's only (table I); its S2 and S4 multiply
    the average by a weight, add a bias, both learned, and squash the sum; its outputs
    are distances to drawings of the characters, which are not learned. It squashes with
    1.7159 tanh(2x/3).

    Weights start by Glorot and Bengio's rule, which is made for tanh; the paper's are
    U(−2.4/fan_in, 2.4/fan_in).

    Args:
        num_classes: size of the output.
        in_channels: of the images.
        padding: pixels of 0 around the image: 2 if it has 28×28, as MNIST's have.
        activation: makes the layer after C1, C3, C5 and F6, such as `Tanh` or `ReLU`.
        pooling: makes S2 and S4 from a window size: `AvgPool2d` or `MaxPool2d`.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        *,
        num_classes: int = 10,
        in_channels: int = 1,
        padding: int = 0,
        activation: Callable[[], Layer] = Tanh,
        pooling: Callable[[int], Layer] = AvgPool2d,
        rng: np.random.Generator,
    ) -> None:
        start: dict[str, Any] = {"initializer": glorot_uniform, "rng": rng}
        self.size = SIZE - 2 * padding
        self.c1 = Conv2d(in_channels, 6, 5, padding=padding, **start)
        self.s2 = pooling(2)
        self.c3 = Conv2d(6, 16, 5, **start)
        self.s4 = pooling(2)
        self.c5 = Conv2d(16, 120, 5, **start)
        self.flatten = Flatten()
        self.f6 = Dense(120, 84, **start)
        self.output = Dense(84, num_classes, **start)
        self.activation = activation()

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for images of shape (N, in_channels, 32, 32)
        or, with a padding of 2, (N, in_channels, 28, 28).

        Raises:
            ValueError: the images have another size.
        """
        x = x if isinstance(x, Node) else Node(x)
        if x.shape[2:] != (self.size, self.size):
            raise ValueError(
                f"LeNet5: x has shape {x.shape}, expected (N, C, {self.size}, "
                f"{self.size}). Images of 28×28 need LeNet5(padding=2), others resizing"
            )
        x = self.s2(self.activation(self.c1(x)))
        x = self.s4(self.activation(self.c3(x)))
        x = self.flatten(self.activation(self.c5(x)))
        return self.output(self.activation(self.f6(x)))


def lenet5(**settings: Any) -> LeNet5:
    """LeNet-5 with 61,706 parameters; settings as for `LeNet5`."""
    return LeNet5(**settings)
