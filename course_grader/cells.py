"""What a notebook's cell is, by its nbgrader metadata. A cell is any mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class NotebookError(ValueError):
    """A notebook that can't be read, with what its author can do about it."""


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook file as it is, with nothing needed but JSON.

    Raises:
        NotebookError: the file is missing, or is no notebook of the format's version 4.
    """
    if not path.is_file():
        raise NotebookError(f"there is no file {path}.")
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise NotebookError(
            f"{path.name} is not a whole notebook: it is damaged or cut off. Open it "
            "in Jupyter, save it again, or begin with a fresh copy."
        ) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise NotebookError(
            f"{path.name} holds no list of cells: it is not a Jupyter notebook of "
            "version 4. Open it in Jupyter and save it again."
        )
    assert isinstance(notebook, dict)
    return notebook


def grade_id(cell: Mapping[str, Any]) -> str:
    """The cell's grade_id, or an empty string."""
    name = _marks(cell).get("grade_id", "")
    return name if isinstance(name, str) else ""


def is_test(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is an autograded test."""
    marks = _marks(cell)
    code = cell["cell_type"] == "code"
    return code and bool(marks.get("grade")) and not marks.get("solution")


def is_solution(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is code that a student writes and tests judge."""
    marks = _marks(cell)
    code = cell["cell_type"] == "code"
    return code and bool(marks.get("solution")) and not marks.get("grade")


def is_manual(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is an answer that a person grades."""
    marks = _marks(cell)
    return bool(marks.get("solution") and marks.get("grade"))


def is_locked(cell: Mapping[str, Any]) -> bool:
    """Whether the cell belongs to the assignment and not to the student."""
    marks = _marks(cell)
    return bool(grade_id(cell)) and not marks.get("solution")


def points(cell: Mapping[str, Any]) -> float:
    """What the cell is worth."""
    worth = _marks(cell).get("points", 0)
    return float(worth) if isinstance(worth, int | float) else 0.0


def source_of(cell: Mapping[str, Any]) -> str:
    """The cell's text, which a file may hold as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _marks(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return marks if isinstance(marks, Mapping) else {}


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return isinstance(cell.get("cell_type"), str) and all(
        isinstance(line, str) for line in lines
    )
