"""Why a cell failed, in words that help and give nothing hidden away."""

from typing import Any

import pytest

from course_grader.failure import Cell, Failure, explained
from course_grader.running import run

ANSWER = "def f(x):\n    return 1 / x"
TEST = "f(2)\n### BEGIN HIDDEN TESTS\nf(0)\n### END HIDDEN TESTS\nf(1)"
CELLS = [Cell("f_cell", ANSWER, False), Cell("test_f", TEST, True)]


def failure(kind: str, message: str, *frames: list[int], **more: Any) -> Failure:
    error = {"type": kind, "message": message, "frames": list(frames)}
    return explained({"checks": False, "titled": "", **error, **more}, 1, CELLS)


def test_an_error_in_the_students_code_is_placed() -> None:
    found = failure("ZeroDivisionError", "division by zero", [1, 1], [0, 2])
    assert found.message == (
        "ZeroDivisionError: division by zero (in line 2 of the cell f_cell: "
        "`return 1 / x`)"
    )
    assert found.traceback == "cell f_cell, line 2\n    return 1 / x"
    assert (found.hidden, found.line) == (False, 1)


def test_in_a_hidden_test_the_message_is_left_out() -> None:
    found = failure("ValueError", "the input is 4711", [1, 3], [0, 2])
    assert found.hidden
    assert found.message == "ValueError in line 2 of the cell f_cell: `return 1 / x`"
    assert "f(0)" not in found.message + found.traceback


def test_a_check_speaks_for_itself_hidden_or_not() -> None:
    for line in (1, 3):
        found = failure(
            "CheckFailed", "y is wrong", [1, line], checks=True, titled="σ: y is wrong"
        )
        assert found.message == "σ: y is wrong"


def test_a_check_called_by_the_student_does_not() -> None:
    found = failure(
        "CheckFailed", "4711", [1, 3], [0, 2], checks=True, titled="σ: 4711"
    )
    assert "4711" not in found.message


@pytest.mark.parametrize("hidden", [False, True])
def test_the_tests_own_errors_are_told(hidden: bool) -> None:
    line = 3 if hidden else 1
    wrong_call = failure("TypeError", "f() takes 1 positional argument", [1, line])
    assert wrong_call.message == "TypeError: f() takes 1 positional argument"
    missing = failure("NameError", "name 'f' is not defined", [1, line])
    assert missing.message == "NameError: name 'f' is not defined"
    other = failure("TypeError", "no len for '4711'", [1, line])
    assert ("4711" in other.message) is not hidden
    plain = failure("AssertionError", "", [1, line])
    assert ("f(2)" in plain.message) is not hidden


def notebook(answer: str, test: str) -> dict[str, Any]:
    checks = "from course_grader.checks import check_array, checking"
    cells = [
        (checks, {"grade_id": "setup"}),
        (answer, {"grade_id": "f_cell", "solution": True}),
        (test, {"grade_id": "test_f", "grade": True, "points": 1}),
    ]
    return {
        "cells": [
            {"cell_type": "code", "source": source, "metadata": {"nbgrader": marks}}
            for source, marks in cells
        ]
    }


@pytest.mark.parametrize("record", [(), ("f",)])
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("def f(x):\n    return 2.0", "of f: f has a wrong value: "),
        ("def f():\n    return 1", "of f: TypeError: f() takes 0 positional arguments"),
        ("def f(x):\n    raise NotImplementedError()", "of f: the cell f_cell is not"),
        (
            "def f(x):\n    exit()",
            "of f: the code ends the program (SystemExit) in line",
        ),
        ("def g(x):\n    pass", "of f: NameError: name 'f' is not defined"),
        ("def f(x):\n    return g(x)", "of f: NameError in line 2 of the cell f_cell"),
    ],
)
def test_recorded_or_not_the_message_is_the_same(
    answer: str, message: str, record: tuple[str, ...]
) -> None:
    test = (
        'with checking("of f"):\n    pass\n    ### BEGIN HIDDEN TESTS\n'
        '    check_array("f", f(4711), 4711.0)\n    ### END HIDDEN TESTS'
    )
    found = run(notebook(answer, test), record=record).tests["test_f"].failure
    assert found is not None
    assert message in found.message
    assert found.hidden
    assert "4711" not in found.message
