"""Names and roles that the theme and docutils get wrong, put right in the pages.

A screen reader announces a control by its label, and who speaks to the machine says
what stands on the button: a label that differs from the visible text helps neither.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

REPAIRS = {
    # The buttons' own text is their name.
    r'(<button class="btn search-button-field[^>]*) aria-label="Search"': r"\1",
    r'<summary aria-label="Toggle hidden content">': "<summary>",
    # The three icons of the theme switch are not part of its name.
    r'(<i class="theme-switch [^>]*) title="[^"]*"': r"\1",
    # The logo leads home, from within a landmark.
    r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")': (
        '<div class="sidebar-primary-item" role="navigation" aria-label="Home">'
    ),
    # sphinx-exercise gives all exercises of a page one id, and all solutions another.
    r'<section id="(?:exercise|solution)-content">': "<section>",
    # A list has items; `doc-biblioentry` is deprecated and is none.
    r'(<div class="citation"[^>]*) role="doc-biblioentry"': r'\1 role="listitem"',
}


def repaired(html: str) -> str:
    """The page with all repairs; a page that has them already does not change."""
    for pattern, replacement in REPAIRS.items():
        html = re.sub(pattern, replacement, html)
    return html


def repair_pages(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        before = page.read_text(encoding="utf-8")
        after = repaired(before)
        if after != before:
            page.write_text(after, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", repair_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
