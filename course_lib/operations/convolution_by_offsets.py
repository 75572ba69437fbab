"""Convolution as short as it can be written: one step for each position in the kernel.

`convolution` computes the same, faster and with more settings.
"""

import numpy as np

from course_lib.operations.convolution_sizes import output_size
from course_lib.types import Array, Operation


def cross_correlation(
    x: Array, w: Array, *, stride: int = 1, dilation: int = 1
) -> Operation:
    """y[n, o, i] = Σ w[o, c, k] x[n, c, s·i + d·k], over the channels c and the
    positions k in the kernel.

    Args:
        x: images of shape (N, C, …), with any number of spatial axes, padded already.
        w: kernels of shape (O, C, …), with as many.
        stride: s, how far apart the windows begin.
        dilation: d, how far apart the entries of a window are.

    Returns:
        An array of shape (N, O, …), of `output_size` along each axis.

    Raises:
        ValueError: the channels or the numbers of axes differ, or the kernel is larger
            than the image.
    """
    if x.ndim != w.ndim or x.shape[1] != w.shape[1]:
        raise ValueError(
            f"cross_correlation: x has shape {x.shape}, w {w.shape}; expected (N, C, …)"
            " and (O, C, …), of equally many axes. Is the channel axis missing?"
        )
    sizes = [
        output_size(n, k, stride=stride, dilation=dilation)
        for n, k in zip(x.shape[2:], w.shape[2:], strict=True)
    ]
    if min(sizes) < 1:
        raise ValueError(
            f"cross_correlation: the kernel is larger than the image: x has shape "
            f"{x.shape}, w {w.shape}, dilation {dilation}. Is a padding missing?"
        )
    positions = (0, *range(2, x.ndim))  # the batch's axis and the spatial ones

    def entries(offset: tuple[int, ...]) -> tuple:
        """Where in x all windows have the entry that this offset multiplies."""
        starts = [k * dilation for k in offset]
        ends = [a + (n - 1) * stride + 1 for a, n in zip(starts, sizes, strict=True)]
        return (..., *map(slice, starts, ends, [stride] * len(sizes)))

    y = np.zeros((len(x), len(w), *sizes), np.result_type(x, w))
    for offset in np.ndindex(w.shape[2:]):
        y += np.einsum("nc...,oc->no...", x[entries(offset)], w[:, :, *offset])

    def backward(dy: Array) -> tuple[Array, Array]:
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for offset in np.ndindex(w.shape[2:]):
            window = entries(offset)
            dx[window] += np.einsum("no...,oc->nc...", dy, w[:, :, *offset])
            dw[:, :, *offset] = np.tensordot(dy, x[window], (positions, positions))
        return dx, dw

    return y, backward
