"""The commands, as a person meets them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_grader import bank, behaviors, release
from course_grader.__main__ import main
from course_grader.assignment import Assignment, answered
from course_grader.grading import grade

# What a student's laptop may not have. Imported at the start of every Python process.
BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"nbformat", "jupytext", "nbgrader", "torch",
                "traitlets", "nbconvert", "matplotlib", "IPython", "fork"}:
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
"""


def write(folder: Path, toy: Assignment, **cells: str) -> Path:
    path = folder / "toy.ipynb"
    nbformat.write(answered(toy, cells, base="reference"), path)
    return path


def cells_of(toy: Assignment, name: str) -> dict[str, str]:
    mistakes = bank.mistakes("toy", toy.folder.parents[1])
    return next(m.cells for m in mistakes if m.name == name)


def test_check_says_what_passed(
    toy: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(write(tmp_path, toy))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "passed  test_mean",
        "passed  test_square",
        "passed  test_step",
        "3 of 3 checks passed.",
    ]


def test_check_says_what_failed(
    toy: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nbformat.write(answered(toy, {}), tmp_path / "toy.ipynb")
    results = tmp_path / "results.json"
    arguments = ["check", str(tmp_path / "toy.ipynb"), "--json", str(results)]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "FAILED  test_mean\n        the mean: the cell mean_cell is not" in out
    assert "0 of 3 checks passed." in out
    data = json.loads(results.read_text(encoding="utf-8"))
    cells = {cell["cell"]: cell["passed"] for cell in data["cells"] if cell["test"]}
    assert cells == {"test_mean": False, "test_square": False, "test_step": False}


def test_check_needs_numpy_alone(toy: Assignment, tmp_path: Path) -> None:
    (tmp_path / "blocked").mkdir()
    blocker = tmp_path / "blocked" / "sitecustomize.py"
    blocker.write_text(BLOCKED, encoding="utf-8")
    paths = [str(blocker.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}

    def python(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    assert "nbformat is blocked" in python("-c", "import nbformat").stderr
    path = write(tmp_path, toy)
    done = python("-m", "course_grader", "check", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 of 3 checks passed." in done.stdout


DAMAGED = {
    "cut off": '{"cells": [{"cell_ty',
    "no notebook": "[1, 2]",
    "of version 3": '{"worksheets": []}',
    "odd": '{"cells": [7]}',
}


@pytest.mark.parametrize("command", ["check", "grade"])
@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_notebook_is_refused_in_one_line(
    command: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "toy.ipynb"
    path.write_text(text, encoding="utf-8")
    assert main([command, str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("course_grader: toy.ipynb ")
    assert error.count("\n") == 1


def test_a_missing_notebook_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere.ipynb"]) == 2
    assert capsys.readouterr().err == "course_grader: there is no file nowhere.ipynb.\n"


def test_a_notebook_without_checks_is_not_praised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "mine.ipynb")
    assert main(["check", str(tmp_path / "mine.ipynb")]) == 1
    assert "mine.ipynb has no checks" in capsys.readouterr().out


def test_grade_gives_marks_and_hints(
    toy: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, toy, **cells_of(toy, "no factor"))
    root = toy.folder.parents[1]
    results = tmp_path / "results.json"
    assert grade(path, root=root, json_file=results) == 1
    out = capsys.readouterr().out
    assert "FAILED  test_square\n        the square: dx has a wrong value" in out
    assert "test_square: The derivative of x² is 2x: where is the 2?" in out
    assert "5 of 6 points; 4 more are given by a person." in out
    data = json.loads(results.read_text(encoding="utf-8"))
    assert (data["score"], data["max_score"]) == (5, 6)
    assert [x["mistake"] for x in data["cells"]] == [None, "no factor", None]


def test_grade_shows_nothing_hidden(
    toy: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leak = (
        "def mean(x):\n    print(x)\n    if x[0, 1] > 9:\n"
        "        raise ValueError(f'the input is {x}')\n"
        "    return x.sum(axis=0) / len(x)"
    )
    path = write(tmp_path, toy, mean_cell=leak)
    results = tmp_path / "results.json"
    grade(path, root=toy.folder.parents[1], json_file=results)
    out = capsys.readouterr().out + results.read_text(encoding="utf-8")
    assert "ValueError in line 4 of the cell mean_cell" in out
    assert re.search(r"471\d", out) is None


def test_grade_asks_which_assignment_it_is(
    toy: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = answered(toy, {}, base="reference")
    del notebook.metadata["course"]
    path = tmp_path / "homework.ipynb"
    nbformat.write(notebook, path)
    root = toy.folder.parents[1]
    with pytest.raises(ValueError, match="does not say which assignment"):
        grade(path, root=root)
    assert grade(path, root=root, assignment="toy") == 0
    assert "6 of 6 points" in capsys.readouterr().out


def test_recording_and_a_bank_do_not_change_marks(toy: Assignment) -> None:
    from course_grader.running import run

    for name, recorded in behaviors.known(toy).mistakes.items():
        cells = cells_of(toy, name)
        notebook = answered(toy, cells, base="reference", hidden_tests=True)
        assert run(notebook).failed == recorded.failed


def test_assignments_and_start_work_from_within_the_repository(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "course_grader").mkdir()
    monkeypatch.chdir(root / "solutions")
    assert main(["assignments", "--check"]) == 1
    assert "toy: not current" in capsys.readouterr().out
    assert not release.release_path("toy", root).exists()
    assert main(["assignments"]) == 0
    assert main(["assignments", "--check"]) == 0
    assert main(["assignments"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "toy: generated",
        "toy: current",
        "toy: nothing changed",
    ]
    assert main(["start", "toy"]) == 0
    assert main(["start", "toy"]) == 2
    assert "you have begun already" in capsys.readouterr().err


def test_without_a_repository_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from course_grader import repository

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(repository, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert main(["start", "adam"]) == 2
    assert "needs a clone of the course's repository" in capsys.readouterr().err
