"""What every page of the site carries, and what it must not.

Nothing may come from another host, so sphinx-thebe's scripts go. A page that holds an
interactive figure, marked `<span data-figure="name" hidden></span>`, gets `figure.js`
and `name.js` from `book/static`. A page without a description of its own is described
by its first paragraph.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

FIGURE = re.compile(r'data-figure="(\w+)"')
DESCRIPTION_LENGTH = 200


def drop_thebe(context: dict[str, Any]) -> None:
    """Remove the scripts that would load a package from a CDN, and their style."""
    for kind in ("script_files", "css_files"):
        context[kind][:] = [
            file for file in context[kind] if "thebe" not in f"{file} {_body(file)}"
        ]


def drop_thebe_settings(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(nodes.raw)):
        if "thebe-config" in node.astext():
            node.parent.remove(node)


def add_figures(app: Sphinx, pagename: str, context: dict[str, Any]) -> None:
    """Load the scripts of the interactive figures that the page holds, in order."""
    names = list(dict.fromkeys(FIGURE.findall(context.get("body", ""))))
    for script in ["figure", *names] if names else []:
        if (Path(app.srcdir) / "static" / f"{script}.js").is_file():
            app.add_js_file(f"{script}.js", loading_method="defer")
        else:
            logger.warning(
                "an interactive figure needs book/static/%s.js, which is not there",
                script,
                location=pagename,
            )


def describe(context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give the page a description for search engines, if it has none."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None)
    if paragraph is None:
        return
    text = " ".join(paragraph.astext().split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + "…"
    context["metatags"] = (
        context.get("metatags", "")
        + f'<meta name="description" content="{escape(text, quote=True)}" />\n'
    )


def finish_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    drop_thebe(context)
    add_figures(app, pagename, context)
    describe(context, doctree)


def _body(file: Any) -> str:
    return str((getattr(file, "attributes", None) or {}).get("body") or "")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", drop_thebe_settings, priority=900)
    app.connect("html-page-context", finish_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
