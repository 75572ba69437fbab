"""Lines, boxes and texts of a graph's drawing, whose flow runs to the right or down."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_layout import Box

# All lengths are in points.
TEXT_SIZE = 11.0
LINE_HEIGHT = 14.0
GAP = 4.0
ARROW = 7.0
MARGIN = 1.5  # so that no line is cut in half


class Pen:
    """Draws in (u, v): u along the flow, which runs to the right or down."""

    def __init__(self, length: float, breadth: float, down: bool) -> None:
        self.down = down
        width, height = (breadth, length) if down else (length, breadth)
        self.width = width + 2 * MARGIN
        self.figure = Figure(figsize=(self.width / 72, (height + 2 * MARGIN) / 72))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(-MARGIN, width + MARGIN), ylim=(height + MARGIN, -MARGIN))
        self.axes.set_axis_off()

    def xy(self, u: float, v: float) -> tuple[float, float]:
        """The point u along the graph and v across it, in the figure's axes."""
        return (v, u) if self.down else (u, v)

    def box(
        self, box: Box, width: float, height: float, *, rounding: float, line: float = 1
    ) -> None:
        """The outline of a node, of a size on the page."""
        x, y = self.xy(box.u, box.v)
        self.axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={rounding}"
                if rounding
                else "square,pad=0",
                facecolor="none",
                edgecolor="black",
                linewidth=line,
            )
        )

    def text(
        self,
        text: str,
        u: float,
        v: float,
        *,
        side: int = 0,
        color: str = "black",
        slanted: bool = False,
    ) -> None:
        """Text centered at (u, v), or on a side of it: −1 before, 1 after."""
        if not text:
            return
        x, y = self.xy(u, v)
        if side and self.down:
            x += side * (text_width(text) / 2 + GAP)
        elif side:
            y += side * (text_height(text) / 2 + GAP / 2)
        lines = text.split("\n")
        for k, line in enumerate(lines):
            self.axes.text(
                x,
                y + (k - (len(lines) - 1) / 2) * LINE_HEIGHT,
                line,
                size=TEXT_SIZE,
                color=color,
                style="italic" if slanted else "normal",
                ha="center",
                va="center_baseline",
            )

    def edge(self, points: list[tuple[float, float]]) -> None:
        """A line through the points, curved where it changes its v, with an arrow."""
        vertices, codes = [points[0]], [Path.MOVETO]
        for (u0, v0), (u1, v1) in pairwise(points):
            middle = (u0 + u1) / 2
            vertices += [(middle, v0), (middle, v1), (u1, v1)]
            codes += [Path.CURVE4] * 3
        u, v = points[-1]
        tip = [(u, v), (u - ARROW, v - ARROW / 2.4), (u - ARROW, v + ARROW / 2.4)]
        vertices[-1] = (u - ARROW / 2, v)
        line = Path([self.xy(*vertex) for vertex in vertices], codes)
        self.axes.add_patch(PathPatch(line, facecolor="none", edgecolor="black"))
        self.axes.add_patch(
            Polygon([self.xy(*p) for p in tip], facecolor="black", edgecolor="none")
        )

    def share(self, text: str, points: list[tuple[float, float]], side: int) -> None:
        """Text in front of an arrowhead, clear of the curve that leads to it."""
        (u0, v0), (u1, v1), (stop, _) = points[-3:]
        along = LINE_HEIGHT if self.down else text_width(text)
        end = stop - ARROW
        t = np.linspace(0, 1, 60)
        u = u0 + (u1 - u0) * (1.5 * t * (1 - t) + t**3)
        v = v0 + (v1 - v0) * (3 * t**2 - 2 * t**3)
        near = v[u >= end - along]
        edge = float(side * np.max(side * np.append(near, v1)))
        self.text(
            text,
            end - along / 2,
            edge,
            side=side,
            color=COLORS["orange"],
            slanted=True,
        )


def inset(size: tuple[float, float], port: float) -> float:
    """From the middle of a box with round ends to its border, off its axis."""
    half, radius = size[0] / 2, min(size) / 2
    beyond = max(0.0, abs(port) - (size[1] / 2 - radius))
    return half - radius + float(np.sqrt(radius**2 - beyond**2))


@lru_cache(maxsize=1024)
def _line_width(line: str) -> float:
    font = FontProperties(size=TEXT_SIZE)
    return float(TextToPath().get_text_width_height_descent(line, font, False)[0])


def text_width(text: str) -> float:
    """The length of the longest line, in the font that matplotlib would use."""
    return max((_line_width(line) for line in text.split("\n") if line), default=0.0)


def text_height(text: str) -> float:
    """The height of all lines; 0 for no text."""
    return LINE_HEIGHT * (text.count("\n") + 1) if text else 0.0
