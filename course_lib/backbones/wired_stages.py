"""A stage of a network whose nodes are wired as a graph says.

Xie, Kirillov, Girshick and He (2019), "Exploring randomly wired neural networks for
image recognition", section 3.2.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np

from course_lib.backbones.convolutions import conv1x1, conv3x3
from course_lib.backbones.random_graphs import RandomGraph
from course_lib.graph import Node, Parameter, apply
from course_lib.layers import BatchNorm2d, Layer, ReLU
from course_lib.operations.activations import sigmoid


class WiredNode(Layer):
    """y = norm(conv(relu(Σ σ(wᵢ)·xᵢ))), the convolution being separable, a 3×3 for
    each channel and a 1×1 over all: figure 2.

    Args:
        in_channels, out_channels: of each xᵢ, and of y.
        sources: how many nodes it hears; none if it takes the stage's input as it is.
        stride: 2 halves the image.
        rng: generator for the initial weights; the wᵢ start at 0, so at σ(wᵢ) = ½.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        sources: int,
        stride: int = 1,
        rng: np.random.Generator,
    ) -> None:
        self.weights = Parameter(np.zeros(sources), "weights") if sources else None
        self.relu = ReLU()
        self.depthwise = conv3x3(
            in_channels, in_channels, stride=stride, groups=in_channels, rng=rng
        )
        self.pointwise = conv1x1(in_channels, out_channels, rng=rng)
        self.bn = BatchNorm2d(out_channels)

    def __call__(self, *xs: Node) -> Node:
        """The output, of shape (N, out_channels, H/stride, W/stride)."""
        if self.weights is not None:
            weights = apply(sigmoid, self.weights)
            xs = tuple(weights[i] * x for i, x in enumerate(xs))
        x = self.relu(reduce(add, xs))
        return self.bn(self.pointwise(self.depthwise(x)))


class WiredStage(Layer):
    """A graph of nodes. Those to which no edge leads take the stage's input, and halve
    it; the mean of those from which none leads is the stage's output.

    Args:
        graph: the wiring; it remains as the attribute of this name, for drawing.
        in_channels, out_channels: of the stage's input, and of each node.
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        graph: RandomGraph,
        in_channels: int,
        out_channels: int,
        *,
        rng: np.random.Generator,
    ) -> None:
        self.graph = graph
        self.nodes = []
        for number in range(graph.nodes):
            sources = len(graph.sources(number))
            channels, stride = (out_channels, 1) if sources else (in_channels, 2)
            self.nodes.append(
                WiredNode(
                    channels, out_channels, sources=sources, stride=stride, rng=rng
                )
            )

    def __call__(self, x: Node) -> Node:
        """The output, of shape (N, out_channels, H/2, W/2)."""
        ys: list[Node] = []
        for number, node in enumerate(self.nodes):
            sources = self.graph.sources(number)
            ys.append(node(*[ys[i] for i in sources] or [x]))
        outputs = [ys[i] for i in self.graph.outputs]
        return reduce(add, outputs) / len(outputs)
