"""The texts of a drawn graph: an operation's character, and values of any shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from course_lib.graph import Call
from course_lib.types import Array

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "add": "+",
        "subtract": "−",
        "multiply": "×",
        "divide": "÷",
        "negative": "−x",
        "power": "xⁿ",
        "square": "x²",
        "sqrt": "√",
        "absolute": "|x|",
        "maximum": "max",
        "minimum": "min",
        "sigmoid": "σ",
        "matmul": "@",
        "sum": "Σ",
        "relu": "ReLU",
        "reciprocal": "1/x",
        "sine": "sin",
        "cosine": "cos",
    }
)


def symbol(call: Call) -> str:
    """The character that stands for an operation, or its name."""
    return SYMBOLS.get(call.name, call.name)


def format_value(value: Array, *, matrices: bool = False, digits: int = 3) -> str:
    """A number to so many significant digits; an array as its shape or as its rows."""
    if value.size == 1 and value.ndim == 0:
        return _number(float(value), digits)
    if not matrices or value.ndim > 2 or value.size > 16:
        return str(value.shape)
    texts = [[_number(float(x), digits) for x in row] for row in np.atleast_2d(value)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    # Spaces that a page neither joins nor breaks, as wide as a digit.
    rows = [
        "\u2007".join(x.rjust(n, "\u2007") for x, n in zip(row, widths, strict=True))
        for row in texts
    ]
    return "\n".join(f"[{row}]" for row in rows)


def _number(x: float, digits: int) -> str:
    return f"{x:.{digits}g}".replace("-", "−")
