"""A sheet of a size in points, y downwards, for pictures, texts, lines and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon, Rectangle

from course_lib.figures.graph_pen import LINE_HEIGHT, MARGIN, TEXT_SIZE, text_width
from course_lib.types import Array

# In points: at this width text of 11 pt has 9 px on a phone.
SHEET_WIDTH = 400.0


class Sheet:
    """What is placed by its position on the page instead of on axes.

    Attributes:
        figure: for `show`.
    """

    def __init__(self, width: float, height: float) -> None:
        size = (width + 2 * MARGIN) / 72, (height + 2 * MARGIN) / 72
        self.figure = Figure(figsize=size)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(-MARGIN, width + MARGIN), ylim=(height + MARGIN, -MARGIN))
        self.axes.set_axis_off()

    def picture(
        self, colors: Array, x: float, y: float, width: float, height: float
    ) -> None:
        """Stretch an RGBA picture over a box whose upper left corner is (x, y)."""
        image = AxesImage(
            self.axes, extent=(x, x + width, y + height, y), interpolation="none"
        )
        image.set_data(colors)
        self.axes.add_image(image)

    def text(self, text: str, x: float, y: float, **settings: Any) -> None:
        """Lines of text, the middle of the first at y; centered unless `ha` says so."""
        settings = {"ha": "center", "color": "black", "size": TEXT_SIZE, **settings}
        for k, line in enumerate(text.split("\n")):
            self.axes.text(
                x, y + k * LINE_HEIGHT, line, va="center_baseline", **settings
            )

    def box(
        self, x: float, y: float, width: float, height: float, **settings: Any
    ) -> None:
        """A rectangle; by default a black outline of 1 pt."""
        settings = {"facecolor": "none", "edgecolor": "black", **settings}
        self.axes.add_patch(Rectangle((x, y), width, height, **settings))

    def area(self, points: Sequence[Any], **settings: Any) -> None:
        """A closed polygon."""
        self.axes.add_patch(Polygon(points, **settings))

    def line(self, points: Sequence[tuple[float, float]], **settings: Any) -> None:
        """A line through points; by default black and thin."""
        settings = {"color": "black", "linewidth": 1, "linestyle": "-", **settings}
        self.axes.plot(*zip(*points, strict=True), **settings)


def wrapped(text: str, width: float, *, caller: str) -> str:
    """The text in lines that are no wider than `width`, broken at its spaces.

    Raises:
        ValueError: a word is wider.
    """
    lines: list[str] = []
    for given in text.split("\n"):
        line = ""
        for word in given.split(" "):
            if text_width(word) > width:
                raise ValueError(
                    f"{caller}: {word!r} needs {text_width(word):.0f} pt and has "
                    f"{width:.0f}. A shorter name, or fewer columns?"
                )
            longer = f"{line} {word}".strip()
            if line and text_width(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)
