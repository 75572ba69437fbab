"""The modified Bessel functions I₀ and I₁, by which the von Mises distribution is
normalized, in NumPy alone.
"""

import numpy as np

from course_lib.types import Array

# Below, the power series; from here on, the expansion for large x. Both are exact to
# 1e-15 at the border, with so many terms.
BORDER = 20.0
SERIES_TERMS = 50
EXPANSION_TERMS = 30


def scaled_bessel(x: Array, *, order: int) -> Array:
    """e⁻ˣ·I_ν(x) for ν = 0 or 1 and x ≥ 0, which does not overflow, as eˣ would from
    x = 709 on (88 in float32).

    Source: Abramowitz and Stegun (1964), equations 9.6.10, for small x:
    I_ν(x) = (x/2)^ν Σ (x²/4)ᵏ/(k!(k + ν)!), and 9.7.1, for large x:
    e⁻ˣ·I_ν(x) ~ (1 − (4ν² − 1)/(8x) + (4ν² − 1)(4ν² − 9)/(2!(8x)²) − …)/√(2πx).
    Both sums are taken from the last term inwards, as Horner takes a polynomial.

    Args:
        x: array of any shape.
        order: ν.
    """
    small, large = np.minimum(x, BORDER), np.maximum(x, BORDER)
    series = np.ones_like(small)
    for k in range(SERIES_TERMS, 0, -1):
        series = 1 + series * (small * small / (4 * k * (k + order)))
    expansion = np.ones_like(large)
    for k in range(EXPANSION_TERMS, 0, -1):
        expansion = 1 + expansion * ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k * large)
    return np.where(
        x < BORDER,
        np.exp(-small) * (small / 2) ** order * series,
        expansion / np.sqrt(2 * np.pi * large),
    )
