"""Regions of a cell between a BEGIN and an END marker, as nbgrader reads them.

`### BEGIN SOLUTION` … `### END SOLUTION` becomes a stub in what students get, and
`### BEGIN HIDDEN TESTS` … `### END HIDDEN TESTS` disappears.
"""

from __future__ import annotations

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)
SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"


class RegionError(ValueError):
    """A marker without its partner.

    Attributes:
        line: of the marker, counted from 1 within the cell.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def find(source: str, name: str) -> list[tuple[int, int]]:
    """The first and last line of each region, markers included, counted from 1.

    Raises:
        RegionError: a region begins within another, or lacks its beginning or end.
    """
    regions = []
    begin = None
    for number, line in enumerate(source.split("\n"), start=1):
        if f"BEGIN {name}" in line:
            if begin is not None:
                raise RegionError(number, f"a second BEGIN {name} before END {name}")
            begin = number
        elif f"END {name}" in line:
            if begin is None:
                raise RegionError(number, f"END {name} without BEGIN {name}")
            regions.append((begin, number))
            begin = None
    if begin is not None:
        raise RegionError(begin, f"BEGIN {name} without END {name}")
    return regions


def without(source: str, name: str) -> str:
    """The source with every such region taken out."""
    return _replaced(source, name, ())


def stubbed(source: str, *, code: bool) -> str:
    """The source as a student gets it: a stub where each solution was.

    Args:
        code: whether the cell is code; the stub then raises NotImplementedError.
    """
    return _replaced(source, SOLUTION, CODE_STUB if code else TEXT_STUB)


def unmarked(source: str, name: str) -> str:
    """The source without the markers' own lines."""
    marks = (f"BEGIN {name}", f"END {name}")
    lines = source.split("\n")
    return "\n".join(x for x in lines if not any(mark in x for mark in marks))


def _replaced(source: str, name: str, stub: tuple[str, ...]) -> str:
    lines = source.split("\n")
    for begin, end in reversed(find(source, name)):
        first = lines[begin - 1]
        indent = first[: len(first) - len(first.lstrip())]
        lines[begin - 1 : end] = [indent + line for line in stub]
    return "\n".join(lines)
