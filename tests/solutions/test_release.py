"""What students get: the notebook alone, current, with nothing given away."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from course_grader import assignment as assignments
from course_grader import release
from course_grader.cells import grade_id, read_notebook, source_of
from course_grader.repository import repository

ROOT = repository()
NAMES = assignments.names()
SECRET = re.compile(
    r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)|rubric", re.IGNORECASE
)
# A line of a solution as short as this may stand in the story too: `y = 1 / s`.
SHORT = 20

each_assignment = pytest.mark.parametrize("name", NAMES)


@cache
def released(name: str) -> dict[str, Any]:
    return read_notebook(release.release_path(name, ROOT))


def lines_of_solutions(name: str) -> set[str]:
    """The lines that the release must not have: in a solution, a rubric or a hidden
    test, and nowhere else."""
    master = assignments.load(name).notebook.cells
    shown = {
        line.strip()
        for cell in assignments.answered(assignments.load(name), {}).cells
        for line in cell.source.split("\n")
    }
    every = {line.strip() for cell in master for line in cell.source.split("\n")}
    return {line for line in every - shown if len(line) >= SHORT}


def test_release_is_exactly_these_files() -> None:
    files = {p.relative_to(ROOT) for p in (ROOT / "assignments").rglob("*")}
    files = {p for p in files if (ROOT / p).is_file()}
    assert files == {Path("assignments", name, f"{name}.ipynb") for name in NAMES}


@each_assignment
def test_release_is_current(name: str) -> None:
    fresh = release.released(name, release.staged(name, ROOT), ROOT)
    assert release.release_path(name, ROOT).read_bytes() == fresh, (
        "the release is not what its source generates: run `make assignments`"
    )


@each_assignment
def test_release_gives_nothing_away(name: str) -> None:
    text = release.release_path(name, ROOT).read_text(encoding="utf-8")
    assert SECRET.search(text) is None
    shown = {
        line.strip()
        for cell in released(name)["cells"]
        for line in source_of(cell).split("\n")
    }
    secret = lines_of_solutions(name)
    assert len(secret) > 20, "this finds no solutions to look for"
    assert shown & secret == set()


@each_assignment
def test_cells_keep_their_ids(name: str) -> None:
    master = assignments.load(name).notebook.cells
    ids = [cell["id"] for cell in released(name)["cells"]]
    assert ids == [cell.id for cell in master]
    assert len(set(ids)) == len(ids)
    for cell in released(name)["cells"]:
        if grade_id(cell):
            assert cell["id"] == grade_id(cell)


@each_assignment
def test_release_holds_no_outputs(name: str) -> None:
    for cell in released(name)["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@each_assignment
def test_release_says_which_assignment_it_is(name: str) -> None:
    assert released(name)["metadata"]["course"] == {"assignment": name}


@each_assignment
def test_release_is_what_the_engine_takes_it_for(name: str) -> None:
    """The engine makes submissions for its tests without asking nbgrader."""
    unanswered = assignments.answered(assignments.load(name), {})
    shown = [source_of(cell) for cell in released(name)["cells"]]
    assert shown == [cell.source for cell in unanswered.cells]


def test_source_folder_holds_the_notebooks_alone(tmp_path: Path) -> None:
    """nbgrader copies every other file of it into the release."""
    for name in NAMES:
        folder = tmp_path / "solutions" / name
        folder.mkdir(parents=True)
        for file in (ROOT / "solutions" / name).glob("*.py"):
            (folder / file.name).write_bytes(file.read_bytes())
        path = release.stage(name, tmp_path)
        assert list(path.parent.iterdir()) == [path]
        assert json.loads(path.read_text(encoding="utf-8"))["cells"]
