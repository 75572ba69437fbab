"""README, CONTRIBUTING and their kind: links resolve, versions and citations agree."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_internal_link_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [
        link for link in links if "://" not in link and not (ROOT / link).exists()
    ]
    assert missing == []


def test_readme_opens_with_what_it_is_a_picture_and_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = readme.split("## ")[0]
    assert re.search(r"!\[.{20,}\]\(.+\)", opening)
    assert re.search(r"^make course\b.*\n^make test\b", opening, re.MULTILINE)
    reader, student, instructor = map(
        readme.index, ("### You read", "### You solve", "### You teach")
    )
    assert reader < student < instructor < readme.index("## The map")


def test_map_has_every_folder_with_code_or_text() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder in (
        *("course_lib", "book", "solutions", "assignments", "course_grader"),
        *("tests", "benchmarks", "tools"),
    ):
        assert f"[{folder}/]({folder})" in readme


def test_citation_is_valid_and_agrees_with_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert all(
        {"name"} <= author.keys() or {"family-names", "given-names"} <= author.keys()
        for author in citation["authors"]
    )
    assert citation["type"] in {"software", "dataset"}
    assert citation["version"] == PROJECT["version"]
    assert set(citation["license"]) == set(PROJECT["license"].split(" AND "))
    assert citation["url"] == PROJECT["urls"]["Book"]
    if "date-released" in citation:
        assert isinstance(citation["date-released"], date)


def test_version_is_the_same_wherever_it_is_written() -> None:
    version = PROJECT["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for name in ("README.md", "book/how_to_take_the_course.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        wheels = re.findall(r"backprop_to_backbones-([\d.]+)-py3-none-any\.whl", text)
        assert wheels
        assert set(wheels) == {version}


def test_licenses_cover_code_and_text() -> None:
    assert PROJECT["license-files"] == ["LICENSE", "LICENSE-text"]
    assert (ROOT / "LICENSE").read_text().startswith("BSD 3-Clause License")
    assert "CC BY 4.0" in (ROOT / "LICENSE-text").read_text()
    assert "Apache License" in (ROOT / "book/vendor/mathjax/LICENSE").read_text()


def test_notation_names_exist_in_the_library() -> None:
    """Each name in the notation's tables is one that a reader can look up."""
    text = (ROOT / "book/notation.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2] for line in text.splitlines() if line.startswith("| ")]
    names = {
        name
        for row in rows
        for code in re.findall(r"`([^`]+)`", row)
        for name in re.findall(r"[A-Za-z_]\w*", code)
    } - {"N", "D", "K", "out", "in", "len", "logits", "shape", "f", "z"}
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "course_lib").rglob("*.py")
    )
    assert names
    assert [
        name for name in sorted(names) if not re.search(rf"\b{name}\b", source)
    ] == []


def test_the_front_page_quotes_a_hint_that_exists() -> None:
    page = " ".join((ROOT / "book/index.md").read_text(encoding="utf-8").split())
    quote = re.search(r'You read "([^"]+)"', page)
    assert quote
    hints = (ROOT / "solutions/adam/mistakes.py").read_text(encoding="utf-8")
    assert quote[1].lower() in " ".join(hints.split()).lower()


def test_paths_of_the_table_to_add_something_exist() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = contributing.split("## To add something")[1].split("## Style")[0]
    paths = re.findall(r"`([\w./<>-]+/[\w./<>-]*)`", table)
    assert len(paths) > 10
    missing = [
        path
        for path in paths
        if not list(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))
    ]
    assert missing == []
