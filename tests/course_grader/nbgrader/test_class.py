"""The made-up class, and the report on a graded one."""

import csv
import json

import pytest

from course_grader import assignment, class_report, sample_class
from course_grader.class_results import Failure, GradedTest, Results, Student


def failed(test, mistake=None, behavior="b", message="it is zero"):
    return Failure(test, mistake, f"hint on {mistake}", behavior, message)


@pytest.fixture
def results():
    tests = [
        GradedTest("test_a", "the first", 2.0),
        GradedTest("test_b", "the second", 3.0),
    ]
    students = [
        Student("ada", None, 5.0),
        Student("bob", None, 3.0, [failed("test_a", "frozen t")]),
        Student("cy", None, 3.0, [failed("test_a", "frozen t")]),
        Student(
            "dan", None, 0.0, [failed("test_a"), failed("test_b", message="<b>odd</b>")]
        ),
        Student(
            "eve", None, 2.0, [failed("test_b", message="There is no answer yet.")]
        ),
        Student("fay", "toy.ipynb is empty.", 0.0),
    ]
    return Results("toy", tests, students)


def test_mistakes_are_counted_and_the_rest_is_grouped(results):
    assert results.mistakes() == [("frozen t", "hint on frozen t", ["bob", "cy"])]
    assert results.unexplained() == [
        ("the first", "it is zero", ["dan"]),
        ("the second", "<b>odd</b>", ["dan"]),
    ]
    assert results.unanswered() == ["eve"]
    assert results.spread() == [(5.0, 1), (3.0, 2), (2.0, 1), (0.0, 1)]


def test_the_most_frequent_mistake_comes_first(results):
    rare = Student("gil", None, 3.0, [failed("test_a", "a rare one")])
    found = Results("toy", results.tests, [rare, *results.students]).mistakes()
    assert [name for name, _, _ in found] == ["frozen t", "a rare one"]


def test_separation_is_the_correlation_with_the_other_points(results):
    import numpy as np

    by_numpy = np.corrcoef([1, 0, 0, 0, 1], [3, 3, 3, 0, 0])[0, 1]
    assert results.separation(results.tests[0]) == pytest.approx(by_numpy)


def test_a_test_that_all_pass_has_no_separation(results):
    only = Results("toy", results.tests, [Student("ada", None, 5.0)] * 3)
    assert only.separation(only.tests[0]) is None


@pytest.mark.parametrize("names", [False, True])
def test_the_report_has_names_only_if_asked(results, tmp_path, names):
    page = class_report.render([results], names=names)
    assert ("bob" in page) == names
    assert "frozen t" in page
    assert "<b>odd" not in page
    assert "toy.ipynb is empty." in page
    path = tmp_path / "report.csv"
    class_report.write_csv([results], path, names=names)
    assert ("bob" in path.read_text()) == names
    with path.open() as file:
        rows = list(csv.DictReader(file))
    counts = {(row["kind"], row["what"]): row["students"] for row in rows}
    assert counts["mistake", "frozen t"] == "2"
    assert counts["refused", ""] == "1"


def test_a_graded_class_is_read_back(graded, monkeypatch):
    from course_grader.class_results import read_class

    found = read_class(graded.course.root, graded.course.folder, "toy")
    assert found.by_student["right"].score == 5
    assert found.by_student["a_truncated"].refused
    assert not found.by_student["wrong"].passed("test_square")
    assert found.max_autograded == 5


@pytest.mark.parametrize("name", assignment.names())
def test_the_class_hands_in_every_kind_once_per_student(name):
    from course_grader.repository import repository

    known = assignment.load(name)
    contents = sample_class.submissions(known, repository())
    assert len(contents) == len(set(contents)) == len(sample_class.STUDENTS)
    assert json.dumps(assignment.answered(known, {}, base="release")) in contents
    for content in sample_class.damaged(contents[0], known):
        assert content in contents
    assert not any("BEGIN HIDDEN TESTS" in content for content in contents)


def test_a_student_has_an_id_without_accents():
    assert sample_class.student_id("Felix Grünwald") == "felix.grunwald"
