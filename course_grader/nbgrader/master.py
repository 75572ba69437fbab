"""What an assignment's notebook looked like when it was generated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_grader.assignment import NEW_CELL
from course_grader.authoring import SCHEMA_VERSION

Master = dict[str, NotebookNode]


def load_master(
    gradebook: Any, assignment: str, notebook: str, release: Path
) -> Master:
    """The cells that carry a grade_id, by it, in the order of the notebook.

    Sources and points are the gradebook's, as in nbgrader itself. It keeps no order,
    which is therefore the released notebook's.

    Args:
        gradebook: an open nbgrader.api.Gradebook.
        release: the released notebook's file.
    """
    stored = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in stored.grade_cells}
    points |= {cell.name: cell.max_score for cell in stored.task_cells}
    answers = {cell.name for cell in stored.solution_cells}
    tasks = {cell.name for cell in stored.task_cells}
    cells = {}
    for source in stored.source_cells:
        metadata = {
            "grade_id": source.name,
            "grade": source.name in points and source.name not in tasks,
            "solution": source.name in answers,
            "locked": source.locked,
            "task": source.name in tasks,
            "cell_type": source.cell_type,
            "checksum": source.checksum,
            "schema_version": SCHEMA_VERSION,
        }
        if source.name in points:
            metadata["points"] = points[source.name]
        cell = NEW_CELL[source.cell_type](source.source)
        cell.metadata["nbgrader"] = metadata
        cells[source.name] = cell
    order = _released_order(release)
    return {
        name: cells[name]
        for name in sorted(cells, key=lambda name: order.get(name, len(order)))
    }


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade_id, where it has one."""
    data = cell.metadata.get("nbgrader")
    return data.get("grade_id") if isinstance(data, dict) else None


def _released_order(release: Path) -> dict[str, int]:
    try:
        cells = json.loads(release.read_text(encoding="utf-8"))["cells"]
    except OSError:
        return {}
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return {name: index for index, name in enumerate(ids) if name}
