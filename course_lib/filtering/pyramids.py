"""Pyramids: an image at all its scales, and what each scale adds to the next.

Each level of the Gaussian pyramid is the one before, blurred and then halved: without
the blur, patterns finer than two pixels would come out as coarse ones that are not
there. A level of the Laplacian pyramid is what halving lost, the difference between a
level and the next one drawn larger; with the last, smallest image, all is there.

Source: Burt and Adelson (1983), The Laplacian pyramid as a compact image code.
"""

from itertools import pairwise

import numpy as np

from course_lib.filtering.correlation import correlate
from course_lib.filtering.kernels import binomial
from course_lib.types import Array

# Burt and Adelson's generating kernel with a = 3/8: [1 4 6 4 1]/16 across and down.
SIZE = 5


def reduce(image: Array) -> Array:
    """Half the rows and columns, rounded up: the image blurred, every second pixel.

    Args:
        image: array of shape (H, W) or (H, W, C).
    """
    return correlate(image, binomial(SIZE), padding="reflect")[::2, ::2]


def expand(image: Array, shape: tuple[int, ...]) -> Array:
    """Twice the rows and columns: pixels set apart, and the gaps filled by blurring.
    Each value is divided by the blur's weights that fell on pixels, not on gaps.

    Args:
        image: array of shape (h, w) or (h, w, C).
        shape: of the result, (H, W) or (H, W, C), with h = ⌈H/2⌉ and w = ⌈W/2⌉: it says
            whether the image that was reduced had an even or an odd size.

    Raises:
        ValueError: the shape is not about twice the image's.
    """
    rows, columns = shape[:2]
    if image.shape[:2] != (-(-rows // 2), -(-columns // 2)):
        raise ValueError(
            f"expand: image has shape {image.shape}, which reducing an image of shape "
            f"{shape} does not give; expected half of its rows and columns, rounded up"
        )

    def spread(pixels: Array) -> Array:
        apart = np.zeros((rows, columns, *image.shape[2:]), image.dtype)
        apart[::2, ::2] = pixels
        return correlate(apart, binomial(SIZE), padding="reflect")

    return spread(image) / spread(np.ones_like(image))


def gaussian_pyramid(image: Array, levels: int) -> list[Array]:
    """The image, and `levels` − 1 times the one before, reduced.

    Args:
        image: array of shape (H, W) or (H, W, C).
        levels: how many images, at least 1.

    Raises:
        ValueError: there are no levels.
    """
    if levels < 1:
        raise ValueError(f"gaussian_pyramid: levels is {levels}, expected at least 1")
    pyramid = [image]
    for _ in range(levels - 1):
        pyramid.append(reduce(pyramid[-1]))
    return pyramid


def laplacian_pyramid(image: Array, levels: int) -> list[Array]:
    """Each level of the Gaussian pyramid less the next one expanded, Lᵢ = Gᵢ −
    expand(Gᵢ₊₁); and the last level as it is.

    Args:
        image: array of shape (H, W) or (H, W, C).
        levels: how many images, at least 1.

    Raises:
        ValueError: there are no levels.
    """
    gaussian = gaussian_pyramid(image, levels)
    details = [fine - expand(coarse, fine.shape) for fine, coarse in pairwise(gaussian)]
    return [*details, gaussian[-1]]


def reconstruct(pyramid: list[Array]) -> Array:
    """The image of a Laplacian pyramid: from the smallest level on, Gᵢ = Lᵢ +
    expand(Gᵢ₊₁). It is exact, whatever blur was used: what is added is what was taken
    away.

    Args:
        pyramid: the levels, finest first, as `laplacian_pyramid` returns them.

    Raises:
        ValueError: there are no levels, or their shapes do not follow from each other.
    """
    if not pyramid:
        raise ValueError(
            "reconstruct: the pyramid is empty, expected one level or more"
        )
    image = pyramid[-1]
    for detail in reversed(pyramid[:-1]):
        image = detail + expand(image, detail.shape)
    return image
