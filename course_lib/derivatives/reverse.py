"""Jacobians by reverse mode: one walk back through the graph gives one row.

    >>> import numpy as np
    >>> [J] = jacobian(lambda x: x * x, [np.array([1.0, 2.0, 3.0])])
    >>> J.diagonal()
    array([2., 4., 6.])

`forward_mode.jacobian` goes the other way: one pass gives one column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, backpropagate
from course_lib.types import Array


def jacobian(
    function: Callable[..., Node], inputs: Sequence[Node | ArrayLike]
) -> list[Array]:
    """J = ∂y/∂x, row by row: row i is the gradient of yᵢ. The graph is computed once
    and walked m times, for m entries of y.

    Args:
        function: of as many nodes as there are inputs; returns a Node y.
        inputs: arrays; or Nodes, such as a network's Parameters, which are used as they
            are.

    Returns:
        For each input an array of shape (*y.shape, *x.shape), as in torch.

    Raises:
        GradientError: y does not depend on one of the inputs.
    """
    nodes = as_nodes("jacobian", inputs)
    y = function(*nodes)
    rows = []
    for i in range(y.value.size):
        unit = np.zeros_like(y.value)
        unit.flat[i] = 1
        gradients = backpropagate(y, nodes, gradient=unit)
        rows.append([gradients[x] for x in nodes])
    return [
        np.reshape([row[k] for row in rows], (*y.shape, *x.shape))
        for k, x in enumerate(nodes)
    ]


def vector_jacobian_product(
    function: Callable[..., Node],
    inputs: Sequence[Node | ArrayLike],
    vector: ArrayLike,
) -> list[Array]:
    """uᵀJ, for a vector u of weights of the outputs: one walk back, whatever m and n.
    It is what backpropagation computes; a loss is the case of one output and u = 1.

    Args:
        function: of as many nodes as there are inputs; returns a Node y.
        inputs: arrays or Nodes, as for `jacobian`.
        vector: u, of the shape of y.

    Returns:
        For each input an array of its shape.

    Raises:
        ValueError: u has not the shape of y.
        GradientError: y does not depend on one of the inputs.
    """
    nodes = as_nodes("vector_jacobian_product", inputs)
    gradients = backpropagate(function(*nodes), nodes, gradient=vector)
    return [gradients[x] for x in nodes]


def as_nodes(name: str, inputs: Sequence[Node | ArrayLike]) -> list[Node]:
    """The inputs as nodes; those that are nodes already are the same ones.

    Raises:
        TypeError: `inputs` is one array or one Node, and not a list of them.
    """
    if isinstance(inputs, (Node, np.ndarray)):
        raise TypeError(
            f"{name}: inputs is of type {type(inputs).__name__}, expected a list of "
            "arrays or Nodes. Is [x] meant?"
        )
    return [x if isinstance(x, Node) else Node(x) for x in inputs]
