"""Convolution of images, in one, two and three dimensions.

What the field calls convolution is cross-correlation: the kernel is not flipped. As the
kernel is learned, it makes no difference.

An image is (N, C, H, W) by its shape. In memory what comes out lies as (C, H, W, N),
batch last: the value and the gradient of x are transposed views. That is the layout in
which the products of matrices need no sorting of entries; what follows keeps it, for
NumPy's functions give their results the layout of their inputs. Any other layout may
come in, and costs one copy.
"""

from collections.abc import Sequence

from course_lib.operations.convolution_products import (
    Sliding,
    batch_first,
    batch_last,
    correlate,
    kernel_gradient,
    spread,
)
from course_lib.operations.convolution_settings import (
    Padding,
    Sizes,
    check_shapes,
    for_each_axis,
    padding_widths,
)
from course_lib.operations.convolution_sizes import output_size
from course_lib.operations.padding import PaddingMode, pad
from course_lib.types import Array, Operation


def conv1d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Operation:
    """y[n, o, i] = b[o] + Σ w[o, c, k] x[n, c, s·i + d·k] over c and k: `conv2d` along
    one axis.

    Args:
        x: sequences of shape (N, C, L).
        w: kernels of shape (O, C/groups, k).
        b: biases of shape (O,), or none.
        stride, padding, dilation, groups, padding_mode: as in `conv2d`.

    Returns:
        Sequences of shape (N, O, L').

    Raises:
        ValueError: as `conv2d`.
    """
    settings = stride, padding, dilation, groups, padding_mode
    return _convolution("conv1d", 1, x, w, b, *settings)


def conv2d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Operation:
    """y[n, o, i] = b[o] + Σ w[o, c, k] x[n, c, s·i + d·k] over the channels c and the
    positions k in the kernel, with i and k pairs of numbers, and x padded.

    Args:
        x: images of shape (N, C, H, W).
        w: kernels of shape (O, C/groups, kh, kw).
        b: biases of shape (O,). Without them the operation has two inputs, and two
            gradients.
        stride: s, how far apart the windows begin: a number, or (down, across).
        padding: how many entries to put around x: a number, or (above and below, left
            and right); "valid" for none; "same" for as many as make the output as
            large as the input, with one more after than before where the number is
            odd.
        dilation: d, how far apart the entries of a window are.
        groups: the channels come in so many groups, each with kernels of its own. With
            as many groups as channels the convolution is depthwise.
        padding_mode: what to put there: "zeros", "reflect" or "replicate", see `pad`.

    Returns:
        Images of shape (N, O, H', W'), of `output_size` along each axis.

    Raises:
        ValueError: the shapes do not fit together, a setting is out of range, or the
            kernel is larger than the padded image.

    Source: LeCun et al. (1998); Dumoulin and Visin (2016) for the arithmetic of sizes.
    """
    settings = stride, padding, dilation, groups, padding_mode
    return _convolution("conv2d", 2, x, w, b, *settings)


def conv3d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Operation:
    """y[n, o, i] = b[o] + Σ w[o, c, k] x[n, c, s·i + d·k] over c and k: `conv2d` along
    three axes, such as a clip's time, height and width.

    Args:
        x: volumes or clips of shape (N, C, T, H, W).
        w: kernels of shape (O, C/groups, kt, kh, kw).
        b: biases of shape (O,), or none.
        stride, padding, dilation, groups, padding_mode: as in `conv2d`.

    Returns:
        An array of shape (N, O, T', H', W').

    Raises:
        ValueError: as `conv2d`.
    """
    settings = stride, padding, dilation, groups, padding_mode
    return _convolution("conv3d", 3, x, w, b, *settings)


def _convolution(
    name: str,
    axes: int,
    x: Array,
    w: Array,
    b: Array | None,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
    mode: PaddingMode,
) -> Operation:
    check_shapes(name, x, w, b, axes=axes, groups=groups)
    kernel = w.shape[2:]
    steps = for_each_axis(name, "stride", stride, axes, least=1)
    apart = for_each_axis(name, "dilation", dilation, axes, least=1)
    widths = padding_widths(name, padding, kernel, steps, apart)
    padded, unpad = pad(x, widths=widths, mode=mode)
    size = tuple(
        output_size(n, k, stride=s, dilation=d)
        for n, k, s, d in zip(padded.shape[2:], kernel, steps, apart, strict=True)
    )
    if min(size) < 1:
        raise ValueError(
            f"{name}: the kernel is larger than the image: w has shape {w.shape}, x "
            f"{x.shape}, padding {widths}, dilation {apart}. Is a padding missing?"
        )
    sliding = Sliding(kernel, steps, apart, groups, size)
    inner = padded.shape[2:]
    y = correlate(batch_last(padded), w, sliding)
    if b is not None:
        y += b.reshape(-1, *[1] * (axes + 1))

    def backward(
        dy: Array, *, needed: Sequence[bool] = (True,)
    ) -> tuple[Array | None, ...]:
        dy = batch_last(dy)
        padded, _ = pad(x, widths=widths, mode=mode)  # too large to be kept
        dx = None
        if needed[0]:
            dx = unpad(batch_first(spread(dy, w, sliding, inner)))
        dw = kernel_gradient(batch_last(padded), dy, sliding)
        if b is None:
            return dx, dw
        return dx, dw, dy.reshape(len(dy), -1).sum(axis=1)

    return batch_first(y), backward
