"""Logarithmic axes whose numbers are plain text, in the page's font."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FEW = 1.7  # decades: where there are no more, 2 and 5 are written too
_PLAIN = range(-3, 5)  # powers of ten that are written out


def make_logarithmic(axes: Axes, which: str) -> None:
    """Make axes logarithmic that hold all of their curves already.

    Args:
        which: "", "x", "y" or "xy".
    """
    for name in which:
        if name == "x":
            axes.set_xscale("log")
        else:
            axes.set_yscale("log")
        axis: Any = axes.xaxis if name == "x" else axes.yaxis
        low, high = axis.get_view_interval()
        few = math.log10(high / low) < _FEW
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: power_text(value)))
        axis.set_minor_formatter(NullFormatter())


def power_text(value: float) -> str:
    """0.01, 1, 500, and beyond four digits 10⁻⁷ or 2·10⁵.

    >>> [power_text(x) for x in (0.02, 1.0, 1e-7, 5e6)]
    ['0.02', '1', '10⁻⁷', '5·10⁶']
    """
    power = math.floor(math.log10(value) + 1e-9)
    if power in _PLAIN:
        return f"{value:g}"
    factor = value / 10.0**power
    raised = "10" + str(power).translate(_RAISED)
    return raised if math.isclose(factor, 1) else f"{factor:.2g}·{raised}"
