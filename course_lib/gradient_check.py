"""Is a backward right? Compare it with centred differences of the forward.

(f(x + h) − f(x − h))/2h differs from the derivative by about h²: so a wrong formula
stands out, and a right one agrees to eight digits or more. Within h of a kink (ReLU at
0, equal entries of a maximum) differences mean nothing: keep the inputs away from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply, backpropagate, no_grad
from course_lib.types import Array, Operation

# A larger step errs by its square, a smaller one by rounding, ε/h: this balances them.
STEP = float(np.finfo(np.float64).eps ** (1 / 3))

# Derivatives below it are compared in its units: relative to 0, rounding looks large.
FLOOR = 1e-3


@dataclass(frozen=True)
class Disagreement:
    """Where backward and differences disagree most.

    Attributes:
        error: |backward − differences| / max(|backward|, |differences|, floor).
        name: "input 1", or a Parameter's name.
        index: the entry, or None where a direction was tried.
        backward: the derivative that backward gives.
        differences: the derivative that differences give.
    """

    error: float
    name: str
    index: tuple[int, ...] | None
    backward: float
    differences: float

    def __str__(self) -> str:
        where = "a random direction" if self.index is None else f"entry {self.index}"
        return (
            f"{self.name}, {where}: backward gives {self.backward:.9g}, differences "
            f"{self.differences:.9g}, relative error {self.error:.1e}"
        )


def gradient_check(
    function: Callable[..., Any],
    *inputs: ArrayLike,
    step: float = STEP,
    floor: float = FLOOR,
    **settings: Any,
) -> Disagreement:
    """The entry whose derivative by backward is furthest from that by differences.

    Every entry of every input, and of every Parameter that the function uses, is moved
    up and down in turn: two evaluations an entry. An output that is not one number is
    weighted by a fixed, uneven gradient dy.

    Args:
        function: an operation, or a function of nodes such as a layer. It may have
            several outputs, and must give the same values each time.
        inputs: arrays of float64; they are copied, and never changed.
        step: h, how far an entry is moved.
        floor: derivatives below it are compared absolutely, in its units, so that two
            zeros agree.
        settings: passed on to the function.

    Returns:
        The worst entry. Where all is well its `error` is below 1e-7 or so.

    Raises:
        TypeError: an input or a Parameter is not float64.
        ValueError: the function is random, or there is nothing to check.
    """
    subject = _Subject(function, inputs, settings)
    ys = subject.values()
    uneven = np.cos(1.0 + np.arange(sum(y.size for y in ys)))
    pieces = np.split(uneven, np.cumsum([y.size for y in ys])[:-1])
    dys = [piece.reshape(y.shape) for piece, y in zip(pieces, ys, strict=True)]
    found = []
    for name, x, dx in subject.gradients(dys):
        for index in np.ndindex(x.shape):
            unit = np.zeros_like(x)
            unit[index] = 1
            along = subject.difference(x, step * unit, dys) / (2 * step)
            found.append(_compare(name, index, float(dx[index]), along, floor))
    return _worst(found)


def directional_check(
    function: Callable[..., Any],
    *inputs: ArrayLike,
    rng: np.random.Generator,
    step: float = STEP,
    floor: float = FLOOR,
    **settings: Any,
) -> Disagreement:
    """As `gradient_check`, but along one random direction for each input: two
    evaluations an input, however large it is.

    A wrong derivative escapes only if its error is perpendicular to the direction,
    which has probability 0.

    Args:
        function: an operation, or a function of nodes such as a layer.
        inputs: arrays of float64; they are copied, and never changed.
        rng: draws the directions, and the gradient dy of the outputs.
        step: h, how far an input is moved along its direction.
        floor: derivatives below it are compared absolutely, in its units.
        settings: passed on to the function.

    Raises:
        TypeError: an input or a Parameter is not float64.
        ValueError: the function is random, or there is nothing to check.
    """
    subject = _Subject(function, inputs, settings)
    dys = [rng.normal(size=y.shape) for y in subject.values()]
    found = []
    for name, x, dx in subject.gradients(dys):
        direction = rng.normal(size=x.shape)
        along = subject.difference(x, step * direction, dys) / (2 * step)
        found.append(_compare(name, None, float(np.sum(dx * direction)), along, floor))
    return _worst(found)


class _Subject:
    """The function under check, as a function of nodes whose arrays can be moved."""

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: tuple[ArrayLike, ...],
        settings: dict[str, Any],
    ) -> None:
        self.nodes = [Node(np.array(x), f"input {i}") for i, x in enumerate(inputs)]
        for node in self.nodes:
            _require_float64(node)
        result = function(*[node.value for node in self.nodes], **settings)
        is_operation = isinstance(result, tuple) and callable(result[-1])
        run = partial(apply, function) if is_operation else function
        self.run = partial(run, *self.nodes, **settings)
        for first, second in zip(self.values(), self.values(), strict=True):
            if not np.array_equal(first, second, equal_nan=True):
                raise ValueError(
                    "gradient_check: the function gives another value each time. Does "
                    "it draw random numbers? Give it a generator of the same seed."
                )

    def values(self) -> list[Array]:
        """The outputs, copied: some operations return a view of their input."""
        with no_grad():
            return [y.value.copy() for y in _as_tuple(self.run())]

    def gradients(self, dys: list[Array]) -> list[tuple[str, Array, Array]]:
        """Name, array and gradient of Σ dy·y, for each input and Parameter."""
        loss = apply(_weighted_sum, *_as_tuple(self.run()), dys=dys)
        gradients = backpropagate(loss, self.nodes)
        for node in gradients:
            _require_float64(node)
        return [(x.name or repr(x), x.value, dx) for x, dx in gradients.items()]

    def difference(self, x: Array, shift: Array, dys: list[Array]) -> float:
        """Σ dy·(y(x + shift) − y(x − shift)); x is as it was afterwards."""
        before = x.copy()
        try:
            x[...] = before + shift
            above = self.values()
            x[...] = before - shift
            below = self.values()
        finally:
            x[...] = before
        pairs = zip(dys, above, below, strict=True)
        return float(sum(np.sum(dy * (a - b)) for dy, a, b in pairs))


def _weighted_sum(*ys: Array, dys: list[Array]) -> Operation:
    total = sum(np.sum(y * dy) for y, dy in zip(ys, dys, strict=True))
    return total, lambda d: tuple(d * dy for dy in dys)


def _compare(
    name: str,
    index: tuple[int, ...] | None,
    backward: float,
    differences: float,
    floor: float,
) -> Disagreement:
    scale = max(abs(backward), abs(differences), floor)
    error = abs(backward - differences) / scale
    if not np.isfinite(error):
        error = np.inf  # NaN would lose every comparison, and so pass
    return Disagreement(error, name, index, backward, differences)


def _worst(found: list[Disagreement]) -> Disagreement:
    if not found:
        raise ValueError("gradient_check: no input has an entry, nothing to check")
    return max(found, key=lambda disagreement: disagreement.error)


def _require_float64(node: Node) -> None:
    if node.value.dtype != np.float64:
        raise TypeError(
            f"gradient_check: {node.name} is {node.value.dtype}, expected float64: "
            "with fewer digits rounding drowns the differences"
        )


def _as_tuple(outputs: Any) -> tuple[Node, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)
