"""Contours of a function of two numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib.figures.colors import COLORS
from course_lib.figures.palettes import wash
from course_lib.figures.style import subplots
from course_lib.types import Array

LEVELS = 9  # contour lines
_NEAREST = 1e-3  # the lowest of log-spaced levels, as a share of the whole height


def log_levels(*heights: Array, count: int = LEVELS) -> list[float]:
    """Levels whose distances from the lowest height grow geometrically.

    Around the bottom of a valley they are as dense as on its slopes. Heights that are
    not finite do not count; of a constant function there is none.
    """
    finite = np.concatenate([h[np.isfinite(h)].ravel() for h in heights])
    if finite.size == 0:
        raise ValueError(
            f"log_levels: heights of shape {heights[0].shape} are nowhere finite"
        )
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return []
    return list(low + (high - low) * np.geomspace(_NEAREST, 1, count + 1)[:-1])


def draw_contours(
    axes: Axes,
    x: Array,
    y: Array,
    heights: Array,
    levels: Sequence[float],
    *,
    labels: bool = False,
) -> None:
    """Draw thin contour lines, with the lower ground a little darker.

    Args:
        x, y: along the axes, of lengths m and n.
        heights: shape (n, m).
        levels: in ascending order.
        labels: whether the numbers are written on the lines.
    """
    heights = np.ma.masked_invalid(heights)
    if len(levels):
        shades = [wash("blue", 0.3 * (1 - k / len(levels))) for k in range(len(levels))]
        axes.contourf(x, y, heights, [-np.inf, *levels], colors=shades)
        lines = axes.contour(
            x, y, heights, levels, colors=COLORS["gray"], linewidths=0.6, linestyles="-"
        )
        if labels:
            axes.clabel(lines, levels[::2], fmt=_short, fontsize=10)


def side_by_side(names: Sequence[str]) -> tuple[Figure, list[Axes]]:
    """Axes side by side, at most two in a row, with names above."""
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    size = (5.6, 2.75 * rows + 0.1) if columns == 2 else (4.6, 3.6)
    figure, grid = subplots(rows, columns, size=size, squeeze=False)
    panels = list(grid.ravel())
    for axes in panels[len(names) :]:
        axes.remove()
    for axes, name in zip(panels, names, strict=False):
        axes.set_title(name)
    return figure, panels[: len(names)]


def _short(level: float) -> str:
    return f"{level:.2g}".replace("-", "−")
