"""Max-unpooling: what pooling took is put back where it was found."""

from collections.abc import Sequence

import numpy as np

from course_lib.operations.windows import Sizes, per_axis
from course_lib.types import Array, Operation


def max_unpool2d(
    x: Array,
    *,
    indices: Array,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Operation:
    """y[indices] = x in every image, and 0 elsewhere. Entries take their gradient from
    where they went.

    Where windows overlapped, several entries may go to one place. The last of them, row
    by row, stays, and each of them gets the place's gradient, as in torch. They are
    copies of one maximum then, so that it is counted once for each.

    Args:
        x: pooled images of shape (N, C, H, W).
        indices: where in its image each entry goes, the image read row by row; whole
            numbers of x's shape, from `max_indices.max_indices`.
        kernel_size, stride, padding: as they were for pooling.
        output_size: the images' height and width, or their whole shape. By default the
            least that gives x when it is pooled: (H − 1)·stride − 2·padding + k.

    Returns:
        An array of shape (N, C, H′, W′).

    Raises:
        ValueError: x has another number of axes, the indices are not of its shape or
            lie outside the image, or a setting is out of its range.

    Source: Zeiler and Fergus (2014), section 2.1; Badrinarayanan, Kendall and Cipolla
    (2017), SegNet.
    """
    if x.ndim != 4:
        raise ValueError(
            f"max_unpool2d: x has shape {x.shape}, expected (N, C, H, W). Is the batch "
            "axis missing?"
        )
    kernels = per_axis("max_unpool2d", 2, kernel_size=kernel_size)
    strides = kernels if stride is None else per_axis("max_unpool2d", 2, stride=stride)
    paddings = per_axis("max_unpool2d", 2, least=0, padding=padding)
    height, width = (
        (n - 1) * s - 2 * p + k
        for n, s, p, k in zip(x.shape[2:], strides, paddings, kernels, strict=True)
    )
    if output_size is not None:
        height, width = per_axis("max_unpool2d", 2, output_size=output_size[-2:])
    if indices.shape != x.shape:
        raise ValueError(
            f"max_unpool2d: indices have shape {indices.shape}, x has {x.shape}; "
            "expected one for each entry. Are they from another pooling?"
        )
    if x.size and not 0 <= indices.min() <= indices.max() < height * width:
        raise ValueError(
            f"max_unpool2d: indices run from {indices.min()} to {indices.max()}, the "
            f"output of {height}×{width} has places 0 to {height * width - 1}. Was the "
            "pooled image larger? Then pass its size: output_size=x.shape"
        )
    n, c, h, w = x.shape
    flat, images = indices.reshape(n, c, h * w), (n, c, height * width)
    y = np.zeros(images, x.dtype)
    np.put_along_axis(y, flat, x.reshape(flat.shape), axis=2)

    def backward(dy: Array) -> Array:
        taken = np.take_along_axis(dy.reshape(images), flat, axis=2)
        return taken.reshape(x.shape)

    return y.reshape(n, c, height, width), backward
