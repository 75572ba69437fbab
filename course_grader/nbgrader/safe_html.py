"""A student's text and outputs as HTML that can do nothing but be read."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree

import bleach
import mistune
from bleach.css_sanitizer import CSSSanitizer

from course_grader.nbgrader.frames import plain

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt"),
    *("em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li"),
    *("ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td"),
    *("th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": ["href", "title"],
    "img": ["src", "alt", "title", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
    "ol": ["start"],
}
CODE = re.compile(
    r"(?:^|\n)(```|~~~).*?(?:\n\1[^\n]*|\Z)|(`+)(?!`).*?(?<!`)\2(?!`)", re.S
)
MATH = re.compile(
    r"\$\$(?P<display>.+?)\$\$"
    r"|\\\[(?P<bracket>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>(?:align|equation|gather)\*?)\}.+?"
    r"\\end\{(?P=name)\})"
    r"|(?<![\\$\w])\$(?!\s)(?P<inline>[^$\n]+?)(?<!\s)\$(?!\w)",
    re.S,
)
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}(.+)\\end\{\1\}", re.S)
ACCENT = re.compile(
    r"\\(hat|bar|tilde|vec|dot|overline|widehat|widetilde)\s*"
    r"(\{[^{}]*\}|\\[A-Za-z]+|\w)"
)
MATHML = "{http://www.w3.org/1998/Math/MathML}"
SHORT_FRACTION = re.compile(r"\\[td]?frac\s*(\d)\s*(\d)")
HEADING = re.compile(r"(</?h)([1-6])\b")
DEEPER = 3  # a student's headings stand below the page's own
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
LARGEST_PICTURE = 2_000_000  # characters of base64
LONGEST_TEXT = 20_000


def markdown(source: str) -> str:
    """Markdown with formulas, as HTML; formulas are MathML, which needs no script."""
    kept: list[str] = []
    mark = _unused_mark(source)

    def keep(rendered: str) -> str:
        kept.append(rendered)
        return f"{mark}{len(kept) - 1}{mark}"

    def formula(match: re.Match[str]) -> str:
        tex = next(
            match[name]
            for name in ("display", "bracket", "environment", "inline")
            if match[name]
        )
        return keep(_mathml(tex.strip(), block=match["inline"] is None))

    pieces, end = [], 0
    for code in CODE.finditer(source):
        pieces += [MATH.sub(formula, source[end : code.start()]), code.group()]
        end = code.end()
    pieces.append(MATH.sub(formula, source[end:]))
    safe = clean(_renderer()("".join(pieces)))
    return re.sub(
        f"{mark}(\\d+){mark}",
        lambda match: kept[int(match[1])] if int(match[1]) < len(kept) else "",
        safe,
    )


def clean(fragment: str) -> str:
    """HTML without script, style, frames, forms, or anything from elsewhere."""
    safe = bleach.clean(
        _without_scripts(fragment),
        tags=TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=[]),
        strip=True,
        strip_comments=True,
    )
    return HEADING.sub(lambda h: f"{h[1]}{min(int(h[2]) + DEEPER, 6)}", safe)


def output(node: Mapping[str, Any]) -> str:
    """A cell's output. Pictures are embedded, and a drawing is shown as a picture."""
    if node["output_type"] == "stream":
        return _text(node["text"])
    data = node.get("data", {})
    for kind in sorted(PICTURES):
        content = _joined(data.get(kind, "")).strip()
        if re.fullmatch(r"[A-Za-z0-9+/=\s]+", content):
            return _picture(kind, "".join(content.split()), data)
    if drawing := _joined(data.get("image/svg+xml", "")):
        encoded = base64.b64encode(drawing.encode()).decode()
        return _picture("image/svg+xml", encoded, data)
    if "text/html" in data:
        fragment = _joined(data["text/html"])
        if inline := re.fullmatch(r"\s*(<svg\b.*</svg>)\s*", fragment, re.S):
            encoded = base64.b64encode(inline[1].encode()).decode()
            return _picture("image/svg+xml", encoded, data)
        return clean(fragment)
    for kind in ("text/markdown", "text/latex"):
        if kind in data:
            return markdown(_joined(data[kind]))
    return _text(data.get("text/plain", ""))


def _allowed(tag: str, name: str, value: str) -> bool:
    if name not in ATTRIBUTES.get(tag, []):
        return False
    if (tag, name) == ("img", "src"):  # a picture from elsewhere would tell who reads
        return bool(re.match(r"data:image/(png|jpeg|gif|webp);base64,", value))
    return name != "href" or bool(re.match(r"(https?:|mailto:|#)", value.strip()))


def _without_scripts(fragment: str) -> str:
    """Scripts and styles go with their content, which bleach would leave as text."""
    return re.sub(r"<(script|style)\b.*?</\1\s*>", "", fragment, flags=re.S | re.I)


def _picture(kind: str, encoded: str, data: Mapping[str, Any]) -> str:
    if len(encoded) > LARGEST_PICTURE:
        return "<p>A picture that is too large to be shown here.</p>"
    alt = html.escape(plain(_joined(data.get("text/plain", "")))[:200] or "figure")
    return f'<img src="data:{kind};base64,{encoded}" alt="{alt}">'


def _text(text: str | list[str]) -> str:
    shown = plain(_joined(text))
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[:LONGEST_TEXT]}\n… cut off here"
    return f'<pre tabindex="0">{html.escape(shown)}</pre>' if shown.strip() else ""


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _mathml(tex: str, *, block: bool) -> str:
    """MathML by docutils where it is installed and knows the commands, else TeX."""
    try:
        from docutils.utils.math.latex2mathml import tex2mathml

        rendered = _pure_mathml(tex2mathml(_as_docutils_reads(tex), as_block=block))
    except Exception:  # docutils raises whatever it stumbles on
        rendered = f'<code class="tex">{html.escape(tex)}</code>'
    return (
        f'<span class="{"formula display" if block else "formula"}">{rendered}</span>'
    )


def _as_docutils_reads(tex: str) -> str:
    r"""Braces where docutils misreads TeX without: \hat m_t, \frac12, align."""
    tex = ENVIRONMENT.sub(r"\\begin{aligned}\2\\end{aligned}", tex)
    tex = ACCENT.sub(lambda m: rf"{{\{m[1]}{{{m[2].strip('{}')}}}}}", tex)
    return SHORT_FRACTION.sub(r"\\frac{\1}{\2}", tex)


def _pure_mathml(rendered: str) -> str:
    """The formula, once it is sure to hold nothing else: it is not cleaned like text.

    docutils sets the index of an accented letter below it, as a limit of a sum is; it
    is moved to the letter's side.
    """
    root = ElementTree.fromstring(rendered)
    for element in root.iter():
        name = element.tag.removeprefix(MATHML)
        if not re.fullmatch("m[a-z]+", name):
            raise ValueError(f"a formula may not contain <{name}>")
        if any(key.startswith("on") or "href" in key for key in element.attrib):
            raise ValueError(f"a formula may not contain {element.attrib}")
        if name == "munderover" and element[0].tag != f"{MATHML}mo":
            letter, index, accent = element
            accented = ElementTree.Element(f"{MATHML}mover")
            accented.extend([letter, accent])
            element.tag = f"{MATHML}msub"
            element[:] = [accented, index]
    ElementTree.register_namespace("", MATHML.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode")


def _unused_mark(source: str) -> str:
    """A word that the text does not contain, to stand for a formula in it."""
    mark = "formula"
    while mark in source:
        mark += "x"
    return mark


@cache
def _renderer() -> Any:
    return mistune.create_markdown(
        escape=False, plugins=["table", "strikethrough", "url"]
    )
