"""Why a cell failed, told so that its author can act on it and learns nothing hidden.

A hidden test may feed a student's code with inputs that nobody should see, and the code
may put them into an exception's message. So within a hidden region only the course's
own words, the exception's type and the student's own lines are shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course_grader import regions

# "mean() takes 1 positional argument but 2 were given": nothing but names and numbers.
CALL = re.compile(r"[\w.]+\(\) (takes|missing|got) ")


@dataclass(frozen=True)
class Cell:
    """What is known of a cell while it runs.

    Attributes:
        name: its grade_id, or a description such as "cell 4".
        locked: whether it is the assignment's own.
    """

    name: str
    source: str
    locked: bool


@dataclass(frozen=True)
class Failure:
    """Why a cell failed.

    Attributes:
        kind: the exception's type, or "Timeout", "Crash", "NotRun".
        message: one or two sentences, safe to show to the student.
        traceback: the lines of the student's own cells that led there; may be empty.
        hidden: whether it arose in a hidden test.
        line: the line of the failing cell itself where it arose, from 1; 0 if unknown.
    """

    kind: str
    message: str
    traceback: str = ""
    hidden: bool = False
    line: int = 0


def explained(error: dict[str, Any], index: int, cells: Sequence[Cell]) -> Failure:
    """The failure of cell `index`, from what the process reported.

    Args:
        error: its "type" and "message"; "frames", the cells and lines it passed
            through; "checks", whether course_grader raised it, so that its words are
            the course's own; "titled", what `checking` made of it, or "".
        cells: the notebook's cells, as the frames count them.
    """
    frames = [(cells[i], line) for i, line in error["frames"]]
    own = [(cell, line) for cell, line in frames if not cell.locked]
    line = next((n for i, n in error["frames"] if i == index), 0)
    hidden = any(
        first <= line <= last for first, last in _hidden_regions(cells[index].source)
    )
    kind, title = error["type"], error["titled"].partition(": ")[0]
    if error["checks"] and not own:
        message = error["titled"] or error["message"]
        return Failure(kind, message, "", hidden, line)
    if own:
        message = _of_student(error, *own[-1], hidden)
    else:
        message = _of_test(error, cells[index], line, hidden)
    message = f"{title}: {message}" if title else message
    return Failure(kind, message, _traceback(own), hidden, line)


def _of_student(error: dict[str, Any], cell: Cell, line: int, hidden: bool) -> str:
    """What the student's code raised."""
    kind, text = error["type"], _line(cell, line)
    where = f"in line {line} of the cell {cell.name}: `{text}`"
    if kind == "NotImplementedError" and text.startswith("raise NotImplementedError"):
        return f"the cell {cell.name} is not answered yet."
    if kind in ("SystemExit", "KeyboardInterrupt"):
        return f"the code ends the program ({kind}) {where}. Let it return instead."
    if hidden or not error["message"]:
        return f"{kind} {where}"
    return f"{kind}: {error['message']} ({where})"


def _of_test(error: dict[str, Any], cell: Cell, line: int, hidden: bool) -> str:
    """What the test's own code raised: a name that isn't there, a result of the wrong
    kind that it can't work with."""
    kind, message = error["type"], error["message"]
    if kind == "NameError" or CALL.match(message) or (not hidden and message):
        return f"{kind}: {message}"
    if kind == "AssertionError":
        return "a check failed." if hidden else f"a check failed: `{_line(cell, line)}`"
    return f"{kind}: the test can't work with what the code returned."


def _traceback(frames: Sequence[tuple[Cell, int]]) -> str:
    return "\n".join(
        f"cell {cell.name}, line {line}\n    {_line(cell, line)}"
        for cell, line in frames
    )


def _line(cell: Cell, number: int) -> str:
    lines = cell.source.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _hidden_regions(source: str) -> list[tuple[int, int]]:
    try:
        return regions.find(source, regions.HIDDEN)
    except regions.RegionError:
        return []
