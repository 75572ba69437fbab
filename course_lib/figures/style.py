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
import re
import sys
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.text import Text

# Mid-tones: 3:1 or better against white and against the dark page's #14181e. The page
# replaces them by darker and lighter ones, see figures.css.
COLORS: Mapping[str, str] = MappingProxyType(
    {
        "blue": "#2a7fc4",
        "orange": "#d0661b",
        "green": "#2f8f5b",
        "purple": "#9563c2",
        "red": "#d4504f",
        "gray": "#7f858c",
    }
)
_LINE_STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)))

# In pixels: what a phone of 360 px leaves a figure, the least text it may show there,
# and what text must have for a wide drawing to be preferred to a narrow one.
_PHONE_WIDTH = 328
_SMALLEST_TEXT = 8
_EASY_TEXT = 10

_FONT = "var(--pst-font-family-base, var(--jp-content-font-family, sans-serif))"
_PAPER = "var(--pst-color-background, var(--jp-layout-color0, #ffffff))"


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
            + cycler(linestyle=_LINE_STYLES),
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


def inline_svg(svg: str, alt: str, *, class_name: str = "figure-any") -> str:
    """Make matplotlib's SVG file a part of a page that shares its ink, font and ids.

    Args:
        svg: the file's text, drawn with `svg.fonttype: none`.
        alt: becomes the picture's accessible name.
        class_name: the class of the <svg> element.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    # matplotlib's style element would apply to the whole page.
    body = re.sub(r"<style[^>]*>.*?</style>", "", body, flags=re.S)
    body = re.sub(r"\s*<defs>\s*</defs>", "", body)

    # Ids that nothing refers to only repeat from figure to figure; those of clips and
    # markers carry a mark of the picture.
    mark = hashlib.sha256((alt + class_name + body).encode()).hexdigest()[:8]
    used = set(re.findall(r"(?:url\(#|href=\"#)([\w.:-]+)", body))
    body = re.sub(
        r' id="([^"]*)"',
        lambda m: f' id="{m[1]}-{mark}"' if m[1] in used else "",
        body,
    )
    body = re.sub(r"(url\(#|href=\"#)([\w.:-]+)", rf"\1\2-{mark}", body)

    # Plain text only: mathtext's <tspan>s are placed glyph by glyph in their own font.
    body = re.sub(r"(<text [^>]*?font-family: )[^;\"]+", rf"\1{_FONT}", body)
    body = body.replace("#000000", "currentColor").replace("#ffffff", _PAPER)
    for name, color in COLORS.items():
        body = body.replace(color, f"var(--figure-{name}, {color})")

    width, height = _view_box(body)
    opening = (
        f'<svg class="{class_name}" role="img" aria-label="{escape(alt)}" '
        'xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:g}" fill="currentColor" '
        f'style="width:{width * 4 / 3:.0f}px;max-width:100%;height:auto;'
        'stroke-linejoin:round;stroke-linecap:butt">'
    )
    return opening + body[body.index(">") + 1 :].strip()


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


def _view_box(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("show: the SVG has no viewBox that starts at 0 0")
    return float(found[1]), float(found[2])


def _width_per_text(figure: Figure, svg: str) -> float:
    """How many times as wide as its smallest text is high the figure is."""
    sizes = [
        float(text.get_fontsize())
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    return _view_box(svg)[0] / min(sizes) if sizes else 0.0


def _check_phone(figure: Figure, svg: str) -> None:
    width = _view_box(svg)[0]
    if _SMALLEST_TEXT * _width_per_text(figure, svg) > _PHONE_WIDTH:
        raise ValueError(
            f"show: the figure is {width / 72:.1f} in wide, its smallest text falls "
            f"below {_SMALLEST_TEXT} px on a phone; expected text of "
            f"{_SMALLEST_TEXT * width / _PHONE_WIDTH:.1f} pt or more. Is the figure "
            "too wide, or does it need a second drawing (narrow=)?"
        )
