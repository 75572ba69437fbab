"""The student's page says what failed, shows no hidden test, and runs no script."""

import re

import pytest

STUDENTS = [
    "right",
    "answers_the_visible_only",
    "wrong",
    "has_a_syntax_error",
    "raises_them",
    "raises_them_when_hidden",
    "prints_them",
    "fails_an_assertion_with_them",
    "names_an_error_after_them",
    "raises_a_check",
    "keeps_them_for_later",
    "raises_them_later",
    "hides_them_in_a_chain",
]
SECRETS = ("zebra", "271828", "543656")


@pytest.mark.parametrize("student", STUDENTS)
def test_nothing_of_a_hidden_test_is_shown(graded, student):
    page = graded.course.feedback(student)
    assert not [secret for secret in SECRETS if secret in page]
    assert "HIDDEN" not in page


@pytest.mark.parametrize("student", ["raises_them", "prints_them", "wrong"])
def test_the_instructors_copy_stays_complete(graded, student):
    graded_copy = str(graded.course.graded(student))
    assert all(secret in graded_copy for secret in SECRETS)


def failures(page):
    """The text below each failed test's heading, up to what is visible of it."""
    parts = re.findall(r'<section class="test fail".*?<details>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]


def test_a_failed_check_is_told_in_its_own_words(graded):
    page = graded.course.feedback("answers_the_visible_only")
    assert failures(page) == [
        "Failed double doubles 0 of 2 points double of a large number is wrong"
    ]


def test_an_error_is_told_by_its_type_and_the_students_own_line(graded):
    found = failures(graded.course.feedback("raises_them_when_hidden"))
    assert found == [
        "Failed double doubles 0 of 2 points KeyError was raised by your code. "
        "In your code, double, line 2: return {2: 4}[x]",
        "Failed square 0 of 3 points KeyError was raised by your code. "
        "In your code, square, line 2: return {3: 9}[x]",
    ]


def test_a_plain_assertion_shows_neither_its_values_nor_its_message(graded):
    found = failures(graded.course.feedback("wrong"))
    assert found == ["Failed square 0 of 3 points A check failed."]


def test_an_error_that_came_before_every_hidden_test_is_told_in_full(graded):
    page = graded.course.feedback("has_a_syntax_error")
    assert "When this cell was run for grading: SyntaxError" in page
    assert "double is not defined" in " ".join(failures(page))


def test_the_visible_part_of_a_test_is_shown(graded):
    page = graded.course.feedback("wrong")
    assert "double(2) is not 4" in page.replace("&quot;", '"').replace("&#39;", "'")


def test_an_answer_yet_to_be_graded_is_not_a_zero(graded):
    assert "not graded yet" in graded.course.feedback("derives")
    assert "not graded yet" not in graded.course.feedback("right")


def test_no_script_of_a_student_survives(graded):
    page = graded.course.feedback("n_attacks_the_reader")
    active = re.findall(r"<(?:script|iframe|object|embed|svg|style)\b", page)
    assert active == ["<style"]  # the page's own
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    elsewhere = r"""<[^>]*\s(?:href|src)=(?!["'](?:#|data:image/|https?:))"""
    assert not re.search(elsewhere, page)
    assert "example.org" not in page
    assert "<b>bold</b>" in page


def test_the_page_needs_nothing_from_elsewhere(graded):
    page = graded.course.feedback("right")
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)


def test_a_formula_needs_no_script(graded):
    assert "<math" in graded.course.feedback("derives")
