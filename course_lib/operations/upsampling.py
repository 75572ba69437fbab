"""Upsampling: images drawn larger, by copying pixels or by lines between them.

Both are linear and separable: a matrix acts on the columns of an image, another on its
rows, Y = R X Cᵀ. Row i of R says of which pixels line i of the output is made. The way
back is the transpose, dX = Rᵀ dY C: every pixel collects the gradients of what was made
of it.
"""

from collections.abc import Sequence

import numpy as np

from course_lib.operations.windows import per_axis
from course_lib.types import Array, Operation

# How much larger the output is, one number for height and width or one for each.
Factors = float | Sequence[float]


def upsample_nearest(
    x: Array,
    *,
    size: int | Sequence[int] | None = None,
    scale_factor: Factors | None = None,
) -> Operation:
    """y = x at the pixel that pixel i of n′ falls into, ⌊i·n/n′⌋: copies of pixels,
    whose gradients add up.

    Where i·n/n′ is a whole number, torch may round it down to the pixel before (its
    answer then differs between float32 and float64); here it is exact.

    Args:
        x: images of shape (N, C, H, W).
        size: height and width of the output, one number if they are equal.
        scale_factor: or how many times as large it is, n′ = ⌊n·factor⌋; then pixel i
            falls into ⌊i/factor⌋. Below 1 the output is smaller.

    Returns:
        An array of shape (N, C, H′, W′).

    Raises:
        ValueError: x has another number of axes, not one of `size` and `scale_factor`
            is given, or the output would be empty.
    """
    rows, columns = (
        _nearest_matrix(*axis)
        for axis in _axes("upsample_nearest", x, size, scale_factor)
    )
    return _resample(x, rows, columns)


def upsample_bilinear(
    x: Array,
    *,
    size: int | Sequence[int] | None = None,
    scale_factor: Factors | None = None,
    align_corners: bool = False,
) -> Operation:
    """y = (1 − t)·x[j] + t·x[j + 1] along both axes: a pixel of the output, which lies
    at j + t of the input, is mixed from the pixels on either side.

    Args:
        x: images of shape (N, C, H, W).
        size: height and width of the output, one number if they are equal.
        scale_factor: or how many times as large it is, n′ = ⌊n·factor⌋.
        align_corners: let the centres of the corner pixels coincide: pixel i lies at
            i·(n − 1)/(n′ − 1). Else the outer edges do: it lies at (i + ½)·n/n′ − ½,
            where n/n′ is 1/factor if that is given, and not before pixel 0.

    Returns:
        An array of shape (N, C, H′, W′).

    Raises:
        ValueError: x has another number of axes, not one of `size` and `scale_factor`
            is given, or the output would be empty.
    """
    rows, columns = (
        _linear_matrix(*axis, align_corners)
        for axis in _axes("upsample_bilinear", x, size, scale_factor)
    )
    return _resample(x, rows, columns)


def _resample(x: Array, rows: Array, columns: Array) -> Operation:
    """Y = R X Cᵀ for every image X."""
    rows, columns = rows.astype(x.dtype), columns.astype(x.dtype)
    return rows @ x @ columns.T, lambda dy: rows.T @ dy @ columns


def _nearest_matrix(n: int, m: int, factor: float | None) -> Array:
    """A matrix of shape (m, n), with one 1 in each row."""
    i = np.arange(m)
    if factor is None or m == 2 * n:  # torch, too, then goes by the sizes
        return np.eye(n)[i * n // m]
    return np.eye(n)[(i / factor).astype(int)]


def _linear_matrix(n: int, m: int, factor: float | None, align_corners: bool) -> Array:
    """A matrix of shape (m, n), with weights of sum 1 in each row: 1 − |distance| for
    the pixels that are less than 1 away.
    """
    i = np.arange(m)
    if align_corners:
        at = i * ((n - 1) / max(m - 1, 1))
    else:
        at = (i + 0.5) * (n / m if factor is None else 1 / factor) - 0.5
    at = np.clip(at, 0, n - 1)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(n)))


def _axes(
    name: str,
    x: Array,
    size: int | Sequence[int] | None,
    scale_factor: Factors | None,
) -> list[tuple[int, int, float | None]]:
    """For height and width, the input's size, the output's, and the factor if given."""
    if x.ndim != 4:
        raise ValueError(
            f"{name}: x has shape {x.shape}, expected (N, C, H, W). Is the batch axis "
            "missing, or were the images flattened?"
        )
    image = x.shape[2:]
    if size is not None and scale_factor is None:
        sizes = per_axis(name, 2, size=size)
        return [(n, m, None) for n, m in zip(image, sizes, strict=True)]
    if size is not None or scale_factor is None:
        raise ValueError(
            f"{name}: size is {size}, scale_factor is {scale_factor}; expected one of "
            "them, and not both"
        )
    factors = (
        tuple(scale_factor)
        if isinstance(scale_factor, Sequence)
        else (scale_factor, scale_factor)
    )
    sizes = tuple(int(n * each) for n, each in zip(image, factors, strict=False))
    if len(factors) != 2 or min(sizes) < 1:
        raise ValueError(
            f"{name}: scale_factor is {scale_factor}, expected a positive number or "
            f"two, such that images of {image} do not vanish"
        )
    axes = zip(image, sizes, factors, strict=True)
    # As in torch, a factor that adds no pixel counts as 1: the axis stays as it is.
    return [(n, m, factor if m != n else None) for n, m, factor in axes]
