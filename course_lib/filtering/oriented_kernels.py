"""Gabor's kernels: a wave under a bell, which answers to one orientation and width.

They are complex. The real part is even and answers to lines, the imaginary part is odd
and answers to edges, and the response's absolute value to both: it does not change as
the pattern shifts. The first layer of many trained networks looks like a bank of them.
"""

import numpy as np

from course_lib.types import Array


def gabor(size: int, *, wavelength: float, angle: float, sigma: float) -> Array:
    """g = e^(−(x² + y²)/2σ²)·(e^(2πi·u/λ) − m), where u = x cos θ + y sin θ runs along
    the wave, and m makes the sum 0, so that flats of any brightness give 0.

    Args:
        size: rows and columns, at least 2; an odd number, for a wave about a pixel.
        wavelength: λ in pixels, above 0.
        angle: θ in radians, the direction in which the wave runs: 0 along the rows, to
            the right; π/2 downwards. It answers to stripes at right angles to that.
        sigma: σ in pixels, above 0: how wide the bell is.

    Returns:
        A complex array of shape (size, size), scaled so that Σ|g| = 1.

    Raises:
        ValueError: a setting is out of its range.

    Source: Daugman (1985), equation 1, with an isotropic bell; the mean is taken off as
    Lee (1996) does.
    """
    if size < 2 or not wavelength > 0 or not sigma > 0:
        raise ValueError(
            f"gabor: size is {size}, wavelength {wavelength}, sigma {sigma}; expected "
            "at least 2, and pixels above 0"
        )
    along = np.arange(size) - (size - 1) / 2
    x, y = along[None, :], along[:, None]
    bell = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    wave = np.exp(2j * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / wavelength)
    kernel = bell * (wave - (bell * wave).sum() / bell.sum())
    return kernel / np.abs(kernel).sum()


def gabor_bank(count: int, size: int, *, wavelength: float, sigma: float) -> Array:
    """Gabor's kernels in `count` directions, 0, π/count, 2π/count …: after half a turn
    a wave runs along the same line again.

    Args:
        count: how many, at least 1.
        size, wavelength, sigma: as in `gabor`.

    Returns:
        A complex array of shape (count, size, size).

    Raises:
        ValueError: a setting is out of its range.
    """
    if count < 1:
        raise ValueError(f"gabor_bank: count is {count}, expected at least 1")
    angles = np.arange(count) * np.pi / count
    return np.array(
        [gabor(size, wavelength=wavelength, angle=a, sigma=sigma) for a in angles]
    )
