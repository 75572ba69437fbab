"""What can be written with nodes: a + b, x @ w, x[0], y.sum().

Each operator or method is one `apply` of the operation that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from course_lib.operations import elementwise, matrices, reductions, shapes
from course_lib.types import Array

if TYPE_CHECKING:
    from course_lib.graph import Node


class Operators:
    """Python's operators and NumPy's methods, for `graph.Node`, which derives from it.

    Comparisons are missing on purpose: they have no gradient, and nodes are keys.
    """

    __slots__ = ()
    __array_ufunc__ = None  # array + node is the node's business, not the array's

    value: Array

    def _apply(
        self, operation: Callable[..., Any], *inputs: Any, **settings: Any
    ) -> Any:
        raise NotImplementedError  # graph.Node knows

    def __add__(self, other: Node | ArrayLike) -> Node:
        return self._apply(elementwise.add, self, other)

    def __radd__(self, other: ArrayLike) -> Node:
        return self._apply(elementwise.add, other, self)

    def __sub__(self, other: Node | ArrayLike) -> Node:
        return self._apply(elementwise.subtract, self, other)

    def __rsub__(self, other: ArrayLike) -> Node:
        return self._apply(elementwise.subtract, other, self)

    def __mul__(self, other: Node | ArrayLike) -> Node:
        return self._apply(elementwise.multiply, self, other)

    def __rmul__(self, other: ArrayLike) -> Node:
        return self._apply(elementwise.multiply, other, self)

    def __truediv__(self, other: Node | ArrayLike) -> Node:
        return self._apply(elementwise.divide, self, other)

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return self._apply(elementwise.divide, other, self)

    def __pow__(self, exponent: float) -> Node:
        return self._apply(elementwise.power, self, exponent=exponent)

    def __neg__(self) -> Node:
        return self._apply(elementwise.negative, self)

    def __abs__(self) -> Node:
        return self._apply(elementwise.absolute, self)

    def __matmul__(self, other: Node | ArrayLike) -> Node:
        return self._apply(matrices.matmul, self, other)

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return self._apply(matrices.matmul, other, self)

    def __getitem__(self, index: Any) -> Node:
        return self._apply(shapes.getitem, self, index=index)

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self.value)))

    def sum(self, axis: reductions.Axis = None, keepdims: bool = False) -> Node:
        """The sum over all entries, or along `axis`."""
        return self._apply(reductions.sum, self, axis=axis, keepdims=keepdims)

    def mean(self, axis: reductions.Axis = None, keepdims: bool = False) -> Node:
        """The mean over all entries, or along `axis`."""
        return self._apply(reductions.mean, self, axis=axis, keepdims=keepdims)

    def max(self, axis: reductions.Axis = None, keepdims: bool = False) -> Node:
        """The largest of all entries, or along `axis`."""
        return self._apply(reductions.max, self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: int) -> Node:
        """The same entries in another shape; one size may be −1."""
        return self._apply(shapes.reshape, self, shape=shape)

    def transpose(self, *axes: int) -> Node:
        """The axes in another order; reversed where none is given."""
        return self._apply(shapes.transpose, self, axes=axes or None)

    @property
    def T(self) -> Node:  # noqa: N802 -- NumPy's name
        """The transpose: all axes reversed."""
        return self.transpose()
