"""matplotlib's SVG files, made a part of the page that they stand in."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from html import escape

from course_lib.figures.colors import COLORS

_FONT = "var(--pst-font-family-base, var(--jp-content-font-family, sans-serif))"
_PAPER = "var(--pst-color-background, var(--jp-layout-color0, #ffffff))"
# Pixels of so many points are shown as squares; those of a photograph are smoothed.
_SQUARE = 1.5
_PIXELATED = ' style="image-rendering:crisp-edges;image-rendering:pixelated"'


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

    body = re.sub(r"<image [^>]*>", _smoothed, body)
    body = _shared_images(body)

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

    # A hundredth of a point is finer than any screen.
    body = re.sub(r' d="[^"]*"', lambda m: re.sub(r"(\.\d\d)\d+", r"\1", m[0]), body)

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


def _shared_images(body: str) -> str:
    """The SVG with a picture that stands in it several times embedded once."""
    element = re.compile(
        r'<image (xlink:href="[^"]*") id="([^"]*)" ([^/]*?) ?'
        r'(transform="[^"]*")([^/]*)/>'
    )
    count = Counter(found[2] for found in element.finditer(body))
    defined = set()

    def use(found: re.Match[str]) -> str:
        data, name, size, place, style = found.groups()
        if count[name] == 1:
            return found[0]
        once = f'<defs><image id="{name}" {data} {size}{style}/></defs>'
        picture = "" if name in defined else once
        defined.add(name)
        return f'{picture}<use xlink:href="#{name}" {place}/>'

    return element.sub(use, body)


def _smoothed(image: re.Match[str]) -> str:
    """An <image> that, if it is fine, has lost the order to show pixels as squares."""
    scale = re.search(r"matrix\(([\d.]+)", image[0])
    if scale is None or float(scale[1]) >= _SQUARE:
        return image[0]
    return image[0].replace(_PIXELATED, "")


def view_box(svg: str) -> tuple[float, float]:
    """The width and height of an SVG, in its own units."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("show: the SVG has no viewBox that starts at 0 0")
    return float(found[1]), float(found[2])
