"""Curves with their names at their ends, and the spread of several runs as a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from course_lib.figures.direct_labels import End, label_ends
from course_lib.figures.log_axes import make_logarithmic
from course_lib.figures.palettes import color_of
from course_lib.figures.style import Picture, show, subplots
from course_lib.types import Array

SIZE = (5.5, 3.1)  # in inches: on a phone text of 11 pt has 9 px
BAND = 0.2  # how much of its color covers a band
SPREADS = ("std", "range", "none")


class Summary(NamedTuple):
    """Runs in three curves of equal length; NaN where one of them is not finite.

    Attributes:
        middle: their mean.
        low, high: the edges of their band.
    """

    middle: Array
    low: Array
    high: Array


def draw_curves(
    curves: Mapping[str, ArrayLike],
    alt: str,
    *,
    x: ArrayLike | None = None,
    xlabel: str = "",
    ylabel: str = "",
    log: str = "",
    spread: str = "std",
    title: str = "",
) -> Picture:
    """Draw curves with their names at their right ends.

    A curve has a gap where a number is not finite; a cross marks the last point before
    it, as where training diverged.

    Args:
        curves: names, and numbers of shape (n,), or (runs, n): then the mean is drawn
            within a band. An empty name is not written.
        alt: what is found, in words.
        x: n numbers for all curves; by default 1, 2, …. A shorter curve takes the first
            of them.
        xlabel, ylabel: name the axes.
        log: which axes are logarithmic: "", "x", "y" or "xy".
        spread: what the band of several runs is: "std", the mean ± their standard
            deviation; "range", from the least to the largest; or "none".
        title: stands above.

    Raises:
        ValueError: there are no curves or more than colors, a shape is another, nothing
            is finite, or a number on a logarithmic axis is not positive.
    """
    figure, axes = subplots(size=SIZE)
    ends = plot_curves(axes, curves, x=x, log=log, spread=spread, caller="draw_curves")
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    label_ends(figure, [(axes, ends)])
    return show(figure, alt)


def plot_curves(
    axes: Axes,
    curves: Mapping[str, ArrayLike],
    *,
    x: ArrayLike | None,
    log: str,
    spread: str,
    caller: str,
    marker: str = "",
) -> list[End]:
    """Plot curves as `draw_curves` does, and tell where they end."""
    if not curves:
        raise ValueError(f"{caller}: there are no curves")
    ends = []
    for i, (name, values) in enumerate(curves.items()):
        color = color_of(i, caller=caller, kinds=list(curves))
        known = summarize(
            values, name=name, log="y" in log, spread=spread, caller=caller
        )
        points = positions(known.middle, x, name=name, caller=caller)
        end = plot_run(axes, points, known, color=color, marker=marker)
        ends.append(end._replace(name=name))
    axes.margins(x=0.0)
    make_logarithmic(axes, log)
    return [end for end in ends if end.name]


def plot_run(
    axes: Axes,
    x: Array,
    known: Summary,
    *,
    color: str,
    linestyle: str = "-",
    marker: str = "",
) -> End:
    """Plot a curve with its band and its gaps; where it ends, without a name."""
    finite = np.isfinite(known.middle)
    axes.plot(
        x,
        known.middle,
        color=color,
        linestyle=linestyle,
        linewidth=1.6,
        marker=marker,
        markersize=4,
    )
    if np.any(known.high > known.low):
        axes.fill_between(
            x, known.low, known.high, color=color, alpha=BAND, linewidth=0
        )
    lost = np.flatnonzero(finite[:-1] & ~finite[1:])
    if len(lost):
        axes.plot(x[lost], known.middle[lost], "x", color=color, clip_on=False)
    last = np.flatnonzero(finite)[-1]
    return End("", float(x[last]), float(known.middle[last]), color)


def summarize(
    values: ArrayLike, *, name: str, log: bool, spread: str, caller: str
) -> Summary:
    """The mean and the band of runs.

    Args:
        values: shape (n,) or (runs, n).
        name: of the curve, for errors.
        log: whether it must be positive.
        spread: one of SPREADS.
        caller: the function that an error names.
    """
    if spread not in SPREADS:
        raise ValueError(f"{caller}: spread is {spread!r}, expected one of {SPREADS}")
    runs = np.asarray(values, dtype=np.float64)
    if runs.ndim not in (1, 2) or runs.size == 0:
        raise ValueError(
            f"{caller}: {name!r} has shape {runs.shape}, expected (n,) or (runs, "
            "n). Was it measured?"
        )
    runs = np.where(np.isfinite(runs), runs, np.nan).reshape(-1, runs.shape[-1])
    if not np.any(np.all(np.isfinite(runs), axis=0)):
        raise ValueError(
            f"{caller}: at no point are all numbers of {name!r}, shape {runs.shape}, "
            "finite: there is nothing to draw"
        )
    if log and np.any(runs <= 0):
        raise ValueError(
            f"{caller}: {int(np.sum(runs <= 0))} numbers of {name!r} are 0 or less, "
            "which a logarithmic axis has no place for"
        )
    middle = runs.mean(axis=0)
    if spread == "range":
        return Summary(middle, runs.min(axis=0), runs.max(axis=0))
    around = runs.std(axis=0) if spread == "std" else 0 * middle
    return Summary(middle, middle - around, middle + around)


def positions(middle: Array, x: ArrayLike | None, *, name: str, caller: str) -> Array:
    """The x of a curve's points: given, or 1, 2, …."""
    if x is None:
        return np.arange(1.0, len(middle) + 1)
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 1 or len(x) < len(middle):
        raise ValueError(
            f"{caller}: x has shape {x.shape}, and {name!r} {len(middle)} points"
        )
    return x[: len(middle)]


def runs_of(values: Sequence[Sequence[float]]) -> Array:
    """Runs as rows, all cut to the length of the shortest."""
    shortest = min(map(len, values))
    return np.array([list(run)[:shortest] for run in values])
