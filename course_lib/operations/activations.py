"""Activations: what makes a network more than one linear map.

Each treats every entry alone, but for maxout, which takes the largest of several. The
sine is `elementwise.sine`.
"""

import numpy as np

from course_lib.operations import reductions
from course_lib.types import Array, Operation

# Klambauer et al. (2017), Self-Normalizing Neural Networks, equation 14, with the
# digits of the authors' program: mean 0 and variance 1 are then a fixed point.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def sigmoid(x: Array) -> Operation:
    """σ(x) = 1/(1 + e⁻ˣ): dσ/dx = σ(1 − σ), computed from the value.

    No exponential of a positive number is taken, so that nothing overflows: for x < 0
    the same fraction is eˣ/(1 + eˣ), and e^min(x, 0) the numerator of both. In float64
    the value rounds to 1, and so the derivative to 0, from x = 37 on; on the other side
    both stay positive to x = −745.

    Args:
        x: array of any shape.
    """
    y = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    return y, lambda dy: dy * (y * (1 - y))


def tanh(x: Array) -> Operation:
    """y = tanh x = 2σ(2x) − 1: dy/dx = 1 − y², computed from the value. In float64 the
    derivative rounds to 0 from |x| = 19.1 on.

    Args:
        x: array of any shape.
    """
    y = np.tanh(x)
    return y, lambda dy: dy * (1 - y * y)


def softsign(x: Array) -> Operation:
    """y = x/(1 + |x|): dy/dx = 1/(1 + |x|)². Between −1 and 1 as tanh, without an
    exponential; it comes near its limits far more slowly.

    Args:
        x: array of any shape.
    """
    scale = 1 + np.abs(x)
    return x / scale, lambda dy: dy / (scale * scale)


def relu(x: Array) -> Operation:
    """y = max(x, 0): dy/dx is 1 for x > 0, else 0; at the kink x = 0 it is 0, as in
    torch.

    Args:
        x: array of any shape.
    """
    return np.maximum(x, 0), lambda dy: dy * (x > 0)


def relu6(x: Array) -> Operation:
    """y = min(max(x, 0), 6): dy/dx is 1 for 0 < x < 6, else 0, also at both kinks, as
    in torch.

    Source: Krizhevsky (2010), Convolutional Deep Belief Networks on CIFAR-10; in
    MobileNets the bound keeps values within a short fixed-point format.

    Args:
        x: array of any shape.
    """
    y = np.minimum(np.maximum(x, 0), 6)
    return y, lambda dy: dy * ((x > 0) & (x < 6))


def leaky_relu(x: Array, *, negative_slope: float = 0.01) -> Operation:
    """y = x for x > 0, else s·x: dy/dx is 1 or s, and s at the kink x = 0, as in torch.

    Source: Maas et al. (2013), Rectifier Nonlinearities Improve Neural Network Acoustic
    Models, with s = 0.01, torch's default too. Lectures often draw 0.1.

    Args:
        x: array of any shape.
        negative_slope: s.
    """
    s = float(negative_slope)  # a NumPy float64 would make a float32 x float64
    y = np.maximum(x, 0) + s * np.minimum(x, 0)
    return y, lambda dy: dy * (x > 0) + s * dy * (x <= 0)


def elu(x: Array, *, alpha: float = 1.0) -> Operation:
    """y = x for x > 0, else α(eˣ − 1): dy/dx is 1, or αeˣ, and α at x = 0, as in torch.
    Only for α = 1 is it smooth there.

    Source: Clevert et al. (2016), equation 15.

    Args:
        x: array of any shape.
        alpha: α: far to the left y is −α.
    """
    a = float(alpha)
    below = np.minimum(x, 0)  # no exponential of a positive number, which overflows

    def backward(dy: Array) -> Array:
        return dy * (x > 0) + dy * (x <= 0) * (a * np.exp(below))

    return np.maximum(x, 0) + a * np.expm1(below), backward


def selu(x: Array) -> Operation:
    """y = λ·elu(x; α), with λ = 1.0507 and α = 1.6733 such that mean 0 and variance 1
    are a fixed point, to which a deep network of such layers returns by itself.

    Source: Klambauer et al. (2017), equations 2 and 14.

    Args:
        x: array of any shape.
    """
    y, backward = elu(x, alpha=SELU_ALPHA)
    return SELU_SCALE * y, lambda dy: backward(SELU_SCALE * dy)


def softplus(x: Array, *, beta: float = 1.0) -> Operation:
    """y = ln(1 + e^βx)/β, a smooth ReLU: dy/dx = σ(βx).

    Computed as max(x, 0) + ln(1 + e^−|βx|)/β, which is exact everywhere: torch's
    threshold, from which on y = x, is not needed.

    Source: Dugas et al. (2001), Incorporating Second-Order Functional Knowledge for
    Better Option Pricing.

    Args:
        x: array of any shape.
        beta: β > 0, how sharp the bend is: for β → ∞ it is the ReLU's.
    """
    z = float(beta) * x
    y = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    slope, _ = sigmoid(z)
    return y / float(beta), lambda dy: dy * slope


def maxout(x: Array, *, pieces: int = 2, axis: int = -1) -> Operation:
    """yᵢ = the largest of the k entries xᵢₖ, …, xᵢₖ₊ₖ₋₁ along `axis`: a convex function
    made of k linear pieces. The gradient goes to the largest, in equal parts at a tie.

    Source: Goodfellow et al. (2013), Maxout Networks, section 3.

    Args:
        x: array of any shape.
        pieces: k, how many neighbours become one.
        axis: the axis of features or channels; its size is a multiple of k.

    Raises:
        ValueError: x has no such axis, or its size is not a multiple of k.
    """
    if not -x.ndim <= axis < x.ndim or x.shape[axis] % pieces != 0:
        raise ValueError(
            f"maxout: x has shape {x.shape}, {pieces} pieces along axis {axis}; "
            "expected an axis whose size is a multiple of the pieces. Has the layer "
            "before it too few outputs?"
        )
    i = axis % x.ndim
    shape = (*x.shape[:i], x.shape[i] // pieces, pieces, *x.shape[i + 1 :])
    y, backward = reductions.max(x.reshape(shape), axis=i + 1)
    return y, lambda dy: backward(dy).reshape(x.shape)
