"""The book's build, on a book of one page: what makes it fail, what makes it run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = """---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
---

# A page

Its first paragraph.

```{{code-cell}} ipython3
import sys
sys.path.insert(0, "..")
from course_lib.value import VALUE
open("../runs", "a").write("x")
{cell}
```

{text}
"""


class Book:
    """A copy of the course's book with one page, and a library of one number."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("_config.yml", "constraints.txt"):
            shutil.copy(ROOT / name, root)
        for name in ("book/_ext", "book/static", "tools"):
            shutil.copytree(ROOT / name, root / name)
        (root / "book" / "vendor").mkdir()
        (root / "book" / "references.bib").write_text("")
        (root / "book" / "_toc.yml").write_text("format: jb-book\nroot: index\n")
        (root / "course_lib").mkdir()
        (root / "course_lib" / "__init__.py").write_text("")
        self.library(1)
        self.page()

    def library(self, value: int) -> None:
        (self.root / "course_lib" / "value.py").write_text(f"VALUE = {value}\n")

    def page(self, cell: str = "assert VALUE == 1", text: str = "") -> None:
        page = PAGE.format(cell=cell, text=text)
        (self.root / "book" / "index.md").write_text(page)

    def build(self) -> tuple[int, str]:
        code = (
            "import sys; sys.path.insert(0, 'tools')\n"
            "from pathlib import Path; import build_book\n"
            "sys.exit(build_book.build_book(Path.cwd()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def runs(self) -> int:
        return len((self.root / "runs").read_text())


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def test_a_changed_library_runs_the_chapters_again(book: Book) -> None:
    status, output = book.build()
    assert status == 0, output
    assert book.runs() == 1

    status, output = book.build()
    assert status == 0, output
    assert book.runs() == 1, "nothing changed, and the page ran again"

    book.library(2)
    for attempt in (2, 3):  # the second failure is not forgotten either
        status, output = book.build()
        assert status != 0
        assert "AssertionError" in output
        assert book.runs() == attempt


BROKEN = {
    "[broken](no_such_page.md)": "no_such_page",
    "{cite}`nobody`": 'bibtex key "nobody"',
    "```{assignment} nothing\n```": "no assignments/nothing",
    '<span data-figure="none"></span>': "book/static/none.js",
    "![](no_such.png)": "no_such.png",
}


def test_what_is_broken_is_said_and_fails_the_build_each_time(book: Book) -> None:
    book.page("print('x', file=sys.stderr)", "\n\n".join(BROKEN))
    for _ in range(2):
        status, output = book.build()
        assert status != 0, output
        for said in ["stderr was found in the cell outputs", *BROKEN.values()]:
            assert said in output


def test_a_page_links_its_assignment_describes_itself_and_asks_no_other_host(
    book: Book,
) -> None:
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"points": points}}}
        for points in (2, 1.5)
    ]
    folder = book.root / "assignments" / "adam"
    folder.mkdir(parents=True)
    (folder / "adam.ipynb").write_text(json.dumps({"cells": cells}))
    book.page("pass", "```{assignment} adam\n:minutes: 40\nAdd a correction.\n```")
    status, output = book.build()
    assert status == 0, output
    site = book.root / "_build" / "html"
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "3.5 points, about 40 minutes" in html
    assert 'href="assignments/adam/adam.ipynb"' in html
    assert (site / "assignments/adam/adam.ipynb").read_text() == json.dumps(
        {"cells": cells}
    )
    assert '<meta name="description" content="Its first paragraph."' in html
    assert 'src="http' not in html
    assert "thebe" not in html
