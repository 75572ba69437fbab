"""What kind of wrong an array is, in words. The right values are never told."""

from math import prod

from numpy import absolute, argwhere, moveaxis

from course_lib.types import Array

Shape = tuple[int, ...]


def describe_shape(name: str, shape: Shape, expected: Shape) -> str:
    """What is wrong with a shape, and what may have caused it."""
    hint = ""
    if len(shape) > 1 and shape == expected[::-1]:
        hint = ". Is it transposed?"
    elif prod(shape) == prod(expected):
        hint = ". Was an axis of length 1 added or dropped, or a reshape forgotten?"
    elif len(shape) < len(expected):
        hint = ". Was it summed over an axis, or does one entry stand for all?"
    elif len(shape) > len(expected) or prod(shape) > prod(expected):
        hint = ". Did broadcasting make it larger, or is a sum over an axis missing?"
    return f"{name} has shape {shape}, expected {expected}{hint}"


def describe_values(name: str, answer: Array, right: Array, wrong: Array) -> str:
    """The first wrong entry's place, how many there are, and what kind of wrong it is.

    Args:
        name: what the message calls the array.
        answer, right: arrays of one shape.
        wrong: where they differ, an array of truth values.
    """
    where = tuple(argwhere(wrong)[0].tolist())
    kind = _kind_of_wrong(answer, right)
    if kind is None:
        kind = _kind_of_entry(float(answer[where]), float(right[where]))
        kind = f"{'the first wrong entry' if right.ndim else 'it'} {kind}"
    count = f" ({wrong.sum()} of {wrong.size} entries are wrong)" if right.ndim else ""
    return f"{name} has a wrong value{place(where)}{count}: {kind}"


def place(where: tuple[int, ...]) -> str:
    """An index for use within a sentence; nothing for a single number."""
    return f" at {list(where)}" if where else ""


def _kind_of_wrong(answer: Array, right: Array) -> str | None:
    """What one cause may have done to the array as a whole."""
    if not answer.any():
        return "it is zero" + (" everywhere" if right.ndim else "")
    if _close(-answer, right):
        return "its sign is reversed"
    if answer.ndim == 2 and answer.shape == answer.T.shape and _close(answer.T, right):
        return "it is transposed"
    if answer.ndim and _close(answer[::-1], right):
        return "its entries are in reverse order"
    if _close(answer, right, 1e-3):
        return "it is close, but digits are lost. Is something rounded or cancelled?"
    size_squared = float((right * right).sum())  # 0 also where squares underflow
    if (right != 0).sum() > 1 and size_squared > 0:
        factor = float((answer * right).sum()) / size_squared
        if _close(answer, factor * right):
            size = "large" if abs(factor) > 1 else "small"
            sign = ", and of the wrong sign" if factor < 0 else ""
            return f"every entry is too {size} by one and the same factor{sign}"
    if answer.size > 1 and _close(answer - (answer - right).mean(), right):
        return "every entry is off by one and the same amount"
    for axis in range(answer.ndim):
        if _is_constant(answer, axis) and not _is_constant(right, axis):
            return (
                f"it is the same all along axis {axis}. Was it summed or averaged over "
                "that axis and broadcast back, or is one entry used for all?"
            )
    return None


def _kind_of_entry(answer: float, right: float) -> str:
    if answer == 0:
        return "is zero"
    if right == 0:
        return "is not zero, as it should be"
    if (answer < 0) != (right < 0):
        return "has the wrong sign"
    return f"is too {'large' if abs(answer) > abs(right) else 'small'} in size"


def _close(a: Array, b: Array, rtol: float = 1e-6) -> bool:
    return bool((absolute(a - b) <= rtol * absolute(b)).all())


def _is_constant(x: Array, axis: int) -> bool:
    first, *others = moveaxis(x, axis, 0)
    return bool(others) and all(_close(other, first) for other in others)
