"""Where a maximum was found: what unpooling needs to put it back."""

import numpy as np

from course_lib.operations.pooling import max_pool1d, max_pool2d, max_pool3d
from course_lib.operations.windows import Sizes, slide
from course_lib.types import Array


def max_indices(
    x: Array,
    *,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Array:
    """The index of each window's maximum in its image, the image read row by row: what
    torch returns for return_indices=True.

    Args:
        x: images of shape (N, C, H, W), or signals (N, C, L), or clips (N, C, T, H, W).
        kernel_size, stride, padding, dilation, ceil_mode: as in `pooling.max_pool2d`.

    Returns:
        Whole numbers of the shape of the pooled images. Of equal largest entries, the
        first is meant.

    Raises:
        ValueError: x has another number of axes, a setting is out of its range, or no
            window fits.
    """
    dims = x.ndim - 2
    pools = {1: max_pool1d, 2: max_pool2d, 3: max_pool3d}
    if dims not in pools:
        raise ValueError(
            f"max_indices: x has shape {x.shape}, expected (N, C, H, W), or one axis "
            "more or fewer. Is the batch axis missing?"
        )
    y, _ = pools[dims](
        x,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    settings = kernel_size, stride, padding, ceil_mode, dilation
    over = slide("max_indices", x, dims, *settings)
    image = x.shape[2:]
    positions = np.arange(np.prod(image)).reshape(image)
    indices = np.zeros(y.shape, dtype=np.int64)
    for windows, entries in reversed(list(over.places())):  # the first overwrites all
        found = x[entries] == y[windows]
        indices[windows] = np.where(found, positions[entries], indices[windows])
    return indices
