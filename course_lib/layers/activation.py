"""Activations as layers: they have no parameters, and keep the shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import activations, elementwise, softmax


class _Activation(Layer):
    """An operation with its settings."""

    def __init__(self, operation: Callable[..., Any], **settings: float) -> None:
        self._operation = operation
        self._settings = settings

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The output, of the shape of x."""
        return apply(self._operation, x, **self._settings)

    def __repr__(self) -> str:
        settings = ", ".join(map(str, self._settings.values()))
        return f"{type(self).__name__}({settings})"


class Sigmoid(_Activation):
    """y = 1/(1 + e⁻ˣ), entry by entry, between 0 and 1."""

    def __init__(self) -> None:
        super().__init__(activations.sigmoid)


class Tanh(_Activation):
    """y = tanh x, entry by entry, between −1 and 1."""

    def __init__(self) -> None:
        super().__init__(activations.tanh)


class Softsign(_Activation):
    """y = x/(1 + |x|), entry by entry, between −1 and 1."""

    def __init__(self) -> None:
        super().__init__(activations.softsign)


class ReLU(_Activation):
    """y = max(x, 0), entry by entry."""

    def __init__(self) -> None:
        super().__init__(activations.relu)


class ReLU6(_Activation):
    """y = min(max(x, 0), 6), entry by entry."""

    def __init__(self) -> None:
        super().__init__(activations.relu6)


class LeakyReLU(_Activation):
    """y = x for x > 0, else negative_slope·x, entry by entry."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(activations.leaky_relu, negative_slope=negative_slope)


class ELU(_Activation):
    """y = x for x > 0, else alpha·(eˣ − 1), entry by entry."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(activations.elu, alpha=alpha)


class SELU(_Activation):
    """y = 1.0507·elu(x; 1.6733), entry by entry: self-normalizing."""

    def __init__(self) -> None:
        super().__init__(activations.selu)


class Softplus(_Activation):
    """y = ln(1 + e^(beta·x))/beta, entry by entry, positive."""

    def __init__(self, beta: float = 1.0) -> None:
        super().__init__(activations.softplus, beta=beta)


class Sine(_Activation):
    """y = sin(frequency·x), entry by entry; 30 is SIREN's (Sitzmann et al. 2020)."""

    def __init__(self, frequency: float = 30.0) -> None:
        super().__init__(elementwise.sine, frequency=frequency)


class Softmax(_Activation):
    """p = softmax(x) along an axis. Not before a loss that takes logits.

    Args:
        dim: the axis of the classes (torch has no default: its guess is deprecated).
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__(softmax.softmax, axis=dim)


class LogSoftmax(_Activation):
    """y = ln softmax(x) along an axis.

    Args:
        dim: the axis of the classes (torch has no default: its guess is deprecated).
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__(softmax.log_softmax, axis=dim)
