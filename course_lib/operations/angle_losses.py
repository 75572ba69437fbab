"""Losses for angles, which do not care where the circle is cut: a prediction of 179°
for a label of −179° is wrong by 2°, and the gradient leads it over the seam.

All angles are in radians; predictions and labels may lie outside of ±π.
"""

import numpy as np
from numpy.typing import ArrayLike

from course_lib.operations.angles import to_sine_cosine, wrap
from course_lib.operations.bessel import scaled_bessel
from course_lib.operations.broadcasting import sum_to_shape
from course_lib.operations.labels import as_values
from course_lib.operations.regression_losses import mse
from course_lib.types import Array, Operation


def wrapped_mse(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ d² over the n entries, with d = (y − t + π) mod 2π − π, the way from
    the label to y, taken the short way round: dl/dy = 2d/n.

    Opposite the label, where both ways are equally long, the gradient jumps.

    Args:
        y: the predicted angles, an array of any shape.
        labels: the angles wanted, of the same shape.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    d = wrap(y - as_values("wrapped_mse", y, labels))
    return np.mean(d * d), lambda dy: d * (2 * dy / y.size)


def angle_cosine(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ (1 − cos(y − t)) over the n entries: dl/dy = sin(y − t)/n. Near the
    label it is half of `wrapped_mse`; opposite it, it is smooth, and flat.

    Computed as 2 sin²((y − t)/2), which keeps its digits where the difference is small.

    Args:
        y: the predicted angles, an array of any shape.
        labels: the angles wanted, of the same shape.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    d = y - as_values("angle_cosine", y, labels)
    half = np.sin(d / 2)
    return np.mean(2 * half * half), lambda dy: np.sin(d) * (dy / y.size)


def von_mises(mean: Array, concentration: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/n) Σ (ln(2π I₀(κ)) − κ cos(t − μ)), the negative log likelihood of the
    labels under von Mises distributions of mean direction μ and concentration κ:
    ∂l/∂μ = κ sin(μ − t)/n, ∂l/∂κ = (I₁(κ)/I₀(κ) − cos(μ − t))/n.

    The von Mises distribution is the normal one of the circle: for large κ its variance
    is 1/κ, for κ = 0 it is uniform. So a network can say how sure it is. With a
    constant κ the loss is κ·`angle_cosine` and a constant.

    Source: Mardia and Jupp (2000), Directional Statistics, section 3.5.4. torch's
    distributions.VonMises has an approximation of I₀ that is exact to about 1e-7.

    Args:
        mean: μ, the predicted angles, an array of any shape.
        concentration: κ ≥ 0, of the same shape, or one number for all. A network makes
            it positive with `softplus` or `exp`.
        labels: the angles t that were observed, of the shape of μ.

    Raises:
        ValueError: the shapes do not fit together, there is no entry, or a κ is
            negative.
    """
    t = as_values("von_mises", mean, labels)
    if concentration.shape not in ((), mean.shape) or concentration.min() < 0:
        raise ValueError(
            f"von_mises: the concentration has shape {concentration.shape}, its "
            f"smallest entry is {concentration.min()}, the mean has shape {mean.shape};"
            " expected this shape or one number, not negative. Is softplus or exp "
            "missing?"
        )
    d = mean - t
    half = np.sin(d / 2)
    i0 = scaled_bessel(concentration, order=0)

    def backward(dy: Array) -> tuple[Array, Array]:
        share = dy / mean.size
        ratio = scaled_bessel(concentration, order=1) / i0
        dmean = concentration * np.sin(d) * share
        dconcentration = (ratio - np.cos(d)) * share
        return dmean, sum_to_shape(dconcentration, concentration.shape)

    # ln(2π I₀) − κ cos d = ln(2π e⁻ᵏI₀) + κ(1 − cos d), without large terms that cancel
    surprise = np.log(2 * np.pi * i0) + concentration * (2 * half * half)
    return surprise.mean(), backward


def sine_cosine_mse(y: Array, *, labels: ArrayLike) -> Operation:
    """l = (1/2n) Σ ((y₀ − sin t)² + (y₁ − cos t)²) over n labels t: the `mse` of two
    outputs for each angle, which `angles.from_sine_cosine` turns into the angle.

    Args:
        y: predicted sines and cosines, array of shape (…, 2), as (N, 2).
        labels: the angles wanted, of shape (…), as (N,).

    Raises:
        ValueError: the shapes do not fit together, or there is no entry.
    """
    t = np.asarray(labels, dtype=y.dtype)
    if y.shape != (*t.shape, 2) or y.size == 0:
        raise ValueError(
            f"sine_cosine_mse: y has shape {y.shape}, labels {t.shape}; expected (N, 2)"
            " and (N,), not empty. Does the network answer with two numbers an angle?"
        )
    return mse(y, labels=to_sine_cosine(t))
