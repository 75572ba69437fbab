"""An assignment: one text notebook with solutions, tests and points.

`solutions/<name>/<name>.py` is its only source. Cells carry nbgrader's metadata in a
short form, which is completed here, and every inconsistency is an error that names the
file, the line and the cell.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_raw_cell,
)

from course_grader import authoring, percent, regions
from course_grader.cells import (
    grade_id,
    is_manual,
    is_solution,
    is_test,
    points,
    source_of,
)
from course_grader.magics import without_magics
from course_grader.percent import SourceError
from course_grader.repository import names, repository

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


@dataclass(frozen=True)
class Assignment:
    """What `solutions/<name>/<name>.py` says.

    Attributes:
        name: of the folder, the file and the notebook.
        folder: where its source, mistakes and variants lie.
        notebook: the master: solutions, hidden tests and all, in nbgrader's form.
    """

    name: str
    folder: Path
    notebook: NotebookNode

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """The cells that have a grade_id, by it."""
        found = {grade_id(cell): cell for cell in self.notebook.cells}
        return {name: cell for name, cell in found.items() if name}

    @cached_property
    def solution_ids(self) -> list[str]:
        """The cells of code that a student fills."""
        return [x for x, cell in self.cells.items() if is_solution(cell)]

    @cached_property
    def manual_ids(self) -> list[str]:
        """The cells that a person grades."""
        return [x for x, cell in self.cells.items() if is_manual(cell)]

    @cached_property
    def answer_ids(self) -> list[str]:
        """Every cell that belongs to the student: code and text."""
        return [
            x for x, cell in self.cells.items() if is_solution(cell) or is_manual(cell)
        ]

    @cached_property
    def test_ids(self) -> list[str]:
        """The autograded tests."""
        return [x for x, cell in self.cells.items() if is_test(cell)]

    @cached_property
    def definitions(self) -> dict[str, str]:
        """The names that the solutions define at top level, each with its cell."""
        found = {}
        for name in self.solution_ids:
            for statement in ast.parse(without_magics(self.cells[name].source)).body:
                found.update(dict.fromkeys(_defined(statement), name))
        return found

    @property
    def max_autograded(self) -> float:
        """The points that tests give."""
        return sum(points(self.cells[x]) for x in self.test_ids)

    @property
    def max_score(self) -> float:
        """All points: those that tests give, and those that a person gives."""
        return self.max_autograded + sum(points(self.cells[x]) for x in self.manual_ids)


def load(name: str, root: Path | None = None) -> Assignment:
    """The assignment of this name.

    Args:
        root: the repository; by default the one that the working directory is in.

    Raises:
        SourceError: its source is inconsistent.
        ValueError: there is no such assignment.
    """
    folder = repository(root) / "solutions" / name
    path = folder / f"{name}.py"
    if not path.is_file():
        known = ", ".join(names(root)) or "none"
        raise ValueError(f"there is no assignment {name!r}. There are: {known}.")
    notebook = new_notebook(
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "course": {"assignment": name},
        }
    )
    anchor, since = "start", 0
    lines: dict[str, int] = {}
    for block in percent.read(path):
        cell = NEW_CELL[block.kind](block.source)
        if "nbgrader" in block.options:
            cell.metadata.nbgrader = authoring.completed(path, block)
            anchor, since = cell.metadata.nbgrader.grade_id, 0
            if anchor in lines:
                raise SourceError(
                    path,
                    block.line,
                    f"the grade_id {anchor!r} is taken by the cell in line "
                    f"{lines[anchor]}.",
                )
            lines[anchor] = block.line
            cell.id = anchor
        else:
            since += 1
            cell.id = f"{anchor}-{since}"
        authoring.check_source(path, block, cell)
        notebook.cells.append(cell)
    return Assignment(name, folder, notebook)


def answered(
    assignment: Assignment,
    cells: Mapping[str, str],
    *,
    base: Literal["release", "reference"] = "release",
    hidden_tests: bool = False,
) -> NotebookNode:
    """The notebook of a student who gave these answers.

    Args:
        cells: the answers, by grade_id.
        base: what stands in the other cells: what students get, or the reference.
        hidden_tests: keep them, as grading needs; a submission has none.

    Raises:
        ValueError: a name is not that of an answer's cell.
    """
    unknown = sorted(set(cells) - set(assignment.answer_ids))
    if unknown:
        raise ValueError(
            f"{assignment.name}: {', '.join(unknown)} is no cell to be answered. "
            f"There are: {', '.join(assignment.answer_ids)}."
        )
    notebook = NotebookNode(assignment.notebook)
    notebook.cells = [NotebookNode(cell) for cell in assignment.notebook.cells]
    for cell in notebook.cells:
        name = grade_id(cell)
        if name in cells:
            cell.source = cells[name]
        elif name in assignment.answer_ids and base == "reference":
            cell.source = regions.unmarked(cell.source, regions.SOLUTION)
        elif name in assignment.answer_ids:
            cell.source = regions.stubbed(cell.source, code=cell.cell_type == "code")
        elif not hidden_tests:
            cell.source = regions.without(cell.source, regions.HIDDEN)
    return notebook


def submitted(assignment: Assignment, notebook: Mapping[str, Any]) -> NotebookNode:
    """A student's notebook, rebuilt to be graded.

    The answers and the cells that the student added are the student's; everything else,
    hidden tests included, is the master's. An added cell stays behind the cell that it
    stands behind.

    Args:
        notebook: as read from a file.

    Raises:
        ValueError: a grade_id appears twice, so that it is unclear which cell counts.
    """
    answers: dict[str, str] = {}
    added: dict[str, list[NotebookNode]] = {}
    places: dict[str, int] = {}
    plain = {c.source.strip() for c in assignment.notebook.cells if not grade_id(c)}
    anchor = ""
    for place, cell in enumerate(notebook["cells"], start=1):
        name, source = grade_id(cell), source_of(cell)
        if name in assignment.cells:
            if name in places:
                raise ValueError(
                    f"the cell {name!r} is there twice, as cells {places[name]} and "
                    f"{place} of the notebook: delete the one that should not count."
                )
            anchor = name
            places[name] = place
            if name in assignment.answer_ids:
                answers[name] = source
        elif cell["cell_type"] == "code" and source.strip() not in plain:
            new = new_code_cell(source, id=f"{anchor or 'start'}-added-{place}")
            added.setdefault(anchor, []).append(new)
    rebuilt = answered(assignment, answers, hidden_tests=True)
    cells = added.get("", [])
    for cell in rebuilt.cells:
        cells.append(cell)
        cells.extend(added.get(grade_id(cell), []) if grade_id(cell) else [])
    rebuilt.cells = cells
    return rebuilt


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    else:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
