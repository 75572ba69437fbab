"""What the checks accept, what they refuse, and what they say."""

import logging
import sys
import textwrap
import warnings

import numpy as np
import pytest

from course_grader.checks import (
    CheckFailed,
    check,
    check_array,
    check_form,
    check_operation,
    check_quiet,
    check_raises,
    check_unchanged,
    checking,
)

EXPECTED = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.5]])
SQUARE = np.array([[1.0, 2.0], [3.0, 5.0]])


class AlwaysEqual:
    def __eq__(self, other):
        return True

    __hash__ = None

    def __array__(self, dtype=None, copy=None):
        return EXPECTED


class ArrayOfMine(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(1)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (EXPECTED, EXPECTED),
        (EXPECTED * (1 + 1e-9), EXPECTED),
        (EXPECTED.astype(np.float32).astype(float), EXPECTED),
        (0.5, 0.5),
        (2, 2.0),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (np.array([1, 2], np.uint8), [1.0, 2.0]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_is_right_passes(actual, expected):
    check_array("y", actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (None, EXPECTED, "y is None: there is no answer yet"),
        (..., EXPECTED, "y is Ellipsis: there is no answer yet"),
        (AlwaysEqual(), EXPECTED, "y is a AlwaysEqual, expected a NumPy array"),
        (EXPECTED.view(ArrayOfMine), EXPECTED, "y is a ArrayOfMine"),
        (EXPECTED.tolist(), EXPECTED, "y is a list"),
        (True, 1.0, "y is a bool"),
        (EXPECTED > 0, EXPECTED, "y has dtype bool, expected real numbers"),
        (np.array([None]), [1.0], "dtype object, expected real numbers"),
        (np.array(1j), 1.0, "dtype complex128, expected real numbers"),
        (EXPECTED.T, EXPECTED, r"shape \(3, 2\), expected \(2, 3\). Is it transposed"),
        (EXPECTED[..., None], EXPECTED, "axis of length 1 added"),
        (EXPECTED[0], EXPECTED, "summed over an axis"),
        (np.ones((2, 2, 3)), EXPECTED, "Did broadcasting make it larger"),
        (np.full((2, 3), np.nan), EXPECTED, r"y is not finite: nan at \[0, 0\]"),
        (np.float64("inf"), 1.0, "y is not finite: inf. Is"),
        (0 * EXPECTED, EXPECTED, r"at \[0, 0\] \(6 of 6 entries .*zero everywhere"),
        (0.0, 1.0, "y has a wrong value: it is zero"),
        (-EXPECTED, EXPECTED, "its sign is reversed"),
        (SQUARE.T, SQUARE, r"at \[0, 1\] \(2 of 4 .*: it is transposed"),
        (EXPECTED[::-1], EXPECTED, "reverse order"),
        (EXPECTED * (1 + 1e-5), EXPECTED, "digits are lost"),
        (EXPECTED * 3, EXPECTED, "too large by one and the same factor$"),
        (EXPECTED / -3, EXPECTED, "too small .* factor, and of the wrong sign"),
        (EXPECTED + 1, EXPECTED, "off by one and the same amount"),
        (np.full((2, 3), 7.0), EXPECTED, "the same all along axis 0"),
        (EXPECTED[:, :1] * np.ones(3), EXPECTED, "the same all along axis 1"),
        ([1.0, 2.0, 7.0], [1.0, 2.0, 3.0], r"at \[2\] \(1 of 3 .*is too large in size"),
        ([1.0, 2.0, 1.0], [1.0, 2.0, 3.0], "is too small in size"),
        ([1.0, 2.0, -1.0], [1.0, 2.0, 3.0], "has the wrong sign"),
        ([1.0, 0.0, 3.0], [1.0, 2.0, 3.0], "is zero"),
        ([1.0, 1.0, 3.0], [1.0, 0.0, 3.0], "is not zero"),
        (0.25, 0.5, "y has a wrong value: it is too small in size"),
    ],
)
def test_what_is_wrong_is_named(actual, expected, message):
    if isinstance(actual, list) and isinstance(expected, list):
        actual = np.array(actual)
    with pytest.raises(CheckFailed, match=message):
        check_array("y", actual, expected)


def test_tolerances_are_relative_to_what_is_expected():
    check_array("y", 2 * (1 + 0.99e-7), 2.0)
    check_array("y", 2.0 + 0.9e-3, 2.0, rtol=0, atol=1e-3)
    for actual, settings in (
        (2 * (1 + 1.01e-7), {}),
        (2 * (1 - 1.01e-7), {}),
        (1e-300, {}),
        (2.0 + 1.1e-3, {"rtol": 0, "atol": 1e-3}),
    ):
        expected = 0.0 if actual < 1 else 2.0
        with pytest.raises(CheckFailed):
            check_array("y", actual, expected, **settings)


def test_no_message_tells_the_expected_value():
    expected = np.array([0.123456, 0.654321])
    for actual in (expected * 2, expected + 1, expected[::-1], -expected, expected * 0):
        with pytest.raises(CheckFailed) as failed:
            check_array("y", actual.copy(), expected)
        assert "1234" not in str(failed.value)
        assert "6543" not in str(failed.value)


def test_questions_come_in_order():
    """A wrong shape is named before a wrong dtype, a wrong dtype before NaN."""
    answer = np.full((3, 2), np.nan, np.float32)
    with pytest.raises(CheckFailed, match="shape"):
        check_array("y", answer, EXPECTED, dtype=np.float64)
    with pytest.raises(CheckFailed, match="y has dtype float32, expected float64"):
        check_array("y", answer.T, EXPECTED, dtype=np.float64)
    with pytest.raises(CheckFailed, match="not finite"):
        check_array("y", answer.T, EXPECTED, dtype=np.float32)


def test_a_form_is_all_but_the_values():
    assert check_form("y", np.float32(3), shape=(), dtype=np.float32) == 3
    with pytest.raises(CheckFailed, match="y is None"):
        check_form("y", None, shape=())
    with pytest.raises(CheckFailed, match=r"y has shape \(3,\), expected \(2,\)"):
        check_form("y", np.zeros(3), shape=(2,))
    with pytest.raises(CheckFailed, match="y has dtype float64, expected float32"):
        check_form("y", np.zeros(3), shape=(3,), dtype=np.float32)
    with pytest.raises(CheckFailed, match=r"y is not finite: inf at \[1\]"):
        check_form("y", np.array([0, np.inf]), shape=(2,))


def test_an_expected_nan_is_the_authors_error():
    with pytest.raises(ValueError, match="expected value of y is not finite"):
        check_array("y", 1.0, np.nan)


def test_replaced_numpy_functions_change_nothing(monkeypatch):
    for name in ("allclose", "isclose", "array_equal", "isfinite", "abs", "absolute"):
        monkeypatch.setattr(np, name, lambda *args, **kwargs: True)
    monkeypatch.setattr(np.testing, "assert_allclose", lambda *args, **kwargs: None)
    with pytest.raises(CheckFailed):
        check_array("y", 2.0, 1.0)


def test_check_wants_a_real_truth_value():
    check(True, "no")
    check(np.True_, "no")
    for condition in (False, np.False_, AlwaysEqual(), 1, "yes", None):
        with pytest.raises(CheckFailed, match=r"^the message$"):
            check(condition, "the message")


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "end in a return"),
        (1.0, "returned a float, expected the pair"),
        ((1.0, 2.0, 3.0), "returned 3 things"),
        ((1.0, 2.0), "returned a float as its backward"),
    ],
)
def test_an_operation_returns_a_pair(result, message):
    with pytest.raises(CheckFailed, match=message):
        check_operation("sigmoid", result)
    pair = (1.0, abs)
    assert check_operation("sigmoid", pair) == pair


def test_a_quiet_call_returns_its_result():
    assert check_quiet("sqrt", np.sqrt, 4.0) == 2
    with (
        np.errstate(divide="warn"),
        pytest.raises(CheckFailed, match=r"log warns\. RuntimeWarning: divide by zero"),
    ):
        check_quiet("log", np.log, np.zeros(2))


def test_an_unchanged_array_is_unchanged_in_every_bit():
    x = np.array([0.0, np.nan, 1.0])
    check_unchanged("x", x.copy(), x)
    for other in (-x, x[:2], x.astype(np.float32), np.nextafter(x, 2)):
        with pytest.raises(CheckFailed, match="x was changed by your code"):
            check_unchanged("x", x, other)


def test_check_raises():
    assert isinstance(check_raises(ValueError, int, "x"), ValueError)
    with pytest.raises(CheckFailed, match="int raised ValueError, expected KeyError"):
        check_raises(KeyError, int, "x")
    with pytest.raises(CheckFailed, match="int raised nothing, expected KeyError"):
        check_raises(KeyError, int, "1")


def test_success_prints_one_line(capfd):
    with checking("the first step"):
        pass
    assert capfd.readouterr() == ("the first step: passed\n", "")


def test_what_the_students_code_prints_logs_or_warns_of_is_swallowed(capfd):
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    filters, errors = warnings.filters[:], np.geterr()
    try:
        with checking("noise"):
            print("out")
            print("err", file=sys.stderr)
            logging.getLogger("mine").error("log")
            np.exp(np.float64(1000))
            warnings.warn("silenced", stacklevel=1)
            warnings.resetwarnings()
            warnings.simplefilter("always")
            warnings.warn("filters reset", stacklevel=1)
            np.seterr(all="warn")
            np.exp(np.float64(1000))
    finally:
        logging.getLogger().removeHandler(handler)
    assert capfd.readouterr() == ("noise: passed\n", "")
    assert warnings.filters == filters
    assert np.geterr() == errors
    assert logging.root.manager.disable == logging.NOTSET


def test_a_warning_is_not_heard_even_when_filters_are_reset():
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with checking("noise"):
            warnings.resetwarnings()
            warnings.warn("filters reset", stacklevel=1)
    assert heard == []


def test_warnings_stay_warnings_for_code_that_turns_them_into_errors():
    """A student may catch a RuntimeWarning to choose another branch."""
    with checking("overflow"), pytest.raises(RuntimeWarning):  # noqa: PT012
        warnings.simplefilter("error")
        np.exp(np.float64(1000))


def run_cells(answer: str, test: str) -> str:
    """The message of a test cell that fails on an answer cell's code."""
    notebook = {"checking": checking, "check_array": check_array}
    exec(compile(textwrap.dedent(answer), "<answer>", "exec"), notebook)
    with pytest.raises(CheckFailed) as failed:
        exec(compile(textwrap.dedent(test), "<test>", "exec"), notebook)
    assert failed.value.__suppress_context__
    assert failed.value._render_traceback_() == [f"CheckFailed: {failed.value}"]
    return str(failed.value)


TEST = """
with checking("a title"):
    check_array("y", double(1.0), 2.0)
"""


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "double is not defined. Has the cell that defines it run?"),
        (
            "def double(x):\n    raise NotImplementedError",
            "there is no answer yet (double, line 2)",
        ),
        (
            "def double(x):\n    return x.two",
            "your code raised AttributeError: 'float' object has no attribute 'two' "
            "(double, line 2)",
        ),
        (
            "def double(x):\n    return twice(x)",
            "your code raised NameError: name 'twice' is not defined (double, line 2)",
        ),
        (
            "import numpy as np\ndef double(x):\n    return np.reshape(x, (2, 2))",
            "your code raised ValueError: cannot reshape array of size 1 into shape "
            "(2,2) (double, line 3)",
        ),
        ("def double(x):\n    raise SystemExit", "SystemExit (double, line 2)"),
        ("def double(): pass", "TypeError: double() takes 0 positional arguments"),
        ("def double(x): return x", "y has a wrong value: it is too small in size"),
    ],
)
def test_an_error_is_described_in_one_line(answer, message):
    assert f"a title: {message}" in run_cells(answer, TEST) or (
        f"a title: your code raised {message}" in run_cells(answer, TEST)
    )


def test_a_line_of_the_test_is_never_shown():
    """A function of the test cell that fails inside the student's code."""
    answer = "def double(f):\n    return f()"
    test = """
    with checking("a title"):
        def hidden():
            return 1 / 0
        double(hidden)
    """
    message = run_cells(answer, test)
    assert message.startswith("a title: your code raised ZeroDivisionError")
    assert "(double, line 2)" in message


def test_the_interrupt_of_a_time_limit_passes_through():
    with pytest.raises(KeyboardInterrupt), checking("an endless loop"):
        raise KeyboardInterrupt


def test_values_whose_squares_underflow_are_compared_too() -> None:
    tiny = np.exp(np.array([-712.0, -720.0, -730.0]))
    with pytest.raises(CheckFailed, match="wrong value"):
        check_array("y", 1.5 * tiny, tiny)
