"""Filtering of photographs: kernels that are designed, before any that are learned."""

from course_lib.filtering.combining import (
    combine,
    correlate_separable,
    is_separable,
    multiplications,
    separate,
)
from course_lib.filtering.correlation import convolve, correlate
from course_lib.filtering.edges import (
    gradient,
    gradient_magnitude,
    gradient_orientation,
)
from course_lib.filtering.kernels import (
    binomial,
    box,
    gaussian,
    identity,
    laplacian,
    sharpen,
    sobel_x,
    sobel_y,
)
from course_lib.filtering.oriented_kernels import gabor, gabor_bank
from course_lib.filtering.pyramids import (
    gaussian_pyramid,
    laplacian_pyramid,
    reconstruct,
)
from course_lib.filtering.template_matching import find_maxima, match_template

__all__ = [
    "binomial",
    "box",
    "combine",
    "convolve",
    "correlate",
    "correlate_separable",
    "find_maxima",
    "gabor",
    "gabor_bank",
    "gaussian",
    "gaussian_pyramid",
    "gradient",
    "gradient_magnitude",
    "gradient_orientation",
    "identity",
    "is_separable",
    "laplacian",
    "laplacian_pyramid",
    "match_template",
    "multiplications",
    "reconstruct",
    "separate",
    "sharpen",
    "sobel_x",
    "sobel_y",
]
