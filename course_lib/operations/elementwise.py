"""Operations that treat every entry alone: the same derivative rule, entry by entry.

An operation is a plain function of arrays. It returns its value and its own backward, a
function that turns `dy`, the gradient of the loss with respect to the value, into the
gradient with respect to each input: one array where the operation has one input, a
tuple where it has several.
"""

from course_lib.operations.broadcasting import sum_to_shape
from course_lib.types import Array, Operation


def add(a: Array, b: Array) -> Operation:
    """y = a + b, entry by entry, with broadcasting. Addition copies the gradient to
    both inputs.

    Args:
        a, b: arrays of shapes that broadcast together.
    """

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy, a.shape), sum_to_shape(dy, b.shape)

    return a + b, backward


def subtract(a: Array, b: Array) -> Operation:
    """y = a − b, entry by entry, with broadcasting.

    Args:
        a, b: arrays of shapes that broadcast together.
    """

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy, a.shape), sum_to_shape(-dy, b.shape)

    return a - b, backward


def multiply(a: Array, b: Array) -> Operation:
    """y = a·b, entry by entry, with broadcasting. Multiplication swaps: each input's
    gradient is scaled by the other.

    Args:
        a, b: arrays of shapes that broadcast together.
    """

    def backward(dy: Array) -> tuple[Array, Array]:
        return sum_to_shape(dy * b, a.shape), sum_to_shape(dy * a, b.shape)

    return a * b, backward


def divide(a: Array, b: Array) -> Operation:
    """y = a / b, entry by entry, with broadcasting.

    Args:
        a, b: arrays of shapes that broadcast together.
    """
    y = a / b

    def backward(dy: Array) -> tuple[Array, Array]:
        da = dy / b
        return sum_to_shape(da, a.shape), sum_to_shape(-da * y, b.shape)

    return y, backward


def negative(x: Array) -> Operation:
    """y = −x."""
    return -x, lambda dy: -dy


def power(x: Array, *, exponent: float) -> Operation:
    """y = xⁿ for a constant exponent n.

    Args:
        x: array of any shape; positive where the exponent is not a whole number.
        exponent: the constant n.
    """

    def backward(dy: Array) -> Array:
        return dy * exponent * x ** (exponent - 1)

    return x**exponent, backward
