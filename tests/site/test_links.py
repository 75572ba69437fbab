"""Where the site's own links lead: to a page, to a place on it, to a file."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.site.visiting import ROOT, pages

ADDRESS = "https://backprop-to-backbones.github.io/course/"
ASSIGNMENTS = sorted(folder.name for folder in (ROOT / "assignments").iterdir())


class _Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.ids: Counter[str] = Counter()
        self.names: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    @property
    def anchors(self) -> set[str]:
        return self.names | set(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids[values["id"]] += 1
        if "name" in values:
            self.names.add(values["name"])
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
        if not _is_there(file, anchor):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", pages())
def test_an_id_is_given_once(site: Path, path: str) -> None:
    assert {x: n for x, n in _Page(site / path).ids.items() if n > 1} == {}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_links_from_assignments_lead_into_the_book(site: Path, name: str) -> None:
    notebook = (ROOT / "assignments" / name / f"{name}.ipynb").read_text("utf-8")
    links = re.findall(re.escape(ADDRESS) + r"([^)\s\\]+)", notebook)
    assert len(links) > 1
    for link in links:
        target, anchor = urldefrag(link)
        assert _is_there(site / target, anchor), link


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


def _is_there(file: Path, anchor: str) -> bool:
    """Whether there is such a file and, if it is a page, such a place on it."""
    if not file.is_file():
        return False
    return not anchor or file.suffix != ".html" or anchor in _Page(file).anchors
