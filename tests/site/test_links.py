"""Where the site's own links lead: to a page, to a place on it, to a file."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.site.visiting import ROOT, pages


class _Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids.update(values[key] for key in ("id", "name") if key in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        for key in ("src", "href"):
            if tag in {"script", "img", "link"} and values.get("rel") != "canonical":
                self.files.append(values.get(key, ""))


@pytest.mark.parametrize("path", pages())
def test_internal_links_and_anchors_resolve(site: Path, path: str) -> None:
    page = _Page(site / path)
    broken = []
    for link in page.links:
        target, anchor = urldefrag(unquote(link))
        if "://" in target or target.startswith(("mailto:", "javascript:")):
            continue
        file = site / path if not target else (site / path).parent / target
        file = file / "index.html" if file.is_dir() else file
        known = _Page(file).ids if file.suffix == ".html" and file.is_file() else set()
        if not file.is_file() or (known and anchor and anchor not in known):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", pages())
def test_nothing_is_loaded_from_another_host(site: Path, path: str) -> None:
    assert [file for file in _Page(site / path).files if "//" in file] == []


def test_assignments_and_wheel_lie_at_their_addresses(site: Path) -> None:
    notebooks = sorted((ROOT / "assignments").glob("*/*.ipynb"))
    assert notebooks
    for notebook in notebooks:
        published = site / notebook.relative_to(ROOT)
        assert published.read_bytes() == notebook.read_bytes()
        assert "BEGIN HIDDEN TESTS" not in json.dumps(published.read_text("utf-8"))
    assert len(list((site / "wheel").glob("backprop_to_backbones-*.whl"))) == 1
