"""Kernels that everyone should know by sight.

They are made for `correlate`. All but the Sobel kernels look the same from the other
side, so that `convolve` does the same with them; it turns those two into their
negatives.
"""

import math

import numpy as np

from course_lib.types import Array

# How many standard deviations of a Gaussian are kept on either side: 99.7 % of it.
REACH = 3


def identity(size: int = 3) -> Array:
    """1 in the middle, 0 elsewhere: the image stays as it is.

    Args:
        size: rows and columns, an odd number.

    Raises:
        ValueError: there is no middle.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(
            f"identity: size is {size}, expected an odd number from 1 on: an even one "
            "has no middle"
        )
    kernel = np.zeros((size, size))
    kernel[size // 2, size // 2] = 1
    return kernel


def box(size: int = 3) -> Array:
    """1/size² everywhere: each pixel becomes the mean of its neighbourhood.

    Args:
        size: rows and columns, at least 1.

    Raises:
        ValueError: the size is below 1.
    """
    _check_size("box", size)
    return np.full((size, size), 1 / size**2)


def binomial(size: int = 3) -> Array:
    """Rows of Pascal's triangle across and down, of sum 1: for size 3,
    1/16·[1 2 1; 2 4 2; 1 2 1]. It blurs like a Gaussian of σ = √(size − 1)/2, in whole
    numbers.

        >>> binomial(3) * 16
        array([[1., 2., 1.],
               [2., 4., 2.],
               [1., 2., 1.]])

    Args:
        size: rows and columns, at least 1.

    Raises:
        ValueError: the size is below 1.
    """
    _check_size("binomial", size)
    line = np.array([math.comb(size - 1, i) for i in range(size)]) / 2 ** (size - 1)
    return np.outer(line, line)


def gaussian(sigma: float, *, size: int | None = None) -> Array:
    """e^(−(x² + y²)/2σ²), scaled to a sum of 1: near pixels count for more.

    Args:
        sigma: σ in pixels, above 0.
        size: rows and columns; by default 2⌈3σ⌉ + 1, enough for 3σ on either side.

    Raises:
        ValueError: σ is not positive, or the size is below 1.
    """
    if not sigma > 0:
        raise ValueError(f"gaussian: sigma is {sigma}, expected pixels above 0")
    size = 2 * math.ceil(REACH * sigma) + 1 if size is None else size
    _check_size("gaussian", size)
    x = np.arange(size) - (size - 1) / 2
    line = np.exp(-(x**2) / (2 * sigma**2))
    return np.outer(line, line) / line.sum() ** 2


def laplacian() -> Array:
    """[0 1 0; 1 −4 1; 0 1 0] ≈ ∂²I/∂x² + ∂²I/∂y²: how much brighter the neighbours are;
    0 on flats and on ramps.
    """
    return np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])


def sharpen(amount: float = 1.0) -> Array:
    """The image less `amount` times its Laplacian, [0 −1 0; −1 5 −1; 0 −1 0] for 1:
    what differs from its neighbours comes to differ more. Flats stay as they are.

    Args:
        amount: how much, from 0, the identity, on.
    """
    return identity(3) - amount * laplacian()


def sobel_x() -> Array:
    """[−1 0 1; −2 0 2; −1 0 1] ≈ 8·∂I/∂x: it differentiates along the rows, from left
    to right, and smooths across them. So it answers to vertical edges, with a positive
    value where the image becomes brighter to the right.

    Source: Sobel and Feldman (1968), A 3×3 isotropic gradient operator.
    """
    smooth, differentiate = np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])
    return np.outer(smooth, differentiate)


def sobel_y() -> Array:
    """[−1 −2 −1; 0 0 0; 1 2 1] ≈ 8·∂I/∂y, the transpose of `sobel_x`: it answers to
    horizontal edges, with a positive value where the image becomes brighter downwards.
    """
    return sobel_x().T


def _check_size(name: str, size: int) -> None:
    if size < 1:
        raise ValueError(f"{name}: size is {size}, expected at least 1")
