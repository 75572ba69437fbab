"""Smooth random patterns, which go on at the opposite edge."""

import numpy as np

from course_lib.types import Array


def smooth_noise(
    shape: tuple[int, ...], *, rng: np.random.Generator, scale: float
) -> Array:
    """White noise without its fine detail: mean 0, deviation 1 in every picture.

    In the frequencies k, in periods a pixel, it is multiplied by exp(−(π k scale)²/2):
    a Gaussian blur that knows no borders.

    Args:
        shape: (…, H, W): as many pictures as the axes before the last two have.
        rng: draws the noise.
        scale: the size of what remains, in pixels.
    """
    height, width = shape[-2:]
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)
    kept = np.exp(-0.5 * (np.pi * scale) ** 2 * (down**2 + across**2))
    kept[0, 0] = 0
    blurred = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) * kept, s=shape[-2:])
    return blurred / blurred.std(axis=(-2, -1), keepdims=True)
