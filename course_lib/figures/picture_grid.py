"""Pictures in rows and columns, with names and one scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_labels import format_value
from course_lib.figures.graph_pen import LINE_HEIGHT, text_width
from course_lib.figures.palettes import gray_colors, signed_colors
from course_lib.figures.sheet import SHEET_WIDTH, Sheet, wrapped
from course_lib.types import Array

GAP = 6.0
_WIDEST, _WIDEST_PIXEL = 320.0, 30.0  # where there is room
_BAR = (110.0, 8.0)  # the scale's width and height


@dataclass(frozen=True)
class Panel:
    """One picture of a grid.

    Attributes:
        layers: RGBA pictures, the lowest first, stretched over one another. The lowest
            gives the shape.
        title: stands above it.
        framed: whether it has a thin frame, which shows where a transparent one ends.
        marked: whether frame and title are red.
    """

    layers: tuple[Array, ...]
    title: str = ""
    framed: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Scale:
    """From which number to which the colors of a grid run.

    Attributes:
        low, high: the ends.
        signed: whether the colors are those of `signed_colors`, or else of gray.
    """

    low: float
    high: float
    signed: bool

    def colors(self, values: Array) -> Array:
        """The picture of values."""
        if self.signed:
            return signed_colors(values, max(-self.low, self.high))
        return gray_colors(values, self.low, self.high)


def common_scale(values: Sequence[Array], *, palette: str, caller: str) -> Scale:
    """The scale that shows all of several arrays.

    Args:
        values: arrays of finite numbers.
        palette: "signed", in which zero is one end or within, or "gray", from the least
            value to the largest.
        caller: the function that an error names.
    """
    if palette not in ("signed", "gray"):
        raise ValueError(
            f"{caller}: palette is {palette!r}, expected 'signed' or 'gray'"
        )
    for array in values:
        if not np.all(np.isfinite(array)):
            count = int(np.sum(~np.isfinite(array)))
            raise ValueError(
                f"{caller}: {count} of {array.size} values of shape {array.shape} are "
                "NaN or infinite. Did training diverge?"
            )
    low = float(min(array.min() for array in values))
    high = float(max(array.max() for array in values))
    if palette == "signed":
        limit = max(-low, high)
        low, high = -limit if low < 0 else 0.0, limit if high > 0 else 0.0
    return Scale(low, high, palette == "signed")


def picture_grid(
    panels: Sequence[Panel],
    *,
    columns: int,
    caller: str,
    title: str = "",
    row_names: Sequence[str] = (),
    scale: Scale | None = None,
    key: Sequence[tuple[str, str]] = (),
) -> Figure:
    """Panels from left to right and from top to bottom, all of one width.

    Args:
        panels: one or more.
        columns: how many stand in a row.
        caller: the function that an error names.
        title: stands above all.
        row_names: stand to the left of the rows.
        scale: is drawn below, as a bar with its ends' numbers.
        key: names and colors, written below.
    """
    columns = min(columns, len(panels))
    left = max((text_width(name) + GAP for name in row_names), default=0.0)
    pixels = max(panel.layers[0].shape[1] for panel in panels)
    room = (SHEET_WIDTH - left + GAP) / columns - GAP
    width = min(room, _WIDEST, _WIDEST_PIXEL * pixels)
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    titles = [
        [wrapped(panel.title, width + GAP, caller=caller) for panel in row]
        for row in rows
    ]
    heads = [max(map(_height, row)) for row in titles]
    heights = [max(width * _aspect(panel) for panel in row) for row in rows]
    full = left + columns * (width + GAP) - GAP
    top = _height(title) + (GAP if title else 0.0)
    bottom = top + sum(heads) + sum(heights) + GAP * len(rows)
    sheet = Sheet(full, bottom + (LINE_HEIGHT if scale or key else -GAP))
    if title:
        sheet.text(title, full / 2, LINE_HEIGHT / 2)
    y = top
    for i, row in enumerate(rows):
        y += heads[i]
        for k, panel in enumerate(row):
            x = left + k * (width + GAP)
            color = COLORS["red"] if panel.marked else "black"
            first = y - _height(titles[i][k]) + LINE_HEIGHT / 2 - 1
            sheet.text(titles[i][k], x + width / 2, first, color=color)
            _draw_panel(sheet, panel, x, y, width)
        if row_names:
            sheet.text(row_names[i], left - GAP, y + heights[i] / 2, ha="right")
        y += heights[i] + GAP
    if scale:
        _draw_scale(sheet, scale, full / 2, bottom + LINE_HEIGHT / 2)
    if key:
        _draw_key(sheet, key, full / 2, bottom + LINE_HEIGHT / 2)
    return sheet.figure


def _draw_panel(sheet: Sheet, panel: Panel, x: float, y: float, width: float) -> None:
    height = width * _aspect(panel)
    for layer in panel.layers:
        sheet.picture(layer, x, y, width, height)
    if panel.marked:
        sheet.box(x, y, width, height, edgecolor=COLORS["red"], linewidth=2)
    elif panel.framed:
        sheet.box(x, y, width, height, edgecolor=COLORS["gray"], linewidth=0.5)


def _draw_scale(sheet: Sheet, scale: Scale, x: float, y: float) -> None:
    width, height = _BAR
    values = np.linspace(scale.low, scale.high, 64)[None]
    sheet.picture(scale.colors(values), x - width / 2, y - height / 2, width, height)
    sheet.box(
        x - width / 2,
        y - height / 2,
        width,
        height,
        edgecolor=COLORS["gray"],
        linewidth=0.5,
    )
    for value, side in [(scale.low, -1), (scale.high, 1)]:
        sheet.text(
            format_value(np.asarray(value), digits=2),
            x + side * (width / 2 + GAP),
            y,
            ha="right" if side < 0 else "left",
        )


def _draw_key(sheet: Sheet, key: Sequence[tuple[str, str]], x: float, y: float) -> None:
    swatch = 10.0
    widths = [swatch + GAP + text_width(name) for name, _ in key]
    x -= (sum(widths) + 3 * GAP * (len(key) - 1)) / 2
    for (name, color), width in zip(key, widths, strict=True):
        sheet.box(x, y - swatch / 2, swatch, swatch, facecolor=color, edgecolor="none")
        sheet.text(name, x + swatch + GAP, y, ha="left")
        x += width + 3 * GAP


def _aspect(panel: Panel) -> float:
    rows, columns = panel.layers[0].shape[:2]
    return rows / columns


def _height(text: str) -> float:
    return LINE_HEIGHT * (text.count("\n") + 1) if text else 0.0
