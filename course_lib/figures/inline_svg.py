"""matplotlib's SVG files, made a part of the page that they stand in."""

from __future__ import annotations

import hashlib
import re
from html import escape

from course_lib.figures.colors import COLORS

_FONT = "var(--pst-font-family-base, var(--jp-content-font-family, sans-serif))"
_PAPER = "var(--pst-color-background, var(--jp-layout-color0, #ffffff))"


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

    width, height = view_box(body)
    opening = (
        f'<svg class="{class_name}" role="img" aria-label="{escape(alt)}" '
        'xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:g}" fill="currentColor" '
        f'style="width:{width * 4 / 3:.0f}px;max-width:100%;height:auto;'
        'stroke-linejoin:round;stroke-linecap:butt">'
    )
    return opening + body[body.index(">") + 1 :].strip()


def view_box(svg: str) -> tuple[float, float]:
    """The width and height of an SVG, in its own units."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("show: the SVG has no viewBox that starts at 0 0")
    return float(found[1]), float(found[2])
