"""The wrong and the right answers that an assignment knows.

`mistakes.py` and `variants.py` lie beside its source and are text notebooks too:

    # %% adam_step: frozen t | fails: test_second_step
    "The hint that whoever made this mistake needs."
    def adam_step(...): ...

replaces the cell `adam_step`. Consecutive cells of one name are one mistake. A variant
is another correct answer; its first statement says what is different.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from course_grader import assignment as assignments
from course_grader import percent
from course_grader.assignment import Assignment
from course_grader.percent import Block, SourceError

TITLE = re.compile(r"(?P<cell>\w+)\s*:\s*(?P<name>[^|]+?)\s*(?:\|\s*(?P<rest>.*))?")
FAILS = re.compile(r"fails\s*:\s*(?P<tests>.*)")


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give.

    Attributes:
        name: a few words.
        cells: the sources that take the place of the reference's, by grade_id.
        hint: what its author should hear.
        fails: the tests that it fails; it passes all others.
    """

    name: str
    cells: dict[str, str]
    hint: str
    fails: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """Another correct answer, which gets full marks.

    Attributes:
        hint: how it differs from the reference.
    """

    name: str
    cells: dict[str, str]
    hint: str
    fails: tuple[str, ...] = ()


def mistakes(name: str, root: Path | None = None) -> list[Mistake]:
    """The mistakes of an assignment, in the order of their file.

    Raises:
        SourceError: one names an unknown cell or test, has no hint, fails no test, or
            is there twice.
    """
    assignment = assignments.load(name, root)
    path = assignment.folder / "mistakes.py"
    found = []
    for title, cells, hint, fails, line in _entries(path, assignment):
        if not fails:
            raise SourceError(
                path, line, f"{title}: which tests does it fail? Add `| fails: test_…`."
            )
        found.append(Mistake(title, cells, hint, fails))
    return found


def variants(name: str, root: Path | None = None) -> list[Variant]:
    """The variants of an assignment, in the order of their file.

    Raises:
        SourceError: as for mistakes; and a variant fails no test.
    """
    assignment = assignments.load(name, root)
    path = assignment.folder / "variants.py"
    found = []
    for title, cells, hint, fails, line in _entries(path, assignment):
        if fails:
            raise SourceError(path, line, f"{title}: a variant fails no test.")
        found.append(Variant(title, cells, hint))
    return found


Entry = tuple[str, dict[str, str], str, tuple[str, ...], int]


def _entries(path: Path, assignment: Assignment) -> list[Entry]:
    if not path.is_file():
        return []
    entries: list[Entry] = []
    for block in percent.read(path):
        if block.kind != "code":
            continue  # a word to whoever reads the file
        cell, name, fails = _title(path, block, assignment)
        hint, source = _hint_and_source(path, block, name)
        if source.strip() == assignment.cells[cell].source.strip():
            raise SourceError(path, block.line, f"{name}: this is the reference.")
        if entries and entries[-1][0] == name:
            _, cells, first, before, line = entries[-1]
            if cell in cells:
                raise SourceError(
                    path, block.line, f"{name}: the cell {cell} is given twice."
                )
            both = tuple(dict.fromkeys(before + fails))
            entry = (name, {**cells, cell: source}, first or hint, both, line)
            entries[-1] = entry
        else:
            entries.append((name, {cell: source}, hint, fails, block.line))
    seen: dict[str, int] = {}
    for name, _, hint, _, line in entries:
        if name in seen:
            raise SourceError(
                path, line, f"{name}: this name is taken in line {seen[name]}."
            )
        if not hint:
            raise SourceError(
                path, line, f"{name}: the first statement should be a string, the hint."
            )
        seen[name] = line
    return entries


def _title(
    path: Path, block: Block, assignment: Assignment
) -> tuple[str, str, tuple[str, ...]]:
    match = TITLE.fullmatch(block.title)
    if match is None:
        raise SourceError(
            path, block.line, f"expected `# %% cell: name`, found {block.title!r}."
        )
    cell, name, rest = match["cell"], match["name"], match["rest"]
    if cell not in assignment.solution_ids:
        raise SourceError(
            path,
            block.line,
            f"{name}: {cell} is no cell that students fill with code. There are: "
            f"{', '.join(assignment.solution_ids)}.",
        )
    if rest is None:
        return cell, name, ()
    fails = FAILS.fullmatch(rest)
    if fails is None:
        raise SourceError(
            path, block.line, f"{name}: expected `| fails: test_…`, found {rest!r}."
        )
    tests = tuple(x for x in re.split(r"[,\s]+", fails["tests"]) if x)
    for test in tests:
        if test not in assignment.test_ids:
            raise SourceError(
                path,
                block.line,
                f"{name}: there is no test {test!r}. There are: "
                f"{', '.join(assignment.test_ids)}.",
            )
    return cell, name, tests


def _hint_and_source(path: Path, block: Block, name: str) -> tuple[str, str]:
    """The string that the cell begins with, in one line, and what follows it."""
    try:
        body = ast.parse(block.source).body
    except SyntaxError as error:
        raise SourceError(
            path, block.line + (error.lineno or 0), f"{name}: {error.msg}."
        ) from None
    match body[:1]:
        case [ast.Expr(value=ast.Constant(value=str(text))) as first]:
            lines = block.source.split("\n")[first.end_lineno :]
            return " ".join(text.split()), "\n".join(lines).strip("\n")
    return "", block.source
