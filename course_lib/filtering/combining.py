"""Two filters in one, one filter in two: what is less work?

Convolution is associative, (I ∗ g) ∗ h = I ∗ (g ∗ h), so that filters in turn can be
replaced by one; and a kernel of rank 1 by a column and a row in turn. What that saves
or costs is counted in multiplications a pixel:

    >>> from course_lib.filtering.kernels import binomial
    >>> g = binomial(3)
    >>> multiplications(g, g), multiplications(combine(g, g))  # 9 + 9, or 5×5
    (18, 25)
    >>> column, row = separate(g)
    >>> multiplications(column, row), multiplications(combine(column, row))
    (6, 9)
    >>> multiplications(row, row), multiplications(combine(row, row))
    (6, 5)

So kernels in turn are mostly cheaper than their product, and only kernels in one line
gain by being combined. Filters whose answers are added are another matter: I ∗ g + I ∗
h = I ∗ (g + h) is half the work.
"""

import numpy as np

from course_lib.filtering.correlation import Mode, Padding, convolve, correlate
from course_lib.types import Array


def combine(kernel: Array, *others: Array) -> Array:
    """g ∗ h ∗ …, at full size: one kernel that does by convolution what the given ones
    do in turn. It does so by correlation as well: (I ⋆ g) ⋆ h = I ⋆ (g ∗ h).

    Args:
        kernel, others: arrays of shape (h, w).

    Returns:
        An array of shape (Σh − n + 1, Σw − n + 1), for n kernels.

    Raises:
        ValueError: one of them is no matrix.
    """
    for other in others:
        kernel = convolve(kernel, other, mode="full")
    return kernel


def multiplications(*kernels: Array) -> int:
    """How many a pixel takes that is filtered with the kernels in turn: their entries.

    Args:
        kernels: arrays of shape (h, w).
    """
    return sum(kernel.size for kernel in kernels)


def separate(kernel: Array, *, tolerance: float = 1e-12) -> tuple[Array, Array]:
    """A column and a row whose product is the kernel: g[i, j] = column[i]·row[j].

    They are its first singular vectors, each times the root of the singular value.

    Args:
        kernel: array of shape (h, w), real.
        tolerance: as in `is_separable`.

    Returns:
        Arrays of shape (h, 1) and (1, w), kernels themselves; the column's largest
        entry is positive.

    Raises:
        ValueError: the kernel is no such product.
    """
    u, s, vt = np.linalg.svd(kernel)
    if not is_separable(kernel, tolerance=tolerance):
        raise ValueError(
            f"separate: the kernel's singular values are {s}, expected one that is not "
            "0: it is no product of a column and a row"
        )
    column, row = np.sqrt(s[0]) * u[:, :1], np.sqrt(s[0]) * vt[:1]
    sign = np.sign(column[np.abs(column).argmax()])
    return sign * column, sign * row


def is_separable(kernel: Array, *, tolerance: float = 1e-12) -> bool:
    """Whether the kernel is a product of a column and a row: a matrix of rank 1.

    Args:
        kernel: array of shape (h, w).
        tolerance: the second singular value's largest share of the first that counts
            as 0.
    """
    return bool(np.linalg.matrix_rank(kernel, rtol=tolerance) <= 1)


def correlate_separable(
    image: Array,
    column: Array,
    row: Array,
    *,
    mode: Mode = "same",
    padding: Padding = "zeros",
) -> Array:
    """I ⋆ (column·row), as (I ⋆ column) ⋆ row: h + w multiplications a pixel, not h·w.

    Args:
        image: array of shape (H, W) or (H, W, C).
        column, row: arrays of shape (h, 1) and (1, w).
        mode, padding: as in `correlate`.

    Raises:
        ValueError: as `correlate`.
    """
    across = correlate(image, column, mode=mode, padding=padding)
    return correlate(across, row, mode=mode, padding=padding)
