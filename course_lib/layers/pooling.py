"""Pooling as layers: they have no parameters, and keep the number of channels.

Settings stand in torch's order and have torch's defaults: MaxPool2d(2) halves an image,
MaxPool2d(3, stride=2, padding=1) lets windows overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import adaptive_pooling, pooling, unpooling
from course_lib.operations.max_indices import max_indices
from course_lib.operations.windows import Sizes


class _Pool(Layer):
    """A pooling over windows: an operation and its settings."""

    operation: ClassVar[Callable[..., Any]]

    def __init__(
        self, kernel_size: Sizes, stride: Sizes | None, padding: Sizes, **rest: Any
    ) -> None:
        self.settings = {
            "kernel_size": kernel_size,
            "stride": kernel_size if stride is None else stride,
            "padding": padding,
            **rest,
        }

    def __call__(self, x: Node | ArrayLike) -> Any:
        return apply(self.operation, x, **self.settings)

    def __repr__(self) -> str:
        return _repr(self, **self.settings)


class _MaxPool(_Pool):
    """Max pooling in any number of dimensions."""

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        *,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        rest = {"dilation": dilation, "ceil_mode": ceil_mode}
        super().__init__(kernel_size, stride, padding, **rest)
        self.return_indices = return_indices

    def __call__(self, x: Node | ArrayLike) -> Any:
        """The pooled images, or a pair of them and the places of the maxima."""
        y = super().__call__(x)
        if not self.return_indices:
            return y
        values = x.value if isinstance(x, Node) else np.asarray(x)
        return y, Node(max_indices(values, **self.settings))


class MaxPool1d(_MaxPool):
    """y = the largest entry of each window of a signal (N, C, L).

    Args:
        kernel_size, stride, padding, dilation: of the windows; by default they tile the
            signal.
        return_indices: return a pair (y, indices), as in `MaxPool2d`.
        ceil_mode: keep a last window that sticks out.
    """

    operation = staticmethod(pooling.max_pool1d)


class MaxPool2d(_MaxPool):
    """y = the largest entry of each window of an image (N, C, H, W).

    Args:
        kernel_size, stride, padding, dilation: of the windows, one number or a pair for
            height and width; by default they tile the image. What is padded is −∞.
        return_indices: return a pair (y, indices), which `MaxUnpool2d` takes. The
            indices are a Node too, so of floating-point numbers, but nothing is
            learned through them.
        ceil_mode: keep a last window that sticks out, rather than leave out the rows
            and columns that fill no window.
    """

    operation = staticmethod(pooling.max_pool2d)


class MaxPool3d(_MaxPool):
    """y = the largest entry of each window of a clip (N, C, T, H, W).

    Args:
        kernel_size, stride, padding, dilation: of the windows, one number or three for
            time, height and width; by default they tile the clip.
        return_indices: return a pair (y, indices), as in `MaxPool2d`.
        ceil_mode: keep a last window that sticks out.
    """

    operation = staticmethod(pooling.max_pool3d)


class _AvgPool(_Pool):
    """Average pooling in any number of dimensions."""

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        *,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        rest = {"ceil_mode": ceil_mode, "count_include_pad": count_include_pad}
        super().__init__(kernel_size, stride, padding, **rest)


class AvgPool1d(_AvgPool):
    """y = the mean of each window of a signal (N, C, L).

    Args:
        kernel_size, stride, padding: of the windows; by default they tile the signal.
        ceil_mode, count_include_pad: as in `AvgPool2d`.
    """

    operation = staticmethod(pooling.avg_pool1d)


class AvgPool2d(_AvgPool):
    """y = the mean of each window of an image (N, C, H, W).

    Args:
        kernel_size, stride, padding: of the windows, one number or a pair for height
            and width; by default they tile the image. What is padded is 0.
        ceil_mode: keep a last window that sticks out.
        count_include_pad: divide by all the window's entries, those in the padding too.
    """

    operation = staticmethod(pooling.avg_pool2d)


class AvgPool3d(_AvgPool):
    """y = the mean of each window of a clip (N, C, T, H, W).

    Args:
        kernel_size, stride, padding: of the windows, one number or three for time,
            height and width; by default they tile the clip.
        ceil_mode, count_include_pad: as in `AvgPool2d`.
    """

    operation = staticmethod(pooling.avg_pool3d)


class _AdaptivePool2d(Layer):
    """A pooling whose output has a given size."""

    operation: ClassVar[Callable[..., Any]]

    def __init__(self, output_size: adaptive_pooling.OutputSize) -> None:
        self.output_size = output_size

    def __call__(self, x: Node | ArrayLike) -> Node:
        return apply(self.operation, x, output_size=self.output_size)

    def __repr__(self) -> str:
        return _repr(self, output_size=self.output_size)


class AdaptiveAvgPool2d(_AdaptivePool2d):
    """y = means over as many windows as the output has pixels, whatever the input's
    size: AdaptiveAvgPool2d(1) is global average pooling.

    Args:
        output_size: height and width of the output, one number if they are equal;
            None, in a pair, is the input's own.
    """

    operation = staticmethod(adaptive_pooling.adaptive_avg_pool2d)


class AdaptiveMaxPool2d(_AdaptivePool2d):
    """y = maxima over as many windows as the output has pixels, whatever the input's
    size.

    Args:
        output_size: as in `AdaptiveAvgPool2d`.
    """

    operation = staticmethod(adaptive_pooling.adaptive_max_pool2d)


class MaxUnpool2d(Layer):
    """Puts every maximum back where it was found, and 0 elsewhere: see
    `unpooling.max_unpool2d`.

    Args:
        kernel_size, stride, padding: as they are in the MaxPool2d to be undone.
    """

    def __init__(
        self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0
    ) -> None:
        self.settings = {
            "kernel_size": kernel_size,
            "stride": kernel_size if stride is None else stride,
            "padding": padding,
        }

    def __call__(
        self,
        x: Node | ArrayLike,
        indices: Node | ArrayLike,
        output_size: tuple[int, ...] | None = None,
    ) -> Node:
        """Images of shape (N, C, H′, W′).

        Args:
            x: pooled images of shape (N, C, H, W).
            indices: where in its image each entry goes, as MaxPool2d returns it.
            output_size: the images' height and width, or whole shape, where the pooling
                left out rows or columns.
        """
        places = indices.value if isinstance(indices, Node) else np.asarray(indices)
        return apply(
            unpooling.max_unpool2d,
            x,
            indices=places.astype(np.int64),
            output_size=output_size,
            **self.settings,
        )

    def __repr__(self) -> str:
        return _repr(self, **self.settings)


def _repr(layer: Layer, **settings: Any) -> str:
    listed = ", ".join(f"{name}={value}" for name, value in settings.items())
    return f"{type(layer).__name__}({listed})"
