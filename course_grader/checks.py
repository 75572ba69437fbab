"""Checks of a student's answer that say what is wrong with it.

A check asks one question after another: is there an answer, is it an array, has it the
shape, the dtype, is it finite, are its values right? It names the first that fails, the
place and the kind of wrong, in words that help; it never tells the right value.

What NumPy offers is bound here at import, and an answer must be exactly an array or a
number: code that replaces `np.allclose`, or an object that claims to equal everything,
changes nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numpy import (
    absolute,
    argwhere,
    asarray,
    bool_,
    errstate,
    isfinite,
    ndarray,
    number,
    sctypeDict,
)
from numpy import dtype as dtype_of
from numpy.typing import ArrayLike, DTypeLike

from course_grader.silence import silence
from course_grader.student_errors import LONGEST_MESSAGE, describe_error
from course_grader.wrong_values import describe_shape, describe_values, place
from course_lib.types import Array

_ARRAYS = frozenset(
    {ndarray, *(kind for kind in sctypeDict.values() if issubclass(kind, number))}
)
_NUMBERS = frozenset({int, float})


class CheckFailed(AssertionError):  # noqa: N818
    """An answer is wrong; the message says how."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of the error: its message, and none of the test."""
        return [f"CheckFailed: {self}"]


@contextmanager
def checking(title: str) -> Iterator[None]:
    """Everything a test cell does stands in this block.

    What the student's code prints, logs or warns of is swallowed: it is no reason for
    losing points, and could show a test's inputs. NumPy's error state and the filters
    for warnings are put back afterwards.

    Args:
        title: what the block checks. It begins every message.

    Raises:
        CheckFailed: a check failed, or the student's code raised an error. The message
            says which and, for an error, where in the student's own code.
    """
    failure = None
    with silence():
        try:
            yield
        except CheckFailed as error:
            failure = str(error)
        except (Exception, SystemExit) as error:
            failure = describe_error(error)
    if failure is not None:
        raise CheckFailed(f"{title}: {failure}") from None
    print(f"{title}: passed")


def check(condition: bool, message: str) -> None:
    """Fail with the message unless the condition holds.

    Args:
        condition: True or False itself, Python's or NumPy's: no object that only acts
            like it.
        message: what is wrong, without the right value.
    """
    if type(condition) not in (bool, bool_) or not condition:
        raise CheckFailed(message)


def check_array(
    name: str,
    actual: object,
    expected: ArrayLike,
    *,
    rtol: float = 1e-7,
    atol: float = 0.0,
    dtype: DTypeLike | None = None,
) -> None:
    """Fail unless |actual − expected| ≤ atol + rtol·|expected| for every entry.

    Args:
        name: what the message calls the array.
        actual: the student's array or number.
        expected: what it should be: finite numbers.
        rtol, atol: relative and absolute tolerance.
        dtype: the dtype it must have; any number will do by default.

    Raises:
        CheckFailed: the message names the first of presence, type, shape, dtype,
            finiteness and values that is wrong.
        ValueError: `expected` is not finite: the test is wrong, not the answer.
    """
    right = asarray(expected, dtype=float)
    if not isfinite(right).all():
        raise ValueError(f"check_array: the expected value of {name} is not finite")
    answer = check_form(name, actual, shape=right.shape, dtype=dtype)
    with errstate(all="ignore"):
        floats = answer.astype(float)
        wrong = ~(absolute(floats - right) <= atol + rtol * absolute(right))
        if wrong.any():
            raise CheckFailed(describe_values(name, floats, right, wrong))


def check_form(
    name: str,
    actual: object,
    *,
    shape: tuple[int, ...],
    dtype: DTypeLike | None = None,
) -> Array:
    """Fail unless the answer is an array or a number of this shape, and finite.

    Args:
        name, actual, dtype: as for `check_array`, which also asks for the values.
        shape: the shape it must have; () for a number.

    Returns:
        The answer as an array.
    """
    answer = _as_array(name, actual)
    if answer.shape != shape:
        raise CheckFailed(describe_shape(name, answer.shape, shape))
    if dtype is not None and answer.dtype != dtype_of(dtype):
        raise CheckFailed(
            f"{name} has dtype {answer.dtype}, expected {dtype_of(dtype)}"
        )
    not_finite = argwhere(~isfinite(answer))
    if len(not_finite):
        where = tuple(not_finite[0].tolist())
        raise CheckFailed(
            f"{name} is not finite: {answer[where]}{place(where)}. Is there 0/0, an "
            "overflow such as the exponential of a large number, or ∞ − ∞?"
        )
    return answer


def check_operation(name: str, result: object) -> tuple[Any, Callable[..., Any]]:
    """Fail unless the result of an operation is a pair (value, backward).

    Args:
        name: the operation's name.
        result: what it returned.

    Returns:
        The value, still to be checked, and the backward function.
    """
    if result is None:
        raise CheckFailed(f"{name} returned None. Does it end in a return?")
    if type(result) is not tuple or len(result) != 2:
        what = f"a {type(result).__name__}"
        if type(result) is tuple:
            what = f"{len(result)} things"
        raise CheckFailed(f"{name} returned {what}, expected the pair value, backward")
    value, backward = result
    if not callable(backward):
        raise CheckFailed(
            f"{name} returned a {type(backward).__name__} as its backward, expected a "
            "function of dy. Is it the function itself, and not its result?"
        )
    return value, backward


def check_quiet(name: str, function: Callable[..., Any], *args: object) -> Any:
    """Fail if the call warns, as NumPy does of an overflow.

    Args:
        name: what the message calls the function.
        function, args: what is called, and with what.

    Returns:
        What the function returned.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*args)
    if caught:
        warning = caught[0]
        message = f"{warning.category.__name__}: {warning.message}"
        raise CheckFailed(f"{name} warns. {message[:LONGEST_MESSAGE]}")
    return result


def check_unchanged(name: str, before: Array, after: Array) -> None:
    """Fail if an array that the student's code was given is no longer what it was.

    Args:
        name: what the message calls the array.
        before: a copy made before the student's code ran.
        after: the array itself, afterwards.
    """
    same = before.shape == after.shape and before.dtype == after.dtype
    if not same or before.tobytes() != after.tobytes():
        raise CheckFailed(
            f"{name} was changed by your code, but it is the caller's. Does an "
            "operator such as += or *=, or an out=, write into it?"
        )


def check_raises(
    error: type[BaseException],
    function: Callable[..., object],
    *args: object,
    **settings: object,
) -> BaseException:
    """Fail unless the call raises the error.

    Returns:
        The error that was raised.
    """
    name = getattr(function, "__name__", "the function")
    try:
        function(*args, **settings)
    except error as raised:
        return raised
    except Exception as raised:
        raise CheckFailed(
            f"{name} raised {type(raised).__name__}, expected {error.__name__}"
        ) from None
    raise CheckFailed(f"{name} raised nothing, expected {error.__name__}")


def _as_array(name: str, actual: object) -> Array:
    kind = type(actual)
    if actual is None or actual is Ellipsis:
        raise CheckFailed(f"{name} is {actual}: there is no answer yet")
    if kind not in _ARRAYS and kind not in _NUMBERS:
        raise CheckFailed(
            f"{name} is a {kind.__name__}, expected a NumPy array or a number"
        )
    answer = asarray(actual)
    if answer.dtype.kind not in "iuf":
        raise CheckFailed(f"{name} has dtype {answer.dtype}, expected real numbers")
    return answer
