"""Transposed convolution: the adjoint of a convolution, which makes images larger.

If a convolution is y = Kx with a matrix K, this is x = Kᵀy: what convolution does on
the way back, done on the way forward. It does not undo the convolution: Kᵀ is not the
inverse of K. In memory the results lie as those of `convolution` do.
"""

from course_lib.operations.convolution_products import (
    Sliding,
    batch_first,
    batch_last,
    correlate,
    kernel_gradient,
    spread,
)
from course_lib.operations.convolution_settings import (
    Sizes,
    check_shapes,
    for_each_axis,
)
from course_lib.operations.convolution_sizes import transposed_output_size
from course_lib.operations.padding import pad
from course_lib.types import Array, Operation


def conv_transpose1d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Operation:
    """y[n, o, s·i + d·k − p] = b[o] + Σ w[c, o, k] x[n, c, i]: `conv_transpose2d` along
    one axis.

    Args:
        x: sequences of shape (N, C, L).
        w: kernels of shape (C, O/groups, k).
        b: biases of shape (O,), or none.
        stride, padding, output_padding, dilation, groups: as in `conv_transpose2d`.

    Returns:
        Sequences of shape (N, O, L').

    Raises:
        ValueError: as `conv_transpose2d`.
    """
    return _transposed_convolution(
        "conv_transpose1d",
        1,
        x,
        w,
        b,
        stride,
        padding,
        output_padding,
        dilation,
        groups,
    )


def conv_transpose2d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Operation:
    """y[n, o, s·i + d·k − p] = b[o] + Σ w[c, o, k] x[n, c, i], over all channels c,
    positions i and offsets k that meet there: every entry of x puts down the kernel,
    and what overlaps adds up.

    Args:
        x: images of shape (N, C, H, W).
        w: kernels of shape (C, O/groups, kh, kw): those of the convolution from O to C
            channels whose adjoint this is.
        b: biases of shape (O,). Without them the operation has two inputs, and two
            gradients.
        stride: s, how far apart the kernels are put: a number, or (down, across).
        padding: p, how many entries are cut off on every side, as many as the
            convolution adds.
        output_padding: how many entries more the output has below and on the right,
            less than the stride or the dilation. Several sizes become the same when
            they are divided by the stride; this chooses one of them.
        dilation: d, how far apart the entries of a kernel are put.
        groups: the channels come in so many groups, each with kernels of its own.

    Returns:
        Images of shape (N, O, H', W'), of `transposed_output_size` along each axis.

    Raises:
        ValueError: the shapes do not fit together, a setting is out of range, or
            nothing is left of the output when the padding is cut off.

    Source: Zeiler et al. (2010); Dumoulin and Visin (2016), chapter 4.
    """
    return _transposed_convolution(
        "conv_transpose2d",
        2,
        x,
        w,
        b,
        stride,
        padding,
        output_padding,
        dilation,
        groups,
    )


def conv_transpose3d(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Operation:
    """y[n, o, s·i + d·k − p] = b[o] + Σ w[c, o, k] x[n, c, i]: `conv_transpose2d` along
    three axes.

    Args:
        x: volumes or clips of shape (N, C, T, H, W).
        w: kernels of shape (C, O/groups, kt, kh, kw).
        b: biases of shape (O,), or none.
        stride, padding, output_padding, dilation, groups: as in `conv_transpose2d`.

    Returns:
        An array of shape (N, O, T', H', W').

    Raises:
        ValueError: as `conv_transpose2d`.
    """
    return _transposed_convolution(
        "conv_transpose3d",
        3,
        x,
        w,
        b,
        stride,
        padding,
        output_padding,
        dilation,
        groups,
    )


def _transposed_convolution(
    name: str,
    axes: int,
    x: Array,
    w: Array,
    b: Array | None,
    stride: Sizes,
    padding: Sizes,
    output_padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Operation:
    check_shapes(name, x, w, b, axes=axes, groups=groups, transposed=True)
    steps = for_each_axis(name, "stride", stride, axes, least=1)
    apart = for_each_axis(name, "dilation", dilation, axes, least=1)
    cut = for_each_axis(name, "padding", padding, axes, least=0)
    more = for_each_axis(name, "output_padding", output_padding, axes, least=0)
    if any(m >= max(s, d) for m, s, d in zip(more, steps, apart, strict=True)):
        raise ValueError(
            f"{name}: output_padding is {more}, stride {steps}, dilation {apart}; "
            "expected less than the stride or the dilation, along each axis"
        )
    size = [
        transposed_output_size(n, k, stride=s, output_padding=m, dilation=d)
        for n, k, s, m, d in zip(
            x.shape[2:], w.shape[2:], steps, more, apart, strict=True
        )
    ]
    inside = [slice(p, n - p) for n, p in zip(size, cut, strict=True)]
    if any(s.start >= s.stop for s in inside):
        raise ValueError(
            f"{name}: padding {cut} leaves nothing of an output of size {size}. Is the "
            "padding that of the convolution which this transposes?"
        )
    sliding = Sliding(w.shape[2:], steps, apart, groups, x.shape[2:])
    y = spread(batch_last(x), w, sliding, size)[:, *inside]
    if b is not None:
        y += b.reshape(-1, *[1] * (axes + 1))

    def backward(dy: Array) -> tuple[Array, ...]:
        dy = batch_last(dy)
        padded, _ = pad(dy, widths=[*((p, p) for p in cut), (0, 0)])
        dx = correlate(padded, w, sliding)
        dw = kernel_gradient(padded, batch_last(x), sliding)
        if b is None:
            return batch_first(dx), dw
        return batch_first(dx), dw, dy.reshape(len(dy), -1).sum(axis=1)

    return batch_first(y), backward
