"""Small matrices with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.graph_pen import LINE_HEIGHT, text_width
from course_lib.figures.matrix_cells import GAP, Cells
from course_lib.figures.sheet import SHEET_WIDTH, Sheet
from course_lib.figures.style import Picture, show
from course_lib.types import Array


def draw_matrices(
    matrices: ArrayLike | Mapping[str, ArrayLike],
    alt: str,
    *,
    signs: Sequence[str] = (),
    marked: Mapping[str, ArrayLike] | ArrayLike | None = None,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
    digits: int = 2,
    shared: bool = True,
    title: str = "",
) -> Picture:
    """Draw matrices side by side, each entry a number on the color of its size.

    Positive entries are orange and negative ones blue. Zeros are gray; ≈0 is written
    where rounding has left less than 1e-10 of the largest entry.

    Args:
        matrices: a matrix; or names and matrices. A vector is a column.
        alt: what is found, in words.
        signs: stand between the matrices, such as ("·", "=") of a product.
        marked: which entries are framed: for a matrix an array of booleans of its
            shape; for several, names and such arrays.
        row_names, column_names: of every matrix; or of those that they fit in number.
        digits: significant digits.
        shared: one scale of colors for all matrices; otherwise each has its own.
        title: stands above.

    Raises:
        ValueError: a shape is another, or a matrix is too wide for a phone.
    """
    named = matrices if isinstance(matrices, Mapping) else {"": matrices}
    marks = marked if isinstance(marked, Mapping) else {"": marked}
    parts = []
    for name, given in named.items():
        entries = _entries(given, name)
        mark = marks.get(name)
        chosen = np.zeros(entries.shape, bool) if mark is None else np.asarray(mark)
        if chosen.size != entries.size or chosen.dtype != bool:
            raise ValueError(
                f"draw_matrices: marks of {name!r} have shape {chosen.shape} and type "
                f"{chosen.dtype}, expected booleans of shape {entries.shape}"
            )
        rows = row_names if len(row_names) == len(entries) else ()
        columns = column_names if len(column_names) == entries.shape[1] else ()
        chosen = chosen.reshape(entries.shape)
        parts.append(Cells(name, entries, digits, rows, columns, chosen))
    for names, axis in [(row_names, 0), (column_names, 1)]:
        counts = [part.entries.shape[axis] for part in parts]
        if names and len(names) not in counts:
            raise ValueError(
                f"draw_matrices: {len(names)} names for {counts} "
                f"{'columns' if axis else 'rows'}"
            )
    if not parts or len(signs) not in (0, len(parts) - 1):
        raise ValueError(
            f"draw_matrices: {len(signs)} signs for {len(parts)} matrices, expected "
            "one between each two"
        )
    limit = max(part.largest for part in parts) if shared else None
    return show(_arranged(parts, signs, limit, title).figure, alt)


def draw_confusion(
    counts: ArrayLike,
    names: Sequence[str],
    alt: str,
    *,
    title: str = "rows: true class, columns: predicted class",
) -> Picture:
    """Draw a confusion matrix, whose diagonal is framed.

    Args:
        counts: what `confusion_matrix` returned, of shape (classes, classes).
        names: of the classes; short ones, since they also stand above the columns.
        alt: what is found, in words.
        title: stands above.
    """
    counts = np.asarray(counts)
    if counts.shape != (len(names), len(names)):
        raise ValueError(
            f"draw_confusion: counts of shape {counts.shape} and {len(names)} names, "
            "expected (classes, classes) and one name for each class"
        )
    right = np.eye(len(names), dtype=bool)
    return draw_matrices(
        counts,
        alt,
        marked=right,
        row_names=names,
        column_names=names,
        digits=6,
        title=title,
    )


def _arranged(
    parts: Sequence[Cells], signs: Sequence[str], limit: float | None, title: str
) -> Sheet:
    """Parts from left to right, in as many lines as it takes, each line centered."""
    lines: list[list[tuple[Cells, str]]] = [[]]
    used = 0.0
    for part, sign in zip(parts, ["", *signs, *[""] * len(parts)], strict=False):
        if part.width > SHEET_WIDTH:
            raise ValueError(
                f"draw_matrices: {part.name!r} of shape {part.entries.shape} needs "
                f"{part.width:.0f} pt and has {SHEET_WIDTH:.0f}. Fewer digits, a part "
                "of it, or draw_images(…, limits=None)?"
            )
        needed = part.width + text_width(sign) + 2 * GAP
        if lines[-1] and used + needed > SHEET_WIDTH:
            lines.append([])
            used = 0.0
        lines[-1].append((part, sign))
        used += needed
    widths = [
        sum(part.width + _room(sign, k) for k, (part, sign) in enumerate(line))
        for line in lines
    ]
    heights = [max(part.height for part, _ in line) for line in lines]
    top = LINE_HEIGHT + GAP if title else 0.0
    sheet = Sheet(max(widths), top + sum(heights) + 2 * GAP * (len(lines) - 1))
    if title:
        sheet.text(title, max(widths) / 2, LINE_HEIGHT / 2)
    y = top
    for line, width, height in zip(lines, widths, heights, strict=True):
        x = (max(widths) - width) / 2
        for k, (part, sign) in enumerate(line):
            sheet.text(sign, x + _room(sign, k) / 2, y + height / 2)
            x += _room(sign, k)
            part.draw(sheet, x, y + (height - part.height) / 2, limit or part.largest)
            x += part.width
        y += height + 2 * GAP
    return sheet


def _room(sign: str, place: int) -> float:
    """Between a matrix and the one before; none at a line's start, but for a sign."""
    return text_width(sign) + 2 * GAP if sign or place else 0.0


def _entries(given: ArrayLike, name: str) -> Array:
    entries = np.asarray(given)
    if entries.ndim == 1:
        entries = entries[:, None]
    if entries.ndim != 2 or entries.size == 0:
        raise ValueError(
            f"draw_matrices: {name!r} has shape {np.shape(given)}, expected (rows, "
            "columns) or (rows,)"
        )
    return entries
