"""One look for every figure: on white and on black, on paper and on a phone.

A chapter draws with matplotlib and ends the cell with `show`:

    ```{code-cell} ipython3
    ---
    mystnb:
      figure:
        name: fig-descent
        caption: The loss over 100 steps. Read the slope, not the height.
    ---
    figure, axes = subplots()
    axes.plot(steps, losses, color=COLORS["blue"])
    axes.set(xlabel="step", ylabel="loss")
    show(figure, "A falling curve: the loss halves every ten steps.")
    ```

`mystnb: figure:` wraps the cell's output in a figure with a caption; with `numfig` on,
Sphinx numbers it and {numref}`fig-descent` refers to it. The caption says what to look
at; the second argument of `show`, read aloud to who can't see it, says what is found.

The picture is an inline SVG. Its text is text in the page's font, black ink is the
page's own ink, the background is transparent, and each color of COLORS is a variable
that the page may set for its light and dark themes (`figures.css`). Outside HTML it is
a PNG. Write Greek letters as such (η, β₁): mathtext keeps matplotlib's own font. Tell
curves apart by line style or marker as well as color; `subplots` cycles through both.
"""

from __future__ import annotations

import hashlib
import io
import sys
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.text import Text

from course_lib.figures.colors import COLORS, LINE_STYLES
from course_lib.figures.inline_svg import inline_svg, view_box

# In pixels: what a phone of 360 px leaves a figure, the least text it may show there,
# and what text must have for a wide drawing to be preferred to a narrow one.
_PHONE_WIDTH = 328
_SMALLEST_TEXT = 8
_EASY_TEXT = 10


class Picture:
    """A finished figure, which notebooks and the book show as HTML or else as PNG.

    Attributes:
        html: the inline SVG.
        png: the bytes of a PNG on white.
        alt: the finding, in words.
    """

    def __init__(self, html: str, png: bytes, alt: str) -> None:
        self.html = html
        self.png = png
        self.alt = alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict:
        return {"text/html": self.html, "image/png": self.png, "text/plain": self.alt}


def subplots(
    rows: int = 1,
    columns: int = 1,
    *,
    size: tuple[float, float] = (6.0, 3.2),
    **settings: Any,
) -> tuple[Figure, Any]:
    """A figure in the course's style, and its axes. Calls `use_style`.

    Args:
        rows, columns: the grid of axes.
        size: width and height in inches. The wider, the larger the text must be: `show`
            refuses text that would fall below 8 px on a phone.
        settings: passed on to matplotlib's `Figure.subplots`, such as `sharey=True`.

    Returns:
        The figure, and its axes or an array of axes.
    """
    use_style()
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, **settings)


def use_style() -> None:
    """Make the course's look matplotlib's default for the rest of the session."""
    matplotlib.rcParams.update(
        {
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.labelsize": 11,
            "xtick.labelsize": 11,
            "ytick.labelsize": 11,
            "legend.fontsize": 11,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": True,
            "axes.prop_cycle": cycler(color=list(COLORS.values()))
            + cycler(linestyle=LINE_STYLES),
            "grid.color": COLORS["gray"],
            "grid.alpha": 0.35,
            "grid.linewidth": 0.6,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )


def show(figure: Figure, alt: str, *, narrow: Figure | None = None) -> Picture:
    """The figure as a Picture: inline SVG in a page, PNG elsewhere.

    Args:
        figure: a matplotlib figure, of `subplots` or of pyplot (which then forgets it,
            so that it is not shown twice).
        alt: what the figure shows, said to those who can't see it.
        narrow: another drawing of the same, shown instead where there is no room to
            read the text of `figure`.

    Raises:
        ValueError: `alt` is empty, or text is too small to be read on a phone.
    """
    if not alt.strip():
        raise ValueError("show: alt is empty. Say in a sentence what the figure shows.")
    svg = _svg(figure, salt=alt)
    if narrow is None:
        _check_phone(figure, svg)
        html = inline_svg(svg, alt)
    else:
        narrow_svg = _svg(narrow, salt=alt + "narrow")
        _check_phone(narrow, narrow_svg)
        html = _pair(
            inline_svg(svg, alt, class_name="figure-wide"),
            inline_svg(narrow_svg, alt, class_name="figure-narrow"),
            least_width=_EASY_TEXT * _width_per_text(figure, svg),
        )
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=144, bbox_inches="tight", facecolor="white")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
        if narrow is not None:
            sys.modules["matplotlib.pyplot"].close(narrow)
    return Picture(html, png.getvalue(), alt)


def _pair(wide: str, narrow: str, *, least_width: float) -> str:
    """Two drawings, of which the room at hand shows one."""
    name = "figure-" + hashlib.sha256((wide + narrow).encode()).hexdigest()[:8]
    return (
        f"<style>.{name} .figure-narrow{{display:none}}"
        f"@container(max-width:{least_width:.0f}px){{"
        f".{name} .figure-narrow{{display:block}}"
        f".{name} .figure-wide{{display:none}}}}</style>"
        f'<div class="{name}" style="container-type:inline-size">{wide}{narrow}</div>'
    )


def _svg(figure: Figure, salt: str) -> str:
    """The figure's SVG file, the same on every run."""
    file = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(
            file,
            format="svg",
            bbox_inches="tight",
            pad_inches=0.03,
            transparent=True,
            metadata={"Date": None},
        )
    return file.getvalue()


def _width_per_text(figure: Figure, svg: str) -> float:
    """How many times as wide as its smallest text is high the figure is."""
    sizes = [
        float(text.get_fontsize())
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    return view_box(svg)[0] / min(sizes) if sizes else 0.0


def _check_phone(figure: Figure, svg: str) -> None:
    width = view_box(svg)[0]
    if _SMALLEST_TEXT * _width_per_text(figure, svg) > _PHONE_WIDTH:
        raise ValueError(
            f"show: the figure is {width / 72:.1f} in wide, its smallest text falls "
            f"below {_SMALLEST_TEXT} px on a phone; expected text of "
            f"{_SMALLEST_TEXT * width / _PHONE_WIDTH:.1f} pt or more. Is the figure "
            "too wide, or does it need a second drawing (narrow=)?"
        )
