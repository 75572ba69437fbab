"""A batch with every kind of damage: nothing stops it, and each student is answered."""

import re

import pytest

from course_grader.nbgrader.submission import refused

REFUSED = {
    "a_truncated": "is not valid JSON",
    "b_twice": "has the cell double 2 times (cells 3, 9)",
    "c_future_schema": "Cell 3 of toy.ipynb (double) has nbgrader data of version 99",
    "d_future_format": "is in notebook format 5",
    "e_empty": "toy.ipynb is empty",
    "f_misnamed": "what was submitted is my toy.ipynb",
    "g_nothing": "nothing was submitted",
    "h_link": "is a link to another place",
}
SCORES = {
    "right": 5,
    "warns": 5,
    "answers_the_visible_only": 3,
    "wrong": 2,
    "has_a_syntax_error": 3,
    "derives": 5,
    "i_linked_file": 5,
    "j_deleted_test": 5,
    "k_changed_points": 5,
    "l_exits": 2,
    "m_loops": 2,
}


@pytest.mark.parametrize(("student", "reason"), REFUSED.items())
def test_a_damaged_submission_is_refused_with_a_line_for_the_student(
    graded, student, reason
):
    assert refused(graded.course.graded(student)).count("\n") == 0
    assert reason in refused(graded.course.graded(student))
    page = graded.course.feedback(student)
    assert "This submission could not be graded" in page
    assert reason in page
    assert re.search(rf"REFUSED {student}: .*{re.escape(reason)}", graded.autograde)
    assert graded.course.score(student) == 0


@pytest.mark.parametrize(("student", "score"), SCORES.items())
def test_every_other_submission_is_graded(graded, student, score):
    assert graded.course.score(student) == score
    assert "could not be graded" not in graded.course.feedback(student)


def test_a_refused_submission_leaves_nothing_to_be_graded_by_hand(graded):
    from nbgrader.api import Gradebook

    url = f"sqlite:///{graded.course.root / 'class' / 'gradebook.db'}"
    with Gradebook(url, "backprop") as gradebook:
        submission = gradebook.find_submission("toy", "a_truncated")
        assert not submission.needs_manual_grade
        assert gradebook.find_submission("toy", "right").needs_manual_grade is False
        assert gradebook.find_submission("toy", "derives").needs_manual_grade


def test_what_was_mended_is_said(graded):
    page = graded.course.feedback("j_deleted_test")
    assert "The cell test_double was missing; it was put back as released." in page
    assert "The settings of the cell test_double were edited; reset." in (
        graded.course.feedback("k_changed_points")
    )


def test_a_dead_or_endless_cell_is_named(graded):
    assert "Python ended here" in graded.course.feedback("l_exits")
    assert "Is there an endless loop?" in graded.course.feedback("m_loops")


def test_submitted_files_are_never_changed(graded):
    from hashlib import sha256

    for path, digest in graded.before.items():
        if len(digest) != 64:
            continue
        from pathlib import Path

        data = Path(path).read_bytes() + str(Path(path).stat().st_mtime_ns).encode()
        assert sha256(data).hexdigest() == digest, path


def test_links_are_not_followed_into_the_graded_folder_or_the_feedback(graded):
    for step in ("autograded", "feedback"):
        folder = graded.course.root / "class" / step / "i_linked_file" / "toy"
        assert not (folder / "data.txt").exists()


def test_a_student_goes_by_their_id_without_a_roster(graded):
    from nbgrader.api import Gradebook

    url = f"sqlite:///{graded.course.root / 'class' / 'gradebook.db'}"
    with Gradebook(url, "backprop") as gradebook:
        student = gradebook.find_student("right")
        assert (student.first_name, student.last_name) == ("", "right")


def test_grading_again_gives_the_same(graded, tmp_path):
    import shutil
    from dataclasses import replace

    root = tmp_path / "again"
    shutil.copytree(graded.course.root, root, symlinks=True)
    again = replace(graded.course, root=root)
    again.nbgrader("autograde", "toy", "--student=wrong", "--force")
    again.nbgrader("generate_feedback", "toy", "--student=wrong", "--force")
    assert again.score("wrong") == graded.course.score("wrong")
    assert again.feedback("wrong") == graded.course.feedback("wrong")
