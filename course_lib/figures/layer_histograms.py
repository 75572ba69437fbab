"""Histograms of what the layers of networks give, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_lib.analysis.statistics import LayerStatistics
from course_lib.figures.colors import COLORS
from course_lib.figures.graph_labels import format_value
from course_lib.figures.graph_pen import LINE_HEIGHT, text_width
from course_lib.figures.palettes import wash
from course_lib.figures.sheet import SHEET_WIDTH, Sheet, wrapped
from course_lib.figures.style import Picture, show
from course_lib.types import Array

GAP = 6.0
_ROW = 26.0  # a histogram's height, in points
MOST_COLUMNS = 3


def draw_layer_histograms(
    networks: Mapping[str, Sequence[LayerStatistics | ArrayLike]],
    alt: str,
    *,
    limits: tuple[float, float] | None = None,
    bins: int = 40,
    title: str = "",
) -> Picture:
    """Draw a histogram of each layer's values, with their standard deviation beside it.

    Every network has a column, and every layer a row. All have one axis of values; each
    histogram is as high as its row, since a narrow one is much higher than a wide one.
    Values that are exactly 0, of which ReLU makes many, do not set the scale: their bar
    is cut where the row ends.

    Args:
        networks: names, and what `layer_statistics` returned or arrays; at most three.
        alt: what is found, in words.
        limits: the ends of the axis; by default 1/1000 of all values lies beyond, and
            zero is in the middle if there are values on both sides of it. What lies
            beyond is counted at the end.
        bins: how many bars a histogram has.
        title: stands above.

    Raises:
        ValueError: there are too many networks or no layers, or a value is not finite.
    """
    columns = {
        name: [_values(layer, name, i) for i, layer in enumerate(layers)]
        for name, layers in networks.items()
    }
    if not 1 <= len(columns) <= MOST_COLUMNS or not all(columns.values()):
        shapes = {name: len(layers) for name, layers in columns.items()}
        raise ValueError(
            f"draw_layer_histograms: networks and their layers are {shapes}, expected "
            f"1 to {MOST_COLUMNS} networks of 1 layer or more"
        )
    values = [layer for layers in columns.values() for layer in layers]
    figure = _histograms(columns, limits or common_limits(values), bins, title)
    return show(figure, alt)


def _histograms(
    columns: Mapping[str, Sequence[Array]],
    limits: tuple[float, float],
    bins: int,
    title: str,
) -> Figure:
    rows = max(map(len, columns.values()))
    left = text_width(str(rows)) + 2 * GAP
    width = min((SHEET_WIDTH - left) / len(columns), 220) - 2 * GAP
    beside = text_width("0.00021") + GAP
    names = [wrapped(n, width, caller="draw_layer_histograms") for n in columns]
    top = LINE_HEIGHT * (max(n.count("\n") for n in names) + 2 + bool(title)) + GAP
    full = left + len(columns) * (width + 2 * GAP) - 2 * GAP
    sheet = Sheet(full, top + rows * _ROW + LINE_HEIGHT + GAP)
    if title:
        sheet.text(title, (left + full) / 2, LINE_HEIGHT / 2)
    for row in range(rows):
        sheet.text(str(row + 1), left - 2 * GAP, top + (row + 0.6) * _ROW, ha="right")
    for k, (name, layers) in enumerate(zip(names, columns.values(), strict=True)):
        x = left + k * (width + 2 * GAP)
        sheet.text(name, x + width / 2, LINE_HEIGHT * (0.5 + bool(title)))
        sheet.text("std", x + width, top - LINE_HEIGHT / 2, ha="right")
        for row, values in enumerate(layers):
            base = top + (row + 1) * _ROW
            _draw_histogram(sheet, values, limits, bins, x, base, width - beside)
            std = format_value(np.asarray(values.std()), digits=2)
            sheet.text(std, x + width, base - 0.4 * _ROW, ha="right")
        for i, side in enumerate(["left", "right"]):
            number = format_value(np.asarray(limits[i]), digits=2)
            end = x + i * (width - beside)
            sheet.text(number, end, top + rows * _ROW + GAP + LINE_HEIGHT / 2, ha=side)
    return sheet.figure


def _draw_histogram(
    sheet: Sheet,
    values: Array,
    limits: tuple[float, float],
    bins: int,
    x: float,
    base: float,
    width: float,
) -> None:
    heights = np.repeat(bar_heights(values, limits, bins), 2) * (_ROW - 4)
    edges = np.repeat(np.linspace(x, x + width, bins + 1), 2)[1:-1]
    outline = np.column_stack([edges, base - heights])
    sheet.area(
        [*outline, (x + width, base), (x, base)],
        facecolor=wash("blue", 0.35),
        edgecolor=COLORS["blue"],
        linewidth=0.7,
    )


def bar_heights(values: Array, limits: tuple[float, float], bins: int) -> Array:
    """The bars of a histogram, from 0 to 1, whose scale exact zeros do not set."""
    counts, others = (
        np.histogram(np.clip(given, *limits), bins=bins, range=limits)[0]
        for given in (values, values[values != 0])
    )
    return np.minimum(counts / (others.max() or counts.max()), 1)


def common_limits(values: Sequence[Array]) -> tuple[float, float]:
    """An axis for the values of all layers, as `draw_layer_histograms` chooses it."""
    low, high = np.quantile(np.concatenate(values), [0.0005, 0.9995])
    if low < 0 < high:
        high = max(-low, high)
        low = -high
    elif low == high:
        low, high = low - 0.5, high + 0.5
    return float(low), float(high)


def _values(layer: LayerStatistics | ArrayLike, name: str, i: int) -> Array:
    given = layer.values if isinstance(layer, LayerStatistics) else layer
    values = np.asarray(given, dtype=np.float64).ravel()
    if values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError(
            f"draw_layer_histograms: layer {i + 1} of {name!r}, shape "
            f"{np.shape(given)}, has values that are not finite, or none"
        )
    return values
