"""Forward mode: a derivative that travels with the value, from the inputs on.

A dual number x + ẋε, with ε² = 0, carries a value and its derivative along one
direction. Sums and products of dual numbers obey the rules of differentiation by
themselves: (a + ȧε)(b + ḃε) = ab + (ȧb + aḃ)ε. One pass gives the derivatives of all
outputs along one direction; `backpropagate` gives those of one output by all inputs.

    >>> value, derivative = jacobian_vector_product(
    ...     lambda a, b: (a + b) * (b + 1), [2.0, 1.0], [0.0, 1.0]
    ... )
    >>> float(value), float(derivative)
    (6.0, 5.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.types import Array


@dataclass
class Tally:
    """How many operations have been performed, on values and derivatives together.

    Attributes:
        additions: and subtractions.
        multiplications: and divisions.
        functions: evaluations of eˣ, ln, sin, a power and the like.
    """

    additions: int = 0
    multiplications: int = 0
    functions: int = 0

    def count(
        self, additions: int = 0, multiplications: int = 0, functions: int = 0
    ) -> None:
        """Add to the counts."""
        self.additions += additions
        self.multiplications += multiplications
        self.functions += functions


class Dual:
    """A number x + ẋε, with ε² = 0.

    Args:
        value: x.
        tangent: ẋ, the derivative along the direction of the pass; 0 for a constant.
        tally: counts the operations on this number and on all that come from it.
    """

    __slots__ = ("tally", "tangent", "value")
    __array_ufunc__ = None  # a NumPy number + dual is the dual's business

    def __init__(
        self, value: float, tangent: float = 0.0, tally: Tally | None = None
    ) -> None:
        self.value = value
        self.tangent = tangent
        self.tally = tally

    def __repr__(self) -> str:
        return f"Dual({self.value} + {self.tangent}ε)"

    def __add__(self, other: Dual | float) -> Dual:
        a, b = self, _as_dual(other)
        return _result(a, b, a.value + b.value, a.tangent + b.tangent, additions=2)

    def __sub__(self, other: Dual | float) -> Dual:
        a, b = self, _as_dual(other)
        return _result(a, b, a.value - b.value, a.tangent - b.tangent, additions=2)

    def __mul__(self, other: Dual | float) -> Dual:
        a, b = self, _as_dual(other)
        tangent = a.tangent * b.value + a.value * b.tangent
        return _result(a, b, a.value * b.value, tangent, additions=1, multiplications=3)

    def __truediv__(self, other: Dual | float) -> Dual:
        a, b = self, _as_dual(other)
        y = a.value / b.value
        tangent = (a.tangent - y * b.tangent) / b.value
        return _result(a, b, y, tangent, additions=1, multiplications=3)

    def __pow__(self, exponent: float) -> Dual:
        if exponent == 0:
            return _result(self, self, 1.0, 0.0)
        slope = exponent * self.value ** (exponent - 1)
        y, tangent = self.value**exponent, slope * self.tangent
        return _result(self, self, y, tangent, multiplications=2, functions=2)

    def __neg__(self) -> Dual:
        return _result(self, self, -self.value, -self.tangent)

    def __radd__(self, other: float) -> Dual:
        return _as_dual(other) + self

    def __rsub__(self, other: float) -> Dual:
        return _as_dual(other) - self

    def __rmul__(self, other: float) -> Dual:
        return _as_dual(other) * self

    def __rtruediv__(self, other: float) -> Dual:
        return _as_dual(other) / self


def exp(x: Dual | float) -> Dual:
    """eˣ."""
    x = _as_dual(x)
    y = math.exp(x.value)
    return _result(x, x, y, y * x.tangent, multiplications=1, functions=1)


def log(x: Dual | float) -> Dual:
    """ln x, for x > 0."""
    x = _as_dual(x)
    tangent = x.tangent / x.value
    return _result(x, x, math.log(x.value), tangent, multiplications=1, functions=1)


def sqrt(x: Dual | float) -> Dual:
    """√x, for x > 0."""
    x = _as_dual(x)
    y = math.sqrt(x.value)
    return _result(x, x, y, x.tangent / (2 * y), multiplications=2, functions=1)


def sine(x: Dual | float) -> Dual:
    """sin x, x in radians."""
    x = _as_dual(x)
    tangent = math.cos(x.value) * x.tangent
    return _result(x, x, math.sin(x.value), tangent, multiplications=1, functions=2)


def cosine(x: Dual | float) -> Dual:
    """cos x, x in radians."""
    x = _as_dual(x)
    tangent = -math.sin(x.value) * x.tangent
    return _result(x, x, math.cos(x.value), tangent, multiplications=1, functions=2)


def tanh(x: Dual | float) -> Dual:
    """tanh x."""
    x = _as_dual(x)
    y = math.tanh(x.value)
    tangent = (1 - y * y) * x.tangent
    return _result(x, x, y, tangent, additions=1, multiplications=2, functions=1)


def relu(x: Dual | float) -> Dual:
    """max(x, 0); at 0 the derivative is 0, as in `activations.relu`."""
    x = _as_dual(x)
    on = x.value > 0
    return _result(x, x, x.value if on else 0.0, x.tangent if on else 0.0)


def jacobian_vector_product(
    function: Callable[..., Any],
    inputs: Sequence[float],
    direction: Sequence[float] | Array,
    *,
    tally: Tally | None = None,
) -> tuple[Array, Array]:
    """f(x) and J·v, the derivative of f at x along v, in one pass.

    Args:
        function: takes n Duals and returns one, or a list of m.
        inputs: x, n numbers.
        direction: v, n numbers.
        tally: counts the operations.

    Returns:
        The value and the derivative, each of shape (m,), or () where the function
        returns one number.

    Raises:
        ValueError: `inputs` and `direction` differ in length.
    """
    if len(inputs) != len(direction):
        raise ValueError(
            f"jacobian_vector_product: there are {len(inputs)} inputs, the direction "
            f"has {len(direction)} entries; expected one for each"
        )
    duals = [Dual(x, v, tally) for x, v in zip(inputs, direction, strict=True)]
    result = function(*duals)
    if not isinstance(result, (list, tuple)):
        y = _as_dual(result)
        return np.array(y.value), np.array(y.tangent)
    ys = [_as_dual(y) for y in result]
    return np.array([y.value for y in ys]), np.array([y.tangent for y in ys])


def jacobian(
    function: Callable[..., Any],
    inputs: Sequence[float],
    *,
    tally: Tally | None = None,
) -> Array:
    """The Jacobian ∂fᵢ/∂xⱼ by forward accumulation: one pass for each input.

    Args:
        function: takes n Duals and returns one, or a list of m.
        inputs: x, n numbers.
        tally: counts the operations of all passes.

    Returns:
        Array of shape (m, n), or (n,) where the function returns one number.
    """
    columns = [
        jacobian_vector_product(function, inputs, direction, tally=tally)[1]
        for direction in np.eye(len(inputs))
    ]
    return np.stack(columns, axis=-1)


def _as_dual(x: Dual | float) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)


def _result(a: Dual, b: Dual, value: float, tangent: float, **counts: int) -> Dual:
    """A number computed from a and b, entered in their tally."""
    tally = a.tally or b.tally
    if tally is not None:
        tally.count(**counts)
    return Dual(value, tangent, tally)
