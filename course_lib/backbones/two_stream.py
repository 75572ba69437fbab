"""Two streams: one network sees what there is, another how it moves.

Simonyan and Zisserman (2014), "Two-stream convolutional networks for action recognition
in videos", figure 1. Borders, which it does not mention, are those of CNN-M in
Chatfield et al. (2014), "Return of the devil in the details".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.backbones.alexnet import response_norm
from course_lib.graph import Node, apply
from course_lib.initializers import he_normal
from course_lib.layers import (
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    Identity,
    Layer,
    MaxPool2d,
    ReLU,
)
from course_lib.operations.convolution_sizes import output_size
from course_lib.operations.reductions import logsumexp
from course_lib.operations.shapes import stack
from course_lib.operations.softmax import log_softmax


class Stream(Layer):
    """Five convolutions and three dense layers. Weights are drawn by He et al.'s rule.

    Args:
        num_classes: size of the output.
        in_channels: of the input.
        second_norm: normalize after the second convolution, as after the first.
        size: height and width of the input.
        widths: channels of the convolutions.
        strides: of the first two convolutions.
        hidden: units in the two hidden dense layers.
        dropout: the probability that a hidden unit is left out in training.
        rng: generator for the initial weights, and for dropout.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        in_channels: int,
        second_norm: bool,
        size: Sequence[int] = (224, 224),
        widths: Sequence[int] = (96, 256, 512, 512, 512),
        strides: Sequence[int] = (2, 2),
        hidden: Sequence[int] = (4096, 2048),
        dropout: float = 0.5,
        rng: np.random.Generator,
    ) -> None:
        self.input_shape = (in_channels, *size)
        conv, dense = partial(Conv2d, rng=rng), partial(Dense, rng=rng)
        self.conv1 = conv(in_channels, widths[0], 7, strides[0])
        self.norm1 = response_norm()
        self.conv2 = conv(widths[0], widths[1], 5, strides[1], padding=1)
        self.norm2 = response_norm() if second_norm else Identity()
        self.conv3 = conv(widths[1], widths[2], 3, padding=1)
        self.conv4 = conv(widths[2], widths[3], 3, padding=1)
        self.conv5 = conv(widths[3], widths[4], 3, padding=1)
        pixels = math.prod(_pooled_size(n, strides) for n in size)
        self.full6 = dense(widths[4] * pixels, hidden[0], initializer=he_normal)
        self.full7 = dense(hidden[0], hidden[1], initializer=he_normal)
        self.full8 = dense(hidden[1], num_classes)
        self.relu, self.pool, self.flatten = ReLU(), MaxPool2d(2), Flatten()
        self.dropout = Dropout(dropout, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Logits of shape (N, num_classes) for inputs of shape (N, in_channels, H, W)
        of the stream's size.

        Raises:
            ValueError: they are of another.
        """
        x = x if isinstance(x, Node) else Node(x)
        if x.shape[1:] != self.input_shape:
            raise ValueError(
                f"Stream: x has shape {x.shape}, expected (N, C, H, W) with "
                f"{self.input_shape} after N. Are frames and flow swapped?"
            )
        x = self.pool(self.norm1(self.relu(self.conv1(x))))
        x = self.pool(self.norm2(self.relu(self.conv2(x))))
        x = self.relu(self.conv3(x))
        x = self.relu(self.conv4(x))
        x = self.pool(self.relu(self.conv5(x)))
        x = self.dropout(self.relu(self.full6(self.flatten(x))))
        x = self.dropout(self.relu(self.full7(x)))
        return self.full8(x)


class TwoStream(Layer):
    """p = (softmax(spatial(frame)) + softmax(temporal(flow)))/2: each stream says what
    it believes, and the mean counts. The paper trains them one by one: `spatial` and
    `temporal` are networks of their own.

    Args:
        num_classes: size of the output; 101 are UCF101's.
        in_channels: of a frame.
        flow_frames: L, how many fields of optical flow are stacked: each has two
            channels, to the right and down.
        rng: generator for the initial weights, and for dropout.
        settings: of both streams: see `Stream`.
    """

    def __init__(
        self,
        *,
        num_classes: int = 101,
        in_channels: int = 3,
        flow_frames: int = 10,
        rng: np.random.Generator,
        **settings: Any,
    ) -> None:
        stream = partial(Stream, num_classes=num_classes, rng=rng, **settings)
        self.spatial = stream(in_channels=in_channels, second_norm=True)
        self.temporal = stream(in_channels=2 * flow_frames, second_norm=False)

    def __call__(self, frame: Node | ArrayLike, flow: Node | ArrayLike) -> Node:
        """ln p of shape (N, num_classes), for frames (N, C, H, W) and flow (N, 2L, H,
        W). It may serve as logits: their softmax is p."""
        streams = self.spatial(frame), self.temporal(flow)
        both = apply(stack, *[apply(log_softmax, logits) for logits in streams])
        return apply(logsumexp, both, axis=0) - np.log(2)


def _pooled_size(n: int, strides: Sequence[int]) -> int:
    """What is left of n pixels behind the third pooling."""
    n = output_size(n, 7, stride=strides[0]) // 2
    return output_size(n, 5, stride=strides[1], padding=1) // 4


def two_stream(**settings: Any) -> TwoStream:
    """Eight layers with weights in each stream, 181.3 million parameters in both;
    settings as for `TwoStream`."""
    return TwoStream(**settings)
