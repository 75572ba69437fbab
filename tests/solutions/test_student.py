"""A student's way through each notebook, in a real kernel: "Restart and run all"."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from course_grader import assignment as assignments
from course_grader import bank, regions, release
from course_grader.cells import grade_id, is_test
from course_grader.repository import repository

NAMES = assignments.names()
# Right answers that print, warn and write to stderr on the way.
TALKATIVE = {
    "adam": "in place, with running powers",
    "sigmoid_gradient": "talks while it works",
}

each_assignment = pytest.mark.parametrize("name", NAMES)


def run_all(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Every cell of a copy, in a kernel whose working directory holds nothing else."""
    notebook = nbformat.from_dict(notebook)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources=resources
    )
    return client.execute()


def outputs(cell: NotebookNode, kind: str) -> list[NotebookNode]:
    return [x for x in cell.get("outputs", []) if x.output_type == kind]


def printed(cell: NotebookNode, stream: str) -> str:
    return "".join(x.text for x in outputs(cell, "stream") if x.name == stream)


def graded(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {grade_id(cell): cell for cell in notebook.cells if is_test(cell)}


@each_assignment
def test_a_student_who_fills_the_release_gets_through(name: str, tmp_path: Path):
    """The release's own cells, filled with the reference's text by grade_id."""
    notebook = nbformat.read(release.release_path(name, repository()), as_version=4)
    master = assignments.load(name)
    for cell in notebook.cells:
        if grade_id(cell) in master.answer_ids:
            source = master.cells[grade_id(cell)].source
            cell.source = regions.unmarked(source, regions.SOLUTION)
    done = run_all(notebook, tmp_path)
    for cell in done.cells:
        assert not outputs(cell, "error"), cell.source
        assert printed(cell, "stderr") == "", cell.source
    for test, cell in graded(done).items():
        assert printed(cell, "stdout").endswith(": passed\n"), test
        assert printed(cell, "stdout").count("\n") == 1, test
    figures = [
        output
        for cell in done.cells
        for output in outputs(cell, "execute_result")
        if "<svg" in output.data.get("text/html", "")
    ]
    assert figures, "no cell draws a figure"
    assert not list(tmp_path.iterdir()), "the notebook leaves files behind"


@each_assignment
def test_plain_nbgrader_gives_a_talkative_answer_its_marks(name: str, tmp_path: Path):
    """nbgrader gives 0 for a test cell with an error or with anything on stderr."""
    variants = {variant.name: variant for variant in bank.variants(name)}
    cells = variants[TALKATIVE[name]].cells
    submission = assignments.answered(
        assignments.load(name), cells, base="reference", hidden_tests=True
    )
    done = run_all(submission, tmp_path)
    for test, cell in graded(done).items():
        assert not outputs(cell, "error"), (test, outputs(cell, "error"))
        assert printed(cell, "stderr") == "", test
        assert printed(cell, "stdout").count("\n") == 1, test


@each_assignment
def test_an_untouched_release_fails_every_test_in_one_line(name: str, tmp_path: Path):
    """And no line of a test stands in what the student sees of the error."""
    master = assignments.load(name)
    untouched = assignments.answered(master, {}, hidden_tests=True)
    for test, cell in graded(run_all(untouched, tmp_path)).items():
        (error,) = outputs(cell, "error")
        assert error.ename == "CheckFailed", (test, error.evalue)
        assert error.traceback == [f"CheckFailed: {error.evalue}"], test
        assert "is not defined" in error.evalue or "no answer yet" in error.evalue, test
        assert printed(cell, "stdout") == printed(cell, "stderr") == "", test
