"""An array of shape (N, C, H, W) as a block, to show which entries belong together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_pen import LINE_HEIGHT, text_width
from course_lib.figures.palettes import wash
from course_lib.figures.sheet import SHEET_WIDTH, Sheet
from course_lib.figures.style import Picture, show
from course_lib.types import Array

GAP = 18.0
# A step along each axis, in cells of the page: C to the right and back, N to the left
# and back, H·W down.
ALONG_C, ALONG_N, DOWN = (0.87, -0.4), (-0.87, -0.4), (0.0, 0.8)
MOST = 3  # side by side; four stand in two rows


def draw_boxes(
    groups: Mapping[str, ArrayLike], alt: str, *, title: str = ""
) -> Picture:
    """Draw blocks of N samples, C channels and H·W positions, with some entries blue.

    The figure of Wu and He (2018), Group Normalization, figure 2: blue are the entries
    that share a mean and a variance. Of a block three faces are seen: the top (the
    first position), the first sample, and the first channel.

    Args:
        groups: names, and booleans of shape (N, C, H, W): which entries are blue.
        alt: what is seen, in words.
        title: stands above.

    Raises:
        ValueError: a shape is another, or there are too many entries to be seen.
    """
    masks = {name: _mask(given, name) for name, given in groups.items()}
    if not masks or len({mask.shape for mask in masks.values()}) > 1:
        shapes = {name: mask.shape for name, mask in masks.items()}
        raise ValueError(
            f"draw_boxes: groups have shapes (N, C, H·W) {shapes}, expected one or "
            "more, all equal"
        )
    n, c, depth = next(iter(masks.values())).shape
    columns = 2 if len(masks) in (2, 4) else min(len(masks), MOST)
    cell = min((SHEET_WIDTH / columns - 2 * GAP) / (0.87 * (n + c)), 22.0)
    width = cell * 0.87 * (n + c)
    height = cell * (0.4 * (n + c) + 0.8 * depth) + 2 * LINE_HEIGHT
    rows = -(-len(masks) // columns)
    top = LINE_HEIGHT * bool(title)
    spacing = max(width + GAP, *map(text_width, masks)) + GAP
    sheet = Sheet(columns * spacing, top + rows * height)
    if title:
        sheet.text(title, columns * spacing / 2, LINE_HEIGHT / 2)
    for k, (name, mask) in enumerate(masks.items()):
        x = (k % columns + 0.5) * spacing
        y = top + k // columns * height
        sheet.text(name, x, y + LINE_HEIGHT / 2)
        front = x + (n - c) * 0.435 * cell, y + LINE_HEIGHT * 1.3 + 0.4 * cell * (n + c)
        _draw_block(sheet, mask, front, cell)
    return show(sheet.figure, alt)


def _draw_block(
    sheet: Sheet, mask: Array, front: tuple[float, float], cell: float
) -> None:
    """Draw a block whose upper corner nearest to the eye is at `front`."""
    n, c, depth = mask.shape
    faces = [
        (mask[:, :, 0], ALONG_N, ALONG_C),
        (mask[0].T, DOWN, ALONG_C),
        (mask[:, 0].T, DOWN, ALONG_N),
    ]
    corner = np.array(front)
    for face, first, second in faces:
        u, v = cell * np.array(first), cell * np.array(second)
        for i, j in np.ndindex(face.shape):
            start = corner + i * u + j * v
            sheet.area(
                [start, start + u, start + u + v, start + v],
                facecolor=wash("blue", 0.55) if face[i, j] else "none",
                edgecolor=COLORS["gray"],
                linewidth=0.6,
            )
    right = corner + cell * (c / 2 * np.array(ALONG_C) + depth * np.array(DOWN))
    left = corner + cell * (n / 2 * np.array(ALONG_N) + depth * np.array(DOWN))
    side = corner + cell * (c * np.array(ALONG_C) + depth / 2 * np.array(DOWN))
    sheet.text("C", right[0] + 5, right[1] + 9)
    sheet.text("N", left[0] - 5, left[1] + 9)
    sheet.text("H·W", side[0] + 4, side[1], ha="left")


def _mask(given: ArrayLike, name: str) -> Array:
    mask = np.asarray(given)
    if mask.ndim != 4 or mask.dtype != bool or mask.size == 0:
        raise ValueError(
            f"draw_boxes: {name!r} has shape {mask.shape} and type {mask.dtype}, "
            "expected booleans of shape (N, C, H, W)"
        )
    mask = mask.reshape(*mask.shape[:2], -1)
    if max(mask.shape) > 12:
        raise ValueError(
            f"draw_boxes: {name!r} has N, C and H·W {mask.shape}, expected at most 12 "
            "each, which can still be seen"
        )
    return mask
