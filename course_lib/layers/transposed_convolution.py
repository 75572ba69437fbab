"""Transposed convolutions as layers: they make images larger, and learn how.

Settings stand in torch's order and have torch's defaults:
ConvTranspose2d(64, 32, 2, stride=2) doubles an image's height and width.
"""

from __future__ import annotations

import numpy as np

from course_lib import initializers
from course_lib.layers.convolution import Kernels
from course_lib.operations import transposed_convolution
from course_lib.operations.convolution_settings import Sizes


class TransposedConvolution(Kernels):
    """Transposed convolution in any number of dimensions: what ConvTranspose1d,
    ConvTranspose2d and ConvTranspose3d share.

    Args:
        in_channels, out_channels: C and O.
        kernel_size, stride, padding, output_padding, groups, dilation: as in
            `operations.transposed_convolution.conv_transpose2d`.
        bias: whether there is one.
        initializer: draws the weight from its shape. As in torch, what counts as its
            fan-in is then O/groups times the kernel, the fan-in of the convolution that
            is transposed.
        rng: generator for the initial weight. The bias starts at zero.

    Attributes:
        weight: Parameter of shape (C, O/groups, …kernel).
        bias: Parameter of shape (O,), or None.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        *,
        initializer: initializers.Initializer = initializers.he_normal,
        rng: np.random.Generator,
    ) -> None:
        settings = {
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "dilation": dilation,
            "groups": groups,
        }
        super().__init__(
            (in_channels, out_channels),
            kernel_size,
            bias=bias,
            settings=settings,
            initializer=initializer,
            rng=rng,
        )

    def pair(self, inputs: int, outputs: int, groups: int) -> tuple[int, int]:
        """The first two sizes of the weight."""
        return inputs, outputs // groups


class ConvTranspose1d(TransposedConvolution):
    """The adjoint of Conv1d, plus b: (N, C, L) becomes (N, O, L')."""

    operation = staticmethod(transposed_convolution.conv_transpose1d)
    axes = 1


class ConvTranspose2d(TransposedConvolution):
    """The adjoint of Conv2d, plus b: (N, C, H, W) becomes (N, O, H', W')."""

    operation = staticmethod(transposed_convolution.conv_transpose2d)
    axes = 2


class ConvTranspose3d(TransposedConvolution):
    """The adjoint of Conv3d, plus b: (N, C, T, H, W) becomes (N, O, T', H', W')."""

    operation = staticmethod(transposed_convolution.conv_transpose3d)
    axes = 3
