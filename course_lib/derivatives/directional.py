"""Derivatives along a direction: J·v of a function, H·v of a loss.

Neither needs the matrix. Both move the inputs a little along v and watch what changes,
in one of two ways:

- The complex step: f(x + ihv) = f(x) + ih·J·v + …, so J·v = Im f(x + ihv)/h. Nothing is
  subtracted, hence h may be tiny and the result is exact to rounding. It needs an f
  that treats complex numbers as calculus does: `analytic.NOT_ANALYTIC` names the
  operations that do not.
- Centred differences, (f(x + hv) − f(x − hv))/2h, for all others: nine digits or so,
  and none within h of a kink.

With the gradient in the place of f the same gives H·v (Pearlmutter, 1994, computes it
exactly by another way, a second pass through the derivative of each backward).

Sources: Squire and Trapp (1998), Using complex variables to estimate derivatives of
real functions; Martins, Sturdza and Alonso (2003), The complex-step derivative
approximation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course_lib.derivatives.analytic import is_analytic
from course_lib.derivatives.reverse import as_nodes
from course_lib.graph import Node, backpropagate, no_grad
from course_lib.types import Array

Method = Literal["complex step", "centred differences"]

# h of the complex step: its square is lost beside 1, in float32 and in float64.
COMPLEX_STEP = 1e-20


class Directional(NamedTuple):
    """A derivative along a direction, and how it was computed."""

    derivative: Any
    method: Method


def jacobian_vector_product(
    function: Callable[..., Node],
    inputs: Sequence[Node | ArrayLike],
    direction: Sequence[ArrayLike],
    *,
    method: Method | None = None,
) -> Directional:
    """J·v, the derivative of y = f(x) along v: how y changes as x moves that way.

    Args:
        function: of as many nodes as there are inputs; returns a Node y. It must give
            the same value each time: a network is best in evaluation mode.
        inputs: x: arrays; or Nodes, such as a network's Parameters, whose values are
            moved meanwhile and put back.
        direction: v, an array of the shape of each input.
        method: by default the complex step where every operation is analytic, centred
            differences elsewhere.

    Returns:
        The derivative, an array of the shape of y, and the method.

    Raises:
        ValueError: the direction does not fit the inputs, or there is no such method.
    """
    nodes = as_nodes("jacobian_vector_product", inputs)
    v = _direction("jacobian_vector_product", nodes, direction)
    method = _method("jacobian_vector_product", method, function, nodes)

    def value() -> list[Array]:
        with no_grad():
            return [function(*nodes).value]

    [derivative] = _derivatives(value, nodes, v, method)
    return Directional(derivative, method)


def hessian_vector_product(
    function: Callable[..., Node],
    inputs: Sequence[Node | ArrayLike],
    direction: Sequence[ArrayLike],
    *,
    method: Method | None = None,
) -> Directional:
    """H·v, with H = ∂²l/∂x²: how the gradient of a loss changes as x moves along v.

    It costs a gradient or two, however many entries x has.

    Args:
        function: of as many nodes as there are inputs; returns a Node of one number.
            It must give the same value each time: a network is best in evaluation mode.
        inputs: x: arrays; or Nodes, such as a network's Parameters, whose values are
            moved meanwhile and put back.
        direction: v, an array of the shape of each input.
        method: as for `jacobian_vector_product`.

    Returns:
        The product, for each input an array of its shape, and the method.

    Raises:
        ValueError: the direction does not fit the inputs, there is no such method, or
            the function's value is not one number.
        GradientError: the function does not depend on one of the inputs.
    """
    nodes = as_nodes("hessian_vector_product", inputs)
    v = _direction("hessian_vector_product", nodes, direction)
    method = _method("hessian_vector_product", method, function, nodes)

    def gradient() -> list[Array]:
        gradients = backpropagate(function(*nodes), nodes)
        return [gradients[x] for x in nodes]

    return Directional(_derivatives(gradient, nodes, v, method), method)


def hessian(
    function: Callable[..., Node],
    inputs: Sequence[Node | ArrayLike],
    *,
    method: Method | None = None,
) -> Directional:
    """H = ∂²l/∂x², column by column: n products H·v, for n entries of all inputs. For
    small functions; n² numbers are returned.

    Args:
        function, inputs, method: as for `hessian_vector_product`.

    Returns:
        The Hessian, a matrix of shape (n, n) whose rows and columns run through the
        inputs one after another, each row by row; and the method.

    Raises:
        ValueError, GradientError: as for `hessian_vector_product`.
    """
    nodes = as_nodes("hessian", inputs)
    method = _method("hessian", method, function, nodes)
    sizes = [x.value.size for x in nodes]
    columns = []
    for unit in np.eye(sum(sizes)):
        parts = np.split(unit, np.cumsum(sizes)[:-1])
        v = [part.reshape(x.shape) for part, x in zip(parts, nodes, strict=True)]
        products, _ = hessian_vector_product(function, nodes, v, method=method)
        columns.append(np.concatenate([product.ravel() for product in products]))
    return Directional(np.stack(columns, axis=1), method)


def _derivatives(
    evaluate: Callable[[], list[Array]], nodes: list[Node], v: list[Array], method: str
) -> list[Array]:
    """What `evaluate` returns, differentiated along v."""
    if method == "complex step":
        with _moved(nodes, v, 1j * COMPLEX_STEP):
            return [y.imag / COMPLEX_STEP for y in evaluate()]
    h = _difference_step(nodes, v)
    with _moved(nodes, v, h):
        above = [y.copy() for y in evaluate()]
    with _moved(nodes, v, -h):
        below = evaluate()
    return [(a - b) / (2 * h) for a, b in zip(above, below, strict=True)]


def _difference_step(nodes: list[Node], v: list[Array]) -> float:
    """h = ∛ε·(1 + max|x|)/max|v|: a larger one errs by its square, a smaller one by
    rounding, ε/h."""
    x_size = max(np.abs(x.value).max(initial=0) for x in nodes)
    v_size = max(np.abs(part).max(initial=0) for part in v)
    epsilon = max(np.finfo(x.value.dtype).eps for x in nodes)
    return float(epsilon ** (1 / 3) * (1 + x_size) / (v_size or 1))


@contextmanager
def _moved(nodes: list[Node], v: list[Array], h: complex) -> Iterator[None]:
    """Within this block the nodes' values are x + hv."""
    before = [x.value for x in nodes]
    try:
        for x, part in zip(nodes, v, strict=True):
            x.value = x.value + h * part
        yield
    finally:
        for x, value in zip(nodes, before, strict=True):
            x.value = value


def _direction(
    name: str, nodes: list[Node], direction: Sequence[ArrayLike]
) -> list[Array]:
    v = [np.asarray(part) for part in direction]
    shapes, expected = [part.shape for part in v], [x.shape for x in nodes]
    if shapes != expected:
        raise ValueError(
            f"{name}: the direction has shapes {shapes}, the inputs {expected}; "
            "expected one array for each input, of its shape"
        )
    return [part.astype(x.value.dtype) for part, x in zip(v, nodes, strict=True)]


def _method(
    name: str,
    method: Method | None,
    function: Callable[..., Node],
    nodes: list[Node],
) -> Method:
    if method is None:
        y = function(*nodes)
        return "complex step" if is_analytic(y) else "centred differences"
    if method not in ("complex step", "centred differences"):
        raise ValueError(
            f"{name}: method is {method!r}, expected 'complex step' or "
            "'centred differences'"
        )
    return method
