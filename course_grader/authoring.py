"""What an author's cell says, completed and checked.

An author writes `nbgrader={"grade_id": "adam_step", "solution": true}`; nbgrader wants
all of its fields. What would go wrong only when students' work is graded is refused
here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_grader import regions
from course_grader.cells import grade_id, is_manual, is_solution, is_test
from course_grader.magics import without_magics
from course_grader.percent import Block, SourceError

SCHEMA_VERSION = 3
KEYS = {"grade_id", "solution", "points"}
# A grade_id becomes the cell's id, which the notebook format limits to 64 characters.
GRADE_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


def completed(path: Path, block: Block) -> NotebookNode:
    """nbgrader's metadata for a cell, from the short form.

    Raises:
        SourceError: a key is unknown, or the keys don't go together.
    """
    short: Any = block.options["nbgrader"]

    def refuse(message: str) -> SourceError:
        return SourceError(path, block.line, message)

    if not isinstance(short, dict):
        raise refuse('nbgrader= should be an object such as {"grade_id": "adam_step"}.')
    name = short.get("grade_id")
    if not isinstance(name, str) or not GRADE_ID.fullmatch(name):
        raise refuse(f"the grade_id {name!r} is not a name in snake_case.")
    if unknown := sorted(set(short) - KEYS):
        raise refuse(
            f"{name}: unknown key {unknown[0]!r}. The short form has "
            f"{', '.join(sorted(KEYS))}."
        )
    solution = short.get("solution", False)
    if not isinstance(solution, bool):
        raise refuse(f"{name}: solution is {solution!r}, expected true or false.")
    worth = short.get("points")
    grade = worth is not None
    if grade and (isinstance(worth, bool) or not isinstance(worth, int | float)):
        raise refuse(f"{name}: points are {worth!r}, expected a number.")
    if worth is not None and worth <= 0:
        raise refuse(f"{name}: points are {worth}, expected more than 0.")
    if block.kind == "raw":
        raise refuse(f"{name}: a raw cell can't be graded or locked.")
    if block.kind == "markdown" and grade != solution:
        raise refuse(
            f"{name}: a text is graded by a person, so it is an answer with points: "
            'give both "solution": true and "points", or neither.'
        )
    hidden_tests = f"BEGIN {regions.HIDDEN}" in block.source
    if not grade and not solution and (name.startswith("test_") or hidden_tests):
        raise refuse(f"{name} is a test without points.")
    marks = {
        "grade": grade,
        "grade_id": name,
        "locked": not solution,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    return NotebookNode({**marks, "points": worth} if grade else marks)


def check_source(path: Path, block: Block, cell: NotebookNode) -> None:
    """Hold a cell's text to what its metadata says.

    Raises:
        SourceError: markers are missing, unbalanced or in a cell of the wrong kind; the
            code does not parse, with its solution or as students get it; a test ends
            in a value, which nbgrader would take as the mark.
    """
    name = grade_id(cell) or "a cell without grade_id"
    source = cell.source

    def refuse(message: str, line: int = 0) -> SourceError:
        return SourceError(path, block.line + line, f"{name}: {message}")

    try:
        solutions = regions.find(source, regions.SOLUTION)
        hidden = regions.find(source, regions.HIDDEN)
    except regions.RegionError as error:
        raise refuse(f"{error}.", error.line) from None
    answer = is_solution(cell) or is_manual(cell)
    if hidden and not is_test(cell):
        kind = "an answer's cell" if answer else "a cell that is not graded"
        raise refuse(f"hidden tests in {kind}. Students would see them.", hidden[0][0])
    if solutions and not answer:
        raise refuse(
            'a solution in a cell that is no answer. Is "solution": true missing?',
            solutions[0][0],
        )
    if answer and not solutions:
        raise refuse("an answer's cell without BEGIN SOLUTION and END SOLUTION.")
    if cell.cell_type != "code":
        return
    tree = _parsed(source, refuse, "the code does not parse")
    if is_test(cell) and tree.body and isinstance(tree.body[-1], ast.Expr):
        raise refuse(
            "the test ends in an expression, whose value nbgrader would take as the "
            "mark. Let it end in a statement, as in `with checking(…):`.",
            tree.body[-1].lineno,
        )
    released = regions.without(regions.stubbed(source, code=True), regions.HIDDEN)
    _parsed(
        released,
        refuse,
        "without what students don't see, nothing is left of a block, or it does not "
        "parse",
    )


def _parsed(source: str, refuse: Any, message: str) -> ast.Module:
    try:
        return ast.parse(without_magics(source))
    except SyntaxError as error:
        raise refuse(f"{message}: {error.msg}.", error.lineno or 0) from None
