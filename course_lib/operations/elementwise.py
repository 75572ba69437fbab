"""Operations that treat every entry alone: the same derivative rule, entry by entry.

An operation is a plain function of arrays. It returns its value and its own backward, a
function that turns `dy`, the gradient of the loss with respect to the value, into the
gradient with respect to each input: one array where the operation has one input, a
tuple where it has several.

Where two inputs meet, their shapes must broadcast together; a ValueError names the
operation if they do not. Outside its domain an operation gives NumPy's value (NaN or
an infinity) and NumPy's RuntimeWarning.
"""

from numbers import Real

import numpy as np

from course_lib.operations.broadcasting import check_broadcast, sum_to_shape
from course_lib.types import Array, Operation


def add(a: Array, b: Array) -> Operation:
    """y = a + b, entry by entry, with broadcasting. Addition copies the gradient to
    both inputs.

    Args:
        a, b: arrays of shapes that broadcast together.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    if a.shape == b.shape:  # the most frequent node of all: it needs no closure
        return a + b, _to_both
    check_broadcast("add", a.shape, b.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy, a.shape), sum_to_shape(dy, b.shape)

    return a + b, backward


def subtract(a: Array, b: Array) -> Operation:
    """y = a − b, entry by entry, with broadcasting.

    Args:
        a, b: arrays of shapes that broadcast together.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    check_broadcast("subtract", a.shape, b.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy, a.shape), sum_to_shape(-dy, b.shape)

    return a - b, backward


def multiply(a: Array, b: Array) -> Operation:
    """y = a·b, entry by entry, with broadcasting. Multiplication swaps: each input's
    gradient is scaled by the other.

    Args:
        a, b: arrays of shapes that broadcast together.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    check_broadcast("multiply", a.shape, b.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy * b, a.shape), sum_to_shape(dy * a, b.shape)

    return a * b, backward


def divide(a: Array, b: Array) -> Operation:
    """y = a / b, entry by entry, with broadcasting: ∂y/∂a = 1/b, ∂y/∂b = −y/b.

    Args:
        a, b: arrays of shapes that broadcast together; b without zeros.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    check_broadcast("divide", a.shape, b.shape)
    y = a / b

    def backward(dy: Array) -> tuple[Array, Array]:
        da = dy / b
        return sum_to_shape(da, a.shape), sum_to_shape(-da * y, b.shape)

    return y, backward


def maximum(a: Array, b: Array) -> Operation:
    """y = max(a, b), entry by entry, with broadcasting. It routes the gradient to the
    larger input; where both are equal each gets half, as in torch.

    Args:
        a, b: arrays of shapes that broadcast together.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    check_broadcast("maximum", a.shape, b.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        da, db = _route(dy, a > b, a == b)
        return sum_to_shape(da, a.shape), sum_to_shape(db, b.shape)

    return np.maximum(a, b), backward


def minimum(a: Array, b: Array) -> Operation:
    """y = min(a, b), entry by entry, with broadcasting. It routes the gradient to the
    smaller input; where both are equal each gets half, as in torch.

    Args:
        a, b: arrays of shapes that broadcast together.

    Raises:
        ValueError: the shapes do not broadcast.
    """
    check_broadcast("minimum", a.shape, b.shape)

    def backward(dy: Array) -> tuple[Array, Array]:
        da, db = _route(dy, a < b, a == b)
        return sum_to_shape(da, a.shape), sum_to_shape(db, b.shape)

    return np.minimum(a, b), backward


def negative(x: Array) -> Operation:
    """y = −x."""
    return -x, lambda dy: -dy


def power(x: Array, *, exponent: float) -> Operation:
    """y = xⁿ for a constant exponent n: dy/dx = n·xⁿ⁻¹, and 0 everywhere for n = 0.

    Args:
        x: array of any shape; not negative where the exponent is not a whole number.
        exponent: the constant n. At x = 0 the derivative is infinite for 0 < n < 1.

    Raises:
        TypeError: the exponent is not one number.
    """
    if not isinstance(exponent, Real):
        raise TypeError(
            f"power: the exponent is {exponent!r}, expected one real number. Where it "
            "varies too, write exp(b * log(a))."
        )
    n = float(exponent)  # a NumPy float64 would make a float32 x float64

    def backward(dy: Array) -> Array:
        return dy * (n * x ** (n - 1)) if n != 0 else np.zeros_like(dy)

    return x**n, backward


def square(x: Array) -> Operation:
    """y = x²: dy/dx = 2x."""
    return x * x, lambda dy: dy * (2 * x)


def sqrt(x: Array) -> Operation:
    """y = √x: dy/dx = 1/(2√x). At 0 the gradient is infinite, NaN where dy is 0 too, as
    in torch.

    Args:
        x: array of any shape, not negative.
    """
    y = np.sqrt(x)
    return y, lambda dy: dy / (2 * y)


def reciprocal(x: Array) -> Operation:
    """y = 1/x: dy/dx = −y².

    Args:
        x: array of any shape, without zeros.
    """
    y = 1 / x
    return y, lambda dy: -dy * (y * y)


def exp(x: Array) -> Operation:
    """y = eˣ, its own derivative. Overflows to infinity above 709 (88 in float32)."""
    y = np.exp(x)
    return y, lambda dy: dy * y


def log(x: Array) -> Operation:
    """y = ln x: dy/dx = 1/x.

    Args:
        x: array of any shape, positive.
    """
    return np.log(x), lambda dy: dy / x


def absolute(x: Array) -> Operation:
    """y = |x|: dy/dx is the sign of x, and 0 at the kink x = 0, as in torch."""
    return np.abs(x), lambda dy: dy * np.sign(x)


def sine(x: Array, *, frequency: float = 1.0) -> Operation:
    """y = sin(ωx), ωx in radians: dy/dx = ω cos(ωx).

    Args:
        x: array of any shape.
        frequency: ω; 30 where it is the activation of a SIREN (Sitzmann et al. 2020).
    """
    omega = float(frequency)  # a NumPy float64 would make a float32 x float64
    return np.sin(omega * x), lambda dy: dy * (omega * np.cos(omega * x))


def cosine(x: Array) -> Operation:
    """y = cos x, x in radians: dy/dx = −sin x."""
    return np.cos(x), lambda dy: -dy * np.sin(x)


def _to_both(dy: Array) -> tuple[Array, Array]:
    return dy, dy


def _route(dy: Array, to_a: Array, tied: Array) -> tuple[Array, Array]:
    """Split `dy` between two inputs: all of it to one of them, half each at a tie."""
    da = np.where(tied, dy / 2, np.where(to_a, dy, 0))
    return da, dy - da
