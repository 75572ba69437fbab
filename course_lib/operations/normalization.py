"""Normalization: every slice of the input gets mean 0 and variance 1.

Four norms are one idea with another choice of slices. Of an input (N, C, H, W), the
mean and the variance are taken over

    batch norm      (N, H, W)     one channel of all samples
    layer norm      (C, H, W)     one sample
    instance norm   (H, W)        one channel of one sample
    group norm      (C/G, H, W)   a group of channels of one sample

as figure 2 of Wu and He (2018), Group Normalization, colours them. Then γ and β give
each channel (for layer norm, each entry) a scale and a shift that are learned: they can
undo what was done, with γ = √(σ² + ε) and β = μ.
"""

import math

import numpy as np

from course_lib.operations.broadcasting import sum_to_shape
from course_lib.operations.channels import (
    all_but_channels,
    check_channels,
    count_values,
    per_channel,
)
from course_lib.types import Array, Operation


def batch_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Operation:
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of each channel over the batch: batch
    norm in training mode.

    Args:
        x: array of shape (N, C), (N, C, L), (N, C, H, W) or (N, C, T, H, W).
        gamma, beta: scale and shift of each channel, of shape (C,).
        eps: ε, added to the variance.

    Returns:
        y: of the shape of x.
        mu, variance: of the batch, of shape (C,). σ² is the mean square deviation, not
            the unbiased estimate.

    Raises:
        ValueError: the shapes do not fit together, or a channel has one value only.

    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    check_channels("batch_norm", x, gamma, beta)
    axes = all_but_channels(x)
    count_values("batch_norm", x, axes)
    return _with_statistics(x, gamma, beta, axes=axes, eps=eps)


def instance_norm(
    x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5
) -> Operation:
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of each channel of each sample.

    Args:
        x: array of shape (N, C, L), (N, C, H, W) or (N, C, T, H, W).
        gamma, beta: scale and shift of each channel, of shape (C,).
        eps: ε, added to the variance.

    Returns:
        y: of the shape of x.
        mu, variance: of each channel of each sample, of shape (N, C).

    Raises:
        ValueError: the shapes do not fit together, or a channel has one value only.

    Source: Ulyanov, Vedaldi and Lempitsky (2016), Instance Normalization, equation 3.
    """
    check_channels("instance_norm", x, gamma, beta)
    axes = tuple(range(2, x.ndim))
    count_values("instance_norm", x, axes)
    return _with_statistics(x, gamma, beta, axes=axes, eps=eps)


def layer_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Operation:
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² over the last axes: all that γ has.

    Args:
        x: array of shape (…, *normalized_shape), such as (N, D) or (N, C, H, W).
        gamma, beta: scale and shift of each entry, of shape normalized_shape, such as
            (D,) or (C, H, W).
        eps: ε, added to the variance.

    Raises:
        ValueError: the shapes do not fit together.

    Source: Ba, Kiros and Hinton (2016), Layer Normalization, equation 3.
    """
    k = gamma.ndim
    if x.shape[-k:] != gamma.shape or beta.shape != gamma.shape:
        raise ValueError(
            f"layer_norm: x has shape {x.shape}, gamma {gamma.shape}, beta "
            f"{beta.shape}; expected (…, *shape), shape, shape. Is the layer made for "
            "the last axes of x?"
        )
    axes = tuple(range(x.ndim - k, x.ndim))
    (y, _, _), backward = _normalize(
        x, gamma, beta, axes=axes, shape=gamma.shape, eps=eps
    )
    return y, lambda dy: backward(dy, 0.0, 0.0)


def group_norm(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> Operation:
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of each group of channels of each
    sample. One group is layer norm over (C, …), C groups are instance norm; but γ and β
    belong to a channel.

    Args:
        x: array of shape (N, C, …).
        gamma, beta: scale and shift of each channel, of shape (C,).
        groups: into how many groups of neighbours the channels are divided.
        eps: ε, added to the variance.

    Raises:
        ValueError: the shapes do not fit together, or the groups would be unequal.

    Source: Wu and He (2018), Group Normalization, equations 1, 2 and 7.
    """
    check_channels("group_norm", x, gamma, beta)
    samples, channels, *space = x.shape
    if groups < 1 or channels % groups != 0:
        raise ValueError(
            f"group_norm: x has {channels} channels, which do not divide into {groups} "
            f"groups (x has shape {x.shape}). Is the input (N, C, H, W)?"
        )
    grouped = (groups, channels // groups)
    (y, _, _), backward = _normalize(
        x.reshape(samples, *grouped, *space),
        gamma,
        beta,
        axes=tuple(range(2, x.ndim + 1)),
        shape=(*grouped, *[1] * len(space)),
        eps=eps,
    )

    def backward_grouped(dy: Array) -> tuple[Array, Array, Array]:
        dx, dgamma, dbeta = backward(dy.reshape(y.shape), 0.0, 0.0)
        return dx.reshape(x.shape), dgamma, dbeta

    return y.reshape(x.shape), backward_grouped


def frozen_batch_norm(
    x: Array,
    gamma: Array,
    beta: Array,
    *,
    mean: Array,
    variance: Array,
    eps: float = 1e-5,
) -> Operation:
    """y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² that are given and constant: batch
    norm in evaluation mode, a linear function of each entry.

    Args:
        x: array of shape (N, C, …).
        gamma, beta: scale and shift of each channel, of shape (C,).
        mean, variance: μ and σ² of each channel, of shape (C,): running averages.
        eps: ε, added to the variance.

    Raises:
        ValueError: the shapes do not fit together.

    Source: Ioffe and Szegedy (2015), algorithm 2, step 11.
    """
    check_channels("frozen_batch_norm", x, gamma, beta)
    if not mean.shape == variance.shape == gamma.shape:
        raise ValueError(
            f"frozen_batch_norm: mean has shape {mean.shape}, variance "
            f"{variance.shape}; expected one number a channel, {gamma.shape}. Do they "
            "belong to another layer?"
        )
    shape = per_channel(x)
    mu = mean.reshape(shape).astype(x.dtype)
    std = np.sqrt(variance + eps).reshape(shape).astype(x.dtype)

    def backward(dy: Array) -> tuple[Array, Array, Array]:
        x_hat = (x - mu) / std
        dgamma = sum_to_shape(dy * x_hat, shape).reshape(gamma.shape)
        dbeta = sum_to_shape(dy, shape).reshape(beta.shape)
        return dy * (gamma.reshape(shape) / std), dgamma, dbeta

    y = (x - mu) * (gamma.reshape(shape) / std) + beta.reshape(shape)
    return y, backward


def _normalize(
    x: Array,
    gamma: Array,
    beta: Array,
    *,
    axes: tuple[int, ...],
    shape: tuple[int, ...],
    eps: float,
) -> Operation:
    """y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε); besides y also μ and σ².

    x acts on the loss in three ways: by itself, through μ and through σ². The three
    shares of its gradient add up to (dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂))/√(σ² + ε).

    Args:
        axes: over which the mean and the variance are taken; kept in μ and σ².
        shape: in which γ and β broadcast against x.
    """

    def mean(a: Array) -> Array:
        return a.mean(axis=axes, keepdims=True)

    mu = mean(x)
    deviation = x - mu
    variance = mean(deviation * deviation)
    std = np.sqrt(variance + eps)
    x_hat = deviation / std
    n = math.prod(x.shape[i] for i in axes)

    def backward(
        dy: Array, dmu: Array | float, dvariance: Array | float
    ) -> tuple[Array, Array, Array]:
        dgamma = sum_to_shape(dy * x_hat, shape).reshape(gamma.shape)
        dbeta = sum_to_shape(dy, shape).reshape(beta.shape)
        dx_hat = dy * gamma.reshape(shape)
        # A loss that uses μ and σ² themselves, which is rare, adds the second terms.
        along_mu = mean(dx_hat) - dmu * std / n
        along_std = mean(dx_hat * x_hat) - dvariance * 2 * std**2 / n
        dx = (dx_hat - along_mu - x_hat * along_std) / std
        return dx, dgamma, dbeta

    y = gamma.reshape(shape) * x_hat + beta.reshape(shape)
    return (y, mu, variance), backward


def _with_statistics(
    x: Array, gamma: Array, beta: Array, *, axes: tuple[int, ...], eps: float
) -> Operation:
    """γ and β of each channel; μ and σ² without the axes they were taken over."""
    (y, mu, variance), backward = _normalize(
        x, gamma, beta, axes=axes, shape=per_channel(x), eps=eps
    )

    def backward_kept(
        dy: Array, dmu: Array, dvariance: Array
    ) -> tuple[Array, Array, Array]:
        return backward(dy, dmu.reshape(mu.shape), dvariance.reshape(mu.shape))

    return (y, mu.squeeze(axes), variance.squeeze(axes)), backward_kept
