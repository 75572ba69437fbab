"""A source becomes a notebook in nbgrader's form, or an error that says where."""

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from course_grader import assignment as assignments
from course_grader.assignment import Assignment, answered, submitted
from course_grader.cells import grade_id
from course_grader.percent import SourceError


def with_cell(root: Path, header: str, *lines: str) -> Path:
    """Add a cell to the toy's source."""
    path = root / "solutions" / "toy" / "toy.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n".join(["", header, *lines, ""]), encoding="utf-8")
    return root


def marked(**short: object) -> str:
    return f"# %% nbgrader={json.dumps(short)}"


def sources(notebook: nbformat.NotebookNode) -> dict[str, str]:
    return {grade_id(c) or c.id: c.source for c in notebook.cells}


def test_lists_what_a_grader_needs(toy: Assignment) -> None:
    assert toy.solution_ids == ["mean_cell", "square_cell", "step_cell"]
    assert toy.test_ids == ["test_mean", "test_square", "test_step"]
    assert toy.manual_ids == ["why"]
    assert toy.answer_ids == ["mean_cell", "square_cell", "step_cell", "why"]
    assert (toy.max_autograded, toy.max_score) == (6, 10)
    assert toy.definitions == {
        "mean": "mean_cell",
        "square": "square_cell",
        "Descent": "step_cell",
    }


def test_is_valid_for_the_notebook_format_and_for_nbgrader(toy: Assignment) -> None:
    nbformat.validate(toy.notebook)
    MetadataValidator().validate_nb(toy.notebook)
    assert dict(toy.cells["test_mean"].metadata.nbgrader) == {
        "grade": True,
        "grade_id": "test_mean",
        "locked": True,
        "points": 2,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }


def test_ids_come_from_grade_ids(root: Path, toy: Assignment) -> None:
    ids = [cell.id for cell in toy.notebook.cells]
    assert ids == [
        *("start-1", "setup", "mean_cell", "test_mean", "test_mean-1", "test_mean-2"),
        *("square_cell", "test_square", "step_cell", "test_step", "why"),
    ]
    more = assignments.load("toy", with_cell(root, "# %%", "1"))
    assert [cell.id for cell in more.notebook.cells] == [*ids, "why-1"]


@pytest.mark.parametrize(
    ("header", "lines", "message"),
    [
        (marked(grade_id="setup"), [], "the grade_id 'setup' is taken by the cell in"),
        (marked(grade_id="Not Snake"), [], "'Not Snake' is not a name in snake_case"),
        (marked(solution=True), [], "the grade_id None is not a name"),
        (marked(grade_id="a", locked=True), [], "a: unknown key 'locked'"),
        (marked(grade_id="a", solution="yes"), [], "solution is 'yes'"),
        (marked(grade_id="a", points="3"), [], "points are '3', expected a number"),
        (marked(grade_id="a", points=-1), [], "points are -1, expected more than 0"),
        (marked(grade_id="test_a"), ["assert a"], "test_a is a test without points"),
        (
            marked(grade_id="a").replace("%%", "%% [markdown]", 1)[:-1]
            + ', "points": 1}',
            ["# text"],
            'give both "solution": true and "points"',
        ),
        (
            marked(grade_id="a", solution=True),
            ["x = 1"],
            "an answer's cell without BEGIN SOLUTION",
        ),
        (
            marked(grade_id="a", solution=True),
            ["### BEGIN SOLUTION", "x = 1"],
            "BEGIN SOLUTION without END SOLUTION",
        ),
        (
            marked(grade_id="a", solution=True),
            ["x = 1", "### END SOLUTION"],
            "END SOLUTION without BEGIN SOLUTION",
        ),
        (
            marked(grade_id="a", points=1),
            ["### BEGIN SOLUTION", "x = 1", "### END SOLUTION"],
            "a solution in a cell that is no answer",
        ),
        (
            marked(grade_id="a", solution=True),
            [
                *("### BEGIN SOLUTION", "x = 1", "### END SOLUTION"),
                *("### BEGIN HIDDEN TESTS", "x = 2", "### END HIDDEN TESTS"),
            ],
            "hidden tests in an answer's cell. Students would see them",
        ),
        (
            "# %%",
            ["### BEGIN HIDDEN TESTS", "x = 2", "### END HIDDEN TESTS"],
            "hidden tests in a cell that is not graded",
        ),
        (
            marked(grade_id="a", points=1),
            ["### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS"],
            "a second BEGIN HIDDEN TESTS before END",
        ),
        (
            marked(grade_id="a", points=1),
            [
                "with checking('a'):",
                *("    ### BEGIN HIDDEN TESTS", "    f()", "    ### END HIDDEN TESTS"),
            ],
            "without what students don't see, nothing is left of a block",
        ),
        (marked(grade_id="a", points=1), ["x = ("], "the code does not parse"),
        (marked(grade_id="a", points=1), ["f(x)"], "the test ends in an expression"),
    ],
)
def test_refuses_a_cell_and_says_which(
    root: Path, header: str, lines: list[str], message: str
) -> None:
    path = root / "solutions" / "toy" / "toy.py"
    line = path.read_text(encoding="utf-8").count("\n") + 2
    with pytest.raises(SourceError) as caught:
        assignments.load("toy", with_cell(root, header, *lines))
    assert message in str(caught.value)
    assert str(caught.value).startswith("toy.py, line ")
    assert line <= caught.value.line <= line + len(lines)


def test_names_the_assignments_that_there_are(root: Path) -> None:
    (root / "solutions" / "unfinished").mkdir()
    assert assignments.names(root) == ["toy"]
    with pytest.raises(ValueError, match=r"no assignment 'tov'. There are: toy\."):
        assignments.load("tov", root)


def test_a_submission_has_stubs_and_no_hidden_test(toy: Assignment) -> None:
    given = sources(answered(toy, {"mean_cell": "mean = 3"}))
    assert given["mean_cell"] == "mean = 3"
    assert given["square_cell"].endswith(
        "# YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert given["why"] == "Why is it a mean?\n\nYOUR ANSWER HERE"
    assert "4711" not in str(given)
    assert "HIDDEN" not in str(given)


def test_the_reference_is_the_answer_without_its_markers(toy: Assignment) -> None:
    given = sources(answered(toy, {}, base="reference", hidden_tests=True))
    assert given["mean_cell"].endswith("\n    return x.sum(axis=0) / len(x)")
    assert "4711" in given["test_mean"]
    assert "SOLUTION" in toy.cells["mean_cell"].source, "the master has changed"


def test_answers_go_into_cells_that_exist(toy: Assignment) -> None:
    with pytest.raises(ValueError, match="test_mean is no cell to be answered"):
        answered(toy, {"test_mean": ""})


def test_a_submission_is_rebuilt_around_its_answers(toy: Assignment) -> None:
    sent = answered(toy, {"mean_cell": "def mean(x):\n    return helper(x)"})
    by_id = {cell.id: cell for cell in sent.cells}
    by_id["test_mean"].source = "pass  # tampered with"
    by_id["test_square"].metadata.nbgrader.points = 100
    helper = nbformat.v4.new_code_cell("def helper(x):\n    return x.mean(axis=0)")
    sent.cells.insert(2, helper)
    sent.cells.remove(by_id["test_step"])
    sent.cells.reverse()

    rebuilt = submitted(toy, sent)
    full = sources(answered(toy, {}, hidden_tests=True))
    assert sources(rebuilt)["test_mean"] == full["test_mean"]
    assert [grade_id(c) for c in rebuilt.cells if grade_id(c)] == list(toy.cells)
    assert rebuilt.cells[-1].source != helper.source
    assert helper.source in [cell.source for cell in rebuilt.cells]
    assert sources(rebuilt)["mean_cell"].endswith("return helper(x)")
    total = sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in rebuilt.cells)
    assert total == toy.max_score


def test_added_cells_stay_where_they_were(toy: Assignment) -> None:
    sent = answered(toy, {})
    sent.cells.insert(0, nbformat.v4.new_code_cell("first = 1"))
    place = [cell.id for cell in sent.cells].index("square_cell")
    sent.cells.insert(place, nbformat.v4.new_code_cell("second = 2"))
    ids = [cell.id for cell in submitted(toy, sent).cells]
    assert ids[0] == "start-added-1"
    assert ids.index("test_mean") < ids.index("test_mean-added-8")
    assert ids.index("test_mean-added-8") < ids.index("square_cell")


def test_a_cell_that_is_there_twice_is_refused(toy: Assignment) -> None:
    sent = answered(toy, {})
    sent.cells.append(sent.cells[2])
    with pytest.raises(
        ValueError, match="'mean_cell' is there twice, as cells 3 and 12"
    ):
        submitted(toy, sent)
