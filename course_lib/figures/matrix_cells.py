"""A matrix as cells with numbers, on the color of their size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_labels import format_value
from course_lib.figures.graph_pen import LINE_HEIGHT, text_width
from course_lib.figures.palettes import NEGATIVE, POSITIVE, wash
from course_lib.figures.sheet import Sheet
from course_lib.types import Array

GAP = 6.0
_ROW = 20.0  # a cell's height, in points
_SHADE = 0.55  # how much of the largest entry's cell its color covers
# An entry that is so small a share of the largest is what rounding left of a zero.
ROUNDING = 1e-10


class Cells:
    """A matrix with its texts and measures, before it has a place."""

    def __init__(
        self,
        name: str,
        entries: Array,
        digits: int,
        row_names: Sequence[str],
        column_names: Sequence[str],
        marked: Array,
    ) -> None:
        self.name, self.entries, self.marked = name, entries, marked
        finite = abs(entries[np.isfinite(entries)])
        self.largest = float(finite.max(initial=0.0))
        self.texts = [[self._text(x, digits) for x in row] for row in entries]
        self.row_names, self.column_names = row_names, column_names
        widest = max(text_width(text) for row in self.texts for text in row)
        heads = max(map(text_width, column_names), default=0.0)
        self.cell = max(widest + 8, heads + 6, _ROW)
        self.left = max((text_width(n) + GAP for n in row_names), default=0.0)
        self.top = LINE_HEIGHT * (bool(name) + bool(len(column_names)))
        rows, columns = entries.shape
        self.width = max(self.left + columns * self.cell, text_width(name))
        self.height = self.top + rows * _ROW

    def _text(self, entry: Array, digits: int) -> str:
        if 0 < abs(entry) < ROUNDING * self.largest:
            return "≈0"
        return format_value(entry, digits=digits)

    def draw(self, sheet: Sheet, x: float, y: float, limit: float) -> None:
        """Draw it with its upper left corner at (x, y)."""
        rows, columns = self.entries.shape
        middle = x + self.left + columns * self.cell / 2
        if self.name:
            sheet.text(self.name, middle, y + LINE_HEIGHT / 2 - 2)
        for j, name in enumerate(self.column_names):
            at = x + self.left + (j + 0.5) * self.cell
            sheet.text(name, at, y + self.top - LINE_HEIGHT / 2 - 2)
        for i, name in enumerate(self.row_names):
            at = y + self.top + (i + 0.5) * _ROW
            sheet.text(name, x + self.left - GAP, at, ha="right")
        for i in range(rows):
            for j in range(columns):
                self._draw_cell(sheet, x, y, i, j, limit)
        sheet.box(
            x + self.left,
            y + self.top,
            columns * self.cell,
            rows * _ROW,
            edgecolor=COLORS["gray"],
            linewidth=0.5,
        )
        for i, j in zip(*np.nonzero(self.marked), strict=True):
            self._draw_frame(sheet, x + self.left, y + self.top, i, j)

    def _draw_cell(
        self, sheet: Sheet, x: float, y: float, i: int, j: int, limit: float
    ) -> None:
        entry, text = float(self.entries[i, j]), self.texts[i][j]
        left, top = x + self.left + j * self.cell, y + self.top + i * _ROW
        zero = text in ("0", "≈0")
        if limit and np.isfinite(entry) and not zero:
            color = wash(
                POSITIVE if entry > 0 else NEGATIVE, _SHADE * abs(entry) / limit
            )
            sheet.box(left, top, self.cell, _ROW, facecolor=color, edgecolor="none")
        ink = COLORS["gray"] if zero else "black"
        sheet.text(text, left + self.cell / 2, top + _ROW / 2, color=ink)

    def _draw_frame(self, sheet: Sheet, x: float, y: float, i: int, j: int) -> None:
        """Draw those sides of a marked entry's cell that no other marked one shares."""
        padded = np.pad(self.marked, 1)
        left, right = x + j * self.cell, x + (j + 1) * self.cell
        top, bottom = y + i * _ROW, y + (i + 1) * _ROW
        sides = [
            ((i, j + 1), [(left, top), (right, top)]),
            ((i + 2, j + 1), [(left, bottom), (right, bottom)]),
            ((i + 1, j), [(left, top), (left, bottom)]),
            ((i + 1, j + 2), [(right, top), (right, bottom)]),
        ]
        for neighbor, side in sides:
            if not padded[neighbor]:
                sheet.line(side, linewidth=1.5, solid_capstyle="projecting")
