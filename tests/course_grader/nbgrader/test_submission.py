"""What is read from a submitted file: refused with a reason, mended, or as it is."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_grader.nbgrader.submission import SubmissionError, read

NEW = {"code": new_code_cell, "markdown": new_markdown_cell}


def marked(kind, ident, source, **settings):
    data = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
    cell = NEW[kind](source, id=ident)
    cell.metadata["nbgrader"] = {
        **data, "grade_id": ident, "cell_type": kind, "task": False, **settings
    }  # fmt: skip
    return cell


@pytest.fixture
def master():
    cells = [
        marked("code", "setup", "import math", locked=True),
        marked("code", "answer", "raise NotImplementedError()", solution=True),
        marked("code", "test", "assert f(1)", grade=True, locked=True, points=2.0),
        marked("markdown", "proof", "YOUR ANSWER HERE", solution=True, grade=True),
    ]
    return {cell.id: cell for cell in cells}


@pytest.fixture
def notebook(master):
    cells = [json.loads(json.dumps(cell)) for cell in master.values()]
    cells.insert(2, new_code_cell("helper = 1", id="helper"))
    cells[1]["source"] = "def f(x):\n    return True"
    return json.loads(nbformat.writes(nbformat.from_dict(new_notebook(cells=cells))))


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "submitted" / "ada" / "toy"
    folder.mkdir(parents=True)
    return folder / "toy.ipynb"


def write(path, notebook):
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_an_honest_submission_is_left_as_it_is(path, notebook, master):
    read_back, notices = read(write(path, notebook), master)
    assert notices == []
    assert json.loads(nbformat.writes(read_back)) == notebook


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "toy.ipynb is empty"),
        (b" \n ", "toy.ipynb is empty"),
        (b'{"cells": [{"cell_type"', "damaged at line 1: it is not valid JSON"),
        (b'{"cells": [],\n"metadata" 3}', "damaged at line 2"),
        (b"[" * 100_000, "not valid JSON"),
        (b"\xff\xfe{\x00}\x00", "not text in UTF-8"),
        (b"[]", "not a notebook: it has no cells"),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "valid"),
        (b'{"cells": [], "nbformat": 5, "metadata": {}}', "notebook format 5"),
        (b'{"cells": [], "nbformat": 99, "metadata": {}}', "notebook format 99"),
        (b'{"worksheets": [], "nbformat": 3, "metadata": {}}', "it has no cells"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(path, master, text, reason):
    path.write_bytes(text)
    with pytest.raises(SubmissionError) as caught:
        read(path, master)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == text


def test_a_missing_notebook_is_named(path, master):
    with pytest.raises(SubmissionError, match="nothing was submitted"):
        read(path, master)
    (path.parent / "my toy.ipynb").write_text("{}")
    with pytest.raises(SubmissionError, match=r"submitted is my toy.ipynb. Rename"):
        read(path, master)


def test_a_link_is_refused(path, notebook, master, tmp_path):
    path.symlink_to(write(tmp_path / "elsewhere.ipynb", notebook))
    with pytest.raises(SubmissionError, match="is a link"):
        read(path, master)


def test_a_linked_folder_is_refused(path, notebook, master):
    write(path, notebook)
    folder = path.parent.parent.parent / "bob"
    folder.mkdir()
    (folder / "toy").symlink_to(path.parent)
    with pytest.raises(SubmissionError, match="is a link"):
        read(folder / "toy" / "toy.ipynb", master)


def test_a_folder_in_the_notebooks_place_is_refused(path, master):
    path.mkdir()
    with pytest.raises(SubmissionError, match="is not a file"):
        read(path, master)


def test_a_file_that_is_too_large_is_refused(path, master, monkeypatch, notebook):
    monkeypatch.setattr("course_grader.nbgrader.submission.LARGEST", 100)
    with pytest.raises(SubmissionError, match="Clear its outputs"):
        read(write(path, notebook), master)


def test_a_cell_that_is_there_twice_is_refused(path, notebook, master):
    notebook["cells"].append({**notebook["cells"][1], "id": "other"})
    with pytest.raises(SubmissionError, match=r"answer 2 times \(cells 2, 6\)"):
        read(write(path, notebook), master)


@pytest.mark.parametrize(
    ("version", "found"), [(99, "version 99"), (2, "version 2"), (None, "no version")]
)
def test_an_unknown_schema_is_refused(path, notebook, master, version, found):
    data = notebook["cells"][3]["metadata"]["nbgrader"]
    data["schema_version"] = version
    if version is None:
        del data["schema_version"]
    with pytest.raises(SubmissionError, match=f"Cell 4 of toy.ipynb.*{found}"):
        read(write(path, notebook), master)


def test_every_cell_that_is_missing_is_put_back_in_its_place(path, notebook, master):
    kept = ["answer", "helper"]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] in kept]
    mended, notices = read(write(path, notebook), master)
    sources = [cell.source for cell in mended.cells]
    assert sources[0] == "import math"
    assert sources[1].startswith("def f")
    assert set(sources[2:]) == {"assert f(1)", "YOUR ANSWER HERE", "helper = 1"}
    assert len(notices) == 3


def test_edited_points_locks_types_and_tests_are_reset(path, notebook, master):
    test, proof = notebook["cells"][3], notebook["cells"][4]
    test["metadata"]["nbgrader"] |= {"points": 200, "locked": False, "extra": 1}
    test["source"] = "pass"
    proof["cell_type"] = "code"
    proof |= {"outputs": [], "execution_count": None}
    mended, notices = read(write(path, notebook), master)
    assert mended.cells[3].source == "assert f(1)"
    assert mended.cells[3].metadata.nbgrader == master["test"].metadata.nbgrader
    assert mended.cells[4].cell_type == "markdown"
    assert len(notices) == 2


def test_an_id_that_the_assignment_does_not_have_makes_a_plain_cell(
    path, notebook, master
):
    notebook["cells"][1]["metadata"]["nbgrader"]["grade_id"] = "renamed"
    mended, notices = read(write(path, notebook), master)
    assert [cell.source.split("\n")[0] for cell in mended.cells[:3]] == [
        "import math",
        "raise NotImplementedError()",
        "def f(x):",
    ]
    assert "nbgrader" not in mended.cells[2].metadata
    assert notices == ["The answer answer was missing; it was put back as released."]


def test_invalid_outputs_do_not_count_against_the_answers(path, notebook, master):
    notebook["cells"][1]["outputs"] = [{"output_type": "unheard of"}]
    mended, notices = read(write(path, notebook), master)
    assert mended.cells[1].outputs == []
    assert notices == []


def test_what_a_student_writes_into_the_graders_own_metadata_is_dropped(
    path, notebook, master
):
    forged = {"course_grader": {"refused": "no", "hint": "<b>", "notices": ["x"]}}
    notebook["metadata"] |= forged
    notebook["cells"][3]["metadata"] |= forged
    mended, _ = read(write(path, notebook), master)
    assert "course_grader" not in mended.metadata
    assert all("course_grader" not in cell.metadata for cell in mended.cells)
