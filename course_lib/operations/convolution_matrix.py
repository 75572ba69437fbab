"""A convolution is linear: here is its matrix."""

import numpy as np

from course_lib.operations.convolution_settings import Sizes, for_each_axis
from course_lib.operations.convolution_sizes import output_size
from course_lib.types import Array


def convolution_matrix(
    w: Array,
    *,
    size: tuple[int, ...],
    stride: Sizes = 1,
    padding: Sizes = 0,
    dilation: Sizes = 1,
) -> Array:
    """K with K x = x ⋆ w, for an image x and the result written as columns of numbers.

    Row i holds the kernel where the i-th window lies, and 0 elsewhere; columns outside
    the image, in the padding, are left out. Kᵀ is the transposed convolution, and the
    way back through a convolution: dx = Kᵀ dy.

        >>> convolution_matrix(np.array([[[1.0, 2.0]]]), size=(4,))
        array([[1., 2., 0., 0.],
               [0., 1., 2., 0.],
               [0., 0., 1., 2.]])

    Args:
        w: kernels of shape (O, C, …kernel), with any number of spatial axes.
        size: the image's spatial size, (H, W) for a picture.
        stride, padding, dilation: as in `convolution.conv2d`: a number, or one for each
            axis.

    Returns:
        A matrix of O·H'·W' rows and C·H·W columns, so that
        `(K @ x.ravel()).reshape(O, H', W')` is the convolution of one image x.

    Raises:
        ValueError: w does not have two axes more than `size` numbers, a setting is out
            of range, or the kernel is larger than the padded image.

    Source: Dumoulin and Visin (2016), section 4.1.
    """
    name, axes, kernel = "convolution_matrix", len(size), w.shape[2:]
    if len(kernel) != axes or not axes:
        raise ValueError(
            f"{name}: w has shape {w.shape}, the image size {size}; expected "
            "(O, C, …kernel) with a number for each axis of the size. Are the channel "
            "axes missing: w[None, None]?"
        )
    s = np.array(for_each_axis(name, "stride", stride, axes, least=1))
    p = np.array(for_each_axis(name, "padding", padding, axes, least=0))
    d = np.array(for_each_axis(name, "dilation", dilation, axes, least=1))
    windows = [
        output_size(n, k, stride=stride, padding=padding, dilation=dilation)
        for n, k, stride, padding, dilation in zip(size, kernel, s, p, d, strict=True)
    ]
    if min(windows) < 1:
        raise ValueError(
            f"{name}: the kernel is larger than the image: w has shape {w.shape}, the "
            f"image size {size}, padding {padding}, dilation {dilation}"
        )
    K = np.zeros((len(w), *windows, w.shape[1], *size), w.dtype)
    for i in np.ndindex(*windows):
        for k in np.ndindex(kernel):
            position = s * i + d * k - p
            if all(position >= 0) and all(position < size):
                K[:, *i, :, *position] = w[:, :, *k]
    return K.reshape(len(w) * int(np.prod(windows)), -1)
