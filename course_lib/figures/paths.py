"""Paths of optimizers over a function of two numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.contours import draw_contours, log_levels, side_by_side
from course_lib.figures.graph_pen import TEXT_SIZE
from course_lib.figures.palettes import color_of
from course_lib.figures.style import Picture, show
from course_lib.types import Array

_GRID = 60  # points along each axis at which the function is asked for


def draw_paths(
    function: Callable[[Array], Any],
    paths: Mapping[str, ArrayLike],
    alt: str,
    *,
    limits: tuple[float, float, float, float] | None = None,
    levels: Sequence[float] | None = None,
    apart: bool = False,
    names: tuple[str, str] = ("x₁", "x₂"),
    title: str = "",
) -> Picture:
    """Draw the paths of optimizers over the contours of a function of two numbers.

    A path begins at a dot, which several may share, and has a point for each step. It
    is cut where it leaves the panel, or is not finite.

    Args:
        function: of an array of shape (2,); returns a number.
        paths: names, and points of shape (steps, 2).
        alt: what is found, in words.
        limits: left, right, bottom and top; by default all points, with a margin.
        levels: of the contour lines; by default `log_levels`. For a saddle, say
            `np.linspace(low, high, 11)`.
        apart: one panel for each path.
        names: of the axes.
        title: stands above.

    Raises:
        ValueError: a shape is another, or there are no paths or more than colors.
    """
    points = {name: _points(given, name) for name, given in paths.items()}
    if not points:
        raise ValueError("draw_paths: there are no paths")
    left, right, bottom, top = limits or frame_around(list(points.values()))
    x, y = np.linspace(left, right, _GRID), np.linspace(bottom, top, _GRID)
    heights = np.array([[float(function(np.array([a, b]))) for a in x] for b in y])
    if levels is None:
        levels = log_levels(heights)
    figure, panels = side_by_side(list(points) if apart else [""])
    for axes in panels:
        draw_contours(axes, x, y, heights, levels)
        axes.set(xlabel=names[0], ylabel=names[1])
    for i, (name, path) in enumerate(points.items()):
        axes = panels[i if apart else 0]
        color = color_of(i, caller="draw_paths", kinds=list(points))
        axes.plot(*path.T, ".-", color=color, linewidth=1.2, markersize=4, label=name)
        axes.plot(*path[0], "o", color="black", markersize=5)
    for axes in panels:
        axes.set(xlim=(left, right), ylim=(bottom, top))
    if not apart and len(points) > 1:
        panels[0].legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.2),
            ncols=min(3, len(points)),
            labelcolor="linecolor",
        )
    if title:
        figure.suptitle(title, fontsize=TEXT_SIZE)
    return show(figure, alt)


def _points(given: ArrayLike, name: str) -> Array:
    points = np.asarray(given, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.all(np.isfinite(points[:1])):
        raise ValueError(
            f"draw_paths: path {name!r} has shape {points.shape}, expected (steps, 2), "
            "with a finite first point"
        )
    return points


def frame_around(paths: Sequence[Array]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top around all finite points, with a margin."""
    points = np.concatenate(paths)
    points = points[np.all(np.isfinite(points), axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * np.maximum(high - low, 0.2 * max(high - low) + 1e-9)
    (left, bottom), (right, top) = low - margin, high + margin
    return left, right, bottom, top
