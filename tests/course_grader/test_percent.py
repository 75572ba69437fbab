"""Text notebooks, held to jupytext's reading of them."""

from pathlib import Path

import jupytext
import pytest

from course_grader import percent
from course_grader.percent import SourceError
from course_grader.repository import names, repository

SOURCES = [
    path
    for name in names()
    for path in (repository() / "solutions" / name).glob("*.py")
]

TRICKY = '''\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade_id": "why", "solution": true, "points": 4}
# A text with `# %%` in it,
#
#     and indented code

# %% a title tags=["a", "b"] nbgrader={"grade_id": "setup"}
# %matplotlib inline
# a comment
x = """
  % 3
"""


def f():
    return 1

# %%

# %% [raw]
# as it is
# %% [markdown]
"""
Quoted.
"""
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "notebook.py"
    path.write_text(text, encoding="utf-8")
    return path


def assert_read_as_by_jupytext(path: Path) -> None:
    blocks = percent.read(path)
    cells = jupytext.read(path, fmt="py:percent").cells
    assert [b.kind for b in blocks] == [c.cell_type for c in cells]
    assert [b.source for b in blocks] == [c.source for c in cells]
    for block, cell in zip(blocks, cells, strict=True):
        assert block.options.get("nbgrader") == cell.metadata.get("nbgrader")


def test_reads_what_jupytext_reads(tmp_path: Path) -> None:
    assert_read_as_by_jupytext(write(tmp_path, TRICKY))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.stem}")
def test_reads_the_assignments_as_jupytext_does(path: Path) -> None:
    assert_read_as_by_jupytext(path)


def test_knows_titles_options_and_lines(tmp_path: Path) -> None:
    why, setup, empty, raw, _ = percent.read(write(tmp_path, TRICKY))
    assert (why.line, why.title) == (9, "")
    assert (setup.line, setup.title) == (14, "a title")
    assert setup.options == {"tags": ["a", "b"], "nbgrader": {"grade_id": "setup"}}
    assert setup.source.startswith("%matplotlib inline\n# a comment\nx")
    assert empty.source == ""
    assert (raw.kind, raw.source) == ("raw", "as it is")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n# %%\n", "line 1: there is text before the first cell"),
        ("x = 1\n", "line 1: there is text before the first cell"),
        ('# %%\n# %% nbgrader={"a: 1}\n', "line 2: nbgrader= is not valid JSON"),
    ],
)
def test_says_where_a_source_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        percent.read(write(tmp_path, text))
