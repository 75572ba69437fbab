"""The names that type hints use throughout the library."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

# An array of floating-point numbers, float64 or float32.
Array = NDArray[Any]

# Turns the gradients of an operation's values into the gradients of its inputs.
Backward = Callable[..., Any]

# What an operation returns: its value (a tuple where there are several), its backward.
Operation = tuple[Any, Backward]
