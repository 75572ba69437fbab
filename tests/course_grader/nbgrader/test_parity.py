"""On honest submissions the gradebook's rows are those of nbgrader as it comes."""

import os
import shutil
import sys
from pathlib import Path

import pytest

HONEST = [
    "right",
    "warns",
    "answers_the_visible_only",
    "wrong",
    "has_a_syntax_error",
    "derives",
]
PLAIN = """c = get_config()
c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "_build/source"
c.CourseDirectory.release_directory = "assignments"
"""


def rows(folder):
    """Every grade and comment by student and cell, as the gradebook has it."""
    from nbgrader.api import Gradebook

    found = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "backprop") as gradebook:
        for student in HONEST:
            submission = gradebook.find_submission("toy", student)
            found[student] = submission.score, submission.max_score
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    found[student, grade.name] = (
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit,
                        grade.needs_manual_grade,
                        grade.max_score,
                    )
                for comment in notebook.comments:
                    found[student, comment.name, "comment"] = (
                        comment.auto_comment,
                        comment.manual_comment,
                    )
                found[student, "late"] = notebook.late_submission_penalty
    return found


@pytest.fixture(scope="module")
def plain(graded, tmp_path_factory):
    """The same submissions, graded by nbgrader without this package."""
    root = tmp_path_factory.mktemp("plain")
    shutil.copytree(graded.course.root / "_build", root / "_build")
    for student in HONEST:
        source = graded.course.root / "class" / "submitted" / student
        shutil.copytree(source, root / "submitted" / student)
    (root / "nbgrader_config.py").write_text(PLAIN)
    course = type(graded.course)(root, environment=graded.course.environment)
    scripts = str(Path(sys.executable).parent)  # plain nbgrader wants alembic there
    path = os.pathsep.join([scripts, os.environ["PATH"]])
    course.environment = {**course.environment, "PATH": path}
    course.nbgrader("generate_assignment", "toy")
    course.nbgrader("autograde", "toy")
    return root


def test_rows_equal_those_of_plain_nbgrader(graded, plain):
    assert rows(graded.course.root / "class") == rows(plain)


def test_releases_equal_those_of_plain_nbgrader(course, plain):
    assert course.release.read_text() == (
        (plain / "assignments" / "toy" / "toy.ipynb").read_text()
    )
