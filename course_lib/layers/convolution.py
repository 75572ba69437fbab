"""Convolutions as layers: the same small kernels everywhere in the image.

Settings stand in torch's order and have torch's defaults: Conv2d(3, 64, 3, padding=1)
makes 64 channels of 3, and keeps the image's size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter, apply
from course_lib.layers.layer import Layer
from course_lib.operations import convolution
from course_lib.operations.convolution_settings import Padding, Sizes, for_each_axis
from course_lib.operations.padding import PaddingMode

# Settings of these values are torch's defaults, which go without saying.
DEFAULTS = (
    ("stride", 1),
    ("padding", 0),
    ("output_padding", 0),
    ("dilation", 1),
    ("groups", 1),
    ("padding_mode", "zeros"),
)


class Kernels(Layer):
    """What convolutions and transposed convolutions have in common: a weight, a bias or
    none, and an operation with its settings.

    Args:
        channels: of the input and of the output.
        kernel_size: for all axes, or for each.
        bias: whether there is one.
        settings: of the operation, `groups` among them.
        initializer: draws the weight from its shape and a generator.
        rng: generator for the initial weight.

    Raises:
        ValueError: a size is not a positive integer, or the groups do not divide both
            numbers of channels.
    """

    operation: ClassVar[Callable[..., Any]]
    axes: ClassVar[int]

    def __init__(
        self,
        channels: tuple[int, int],
        kernel_size: Sizes,
        *,
        bias: bool,
        settings: dict[str, Any],
        initializer: initializers.Initializer,
        rng: np.random.Generator,
    ) -> None:
        name, groups = type(self).__name__, settings["groups"]
        if min(*channels, groups) < 1 or any(n % groups for n in channels):
            raise ValueError(
                f"{name}: in_channels is {channels[0]}, out_channels {channels[1]}, "
                f"groups {groups}; expected positive numbers, and groups that divide "
                "both"
            )
        self.channels, self.kernel_size, self.settings = channels, kernel_size, settings
        kernel = for_each_axis(name, "kernel_size", kernel_size, self.axes, least=1)
        weight = initializer((*self.pair(*channels, groups), *kernel), rng)
        self.weight = Parameter(weight, "weight")
        self.bias = None
        if bias:
            self.bias = Parameter(np.zeros(channels[1], weight.dtype), "bias")

    def pair(self, inputs: int, outputs: int, groups: int) -> tuple[int, int]:
        """The first two sizes of the weight."""
        return outputs, inputs // groups

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output (N, out_channels, …) for an input (N, in_channels, …)."""
        biases = [] if self.bias is None else [self.bias]
        return apply(self.operation, x, self.weight, *biases, **self.settings)

    def __repr__(self) -> str:
        shown = [
            f"{name}={self.settings[name]!r}"
            for name, default in DEFAULTS
            if self.settings.get(name, default) != default
        ]
        without = ["bias=False"] if self.bias is None else []
        sizes = [*map(str, self.channels), f"kernel_size={self.kernel_size}"]
        return f"{type(self).__name__}({', '.join(sizes + shown + without)})"


class Convolution(Kernels):
    """Convolution in any number of dimensions: what Conv1d, Conv2d and Conv3d share.

    Args:
        in_channels, out_channels: C and O.
        kernel_size, stride, padding, dilation, groups, padding_mode: as in
            `operations.convolution.conv2d`.
        bias: whether there is one; before batch normalization, which takes away the
            mean, it would have no effect.
        initializer: draws the weight. By default He et al.'s rule, for a convolution is
            nearly always followed by a ReLU; torch draws from a narrower U(−a, a) with
            a = 1/√fan_in, from which it draws the bias too. Ours starts at zero.
        rng: generator for the initial weight.

    Attributes:
        weight: Parameter of shape (O, C/groups, …kernel).
        bias: Parameter of shape (O,), or None.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Padding = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: PaddingMode = "zeros",
        *,
        initializer: initializers.Initializer = initializers.he_normal,
        rng: np.random.Generator,
    ) -> None:
        settings = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "padding_mode": padding_mode,
        }
        super().__init__(
            (in_channels, out_channels),
            kernel_size,
            bias=bias,
            settings=settings,
            initializer=initializer,
            rng=rng,
        )


class Conv1d(Convolution):
    """y = x ⋆ w + b along a sequence: (N, C, L) becomes (N, O, L')."""

    operation = staticmethod(convolution.conv1d)
    axes = 1


class Conv2d(Convolution):
    """y = x ⋆ w + b on images: (N, C, H, W) becomes (N, O, H', W')."""

    operation = staticmethod(convolution.conv2d)
    axes = 2


class Conv3d(Convolution):
    """y = x ⋆ w + b on clips or volumes: (N, C, T, H, W) becomes (N, O, T', H', W')."""

    operation = staticmethod(convolution.conv3d)
    axes = 3
