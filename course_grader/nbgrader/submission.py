"""Read what a student handed in, or say in one line why that can't be graded.

Only the answers count. A submission that is one cell short, or whose points were
edited, is put back into the assignment's form and graded with a notice. Where it can't
be known what the student meant (a broken file, one answer twice, a format from the
future), it is refused, and the line says what to do. The file itself is never changed.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.nbjson import JSONReader

from course_grader.assignment import NEW_CELL
from course_grader.authoring import SCHEMA_VERSION
from course_grader.nbgrader.master import Master, grade_id

LARGEST = 20_000_000  # bytes: a notebook with figures has a tenth of it
FORMAT = 4
OURS = "course_grader"  # the key of what the grader notes in a notebook's metadata

FRESH_COPY = (
    "Take a fresh copy of the assignment, paste your answers into it, and submit that."
)
REOPEN = (
    "Open it in Jupyter and save it again. If it does not open, take a fresh copy of "
    "the assignment, paste your answers into it, and submit that."
)


class SubmissionError(Exception):
    """The submission can't be graded. The message is for the student."""


def read_file(path: Path) -> NotebookNode:
    """The notebook in the file, as it was handed in.

    Raises:
        SubmissionError: it can't be read; the message says why, and what to do.
    """
    return _parse(_text(path), path.name)


def read(path: Path, master: Master) -> tuple[NotebookNode, list[str]]:
    """The submitted notebook, with the assignment's own cells in their place.

    Args:
        path: where the notebook should be: .../STUDENT/ASSIGNMENT/NOTEBOOK.ipynb.
        master: the assignment's cells by grade_id.

    Returns:
        The notebook, and a line on each thing that was mended.

    Raises:
        SubmissionError: it can't be graded; the message says why, and what to do.
    """
    notebook = read_file(path)
    _check_ids(notebook, path.name)
    notebook.metadata.pop(OURS, None)
    for cell in notebook.cells:
        cell.metadata.pop(OURS, None)
    notices = _adopt(notebook, master) + _restore(notebook, master)
    return notebook, notices


def refusal(reason: str) -> NotebookNode:
    """The notebook that stands for a refused submission in the graded folder."""
    cell = nbformat.v4.new_markdown_cell(
        f"**This submission could not be graded.**\n\n{reason}", id="refused"
    )
    return nbformat.v4.new_notebook(cells=[cell], metadata={OURS: {"refused": reason}})


def refused(notebook: NotebookNode) -> str | None:
    """Why the submission was refused, or None."""
    return notebook.metadata.get(OURS, {}).get("refused")


def _text(path: Path) -> str:
    if path.is_symlink() or path.parent.is_symlink():
        raise SubmissionError(
            f"{path.name} is a link to another place. Submit the notebook itself."
        )
    if not path.exists():
        raise SubmissionError(_missing(path))
    if not path.is_file():
        raise SubmissionError(f"{path.name} is not a file. Submit the notebook itself.")
    size = path.stat().st_size
    if size > LARGEST:
        raise SubmissionError(
            f"{path.name} has {size / 1e6:.0f} MB, the limit is {LARGEST / 1e6:.0f}. "
            "Clear its outputs in Jupyter (Edit, Clear Outputs of All Cells), save it, "
            "and submit it again."
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionError(
            f"{path.name} is not text in UTF-8, so no notebook that Jupyter saved. "
            f"{FRESH_COPY}"
        ) from None
    if not text.strip():
        raise SubmissionError(
            f"{path.name} is empty. Open your notebook in Jupyter, save it, and submit "
            "it again."
        )
    return text


def _missing(path: Path) -> str:
    try:
        names = sorted(
            file.name for file in path.parent.iterdir() if file.name != "timestamp.txt"
        )
    except OSError:
        names = []
    if not names:
        return f"{path.name} is missing: nothing was submitted. Submit {path.name}."
    found = ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
    return (
        f"{path.name} is missing; what was submitted is {found}. Rename your notebook "
        f"to {path.name} and submit it again."
    )


def _parse(text: str, name: str) -> NotebookNode:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" at line {line}" if line else ""
        raise SubmissionError(
            f"{name} breaks off or is damaged{where}: it is not valid JSON. {REOPEN}"
        ) from None
    if not (isinstance(data, dict) and "nbformat" in data and "cells" in data):
        raise SubmissionError(
            f"{name} is not a notebook: it has no cells. {FRESH_COPY}"
        )
    if data["nbformat"] != FORMAT:
        raise SubmissionError(
            f"{name} is in notebook format {str(data['nbformat'])[:9]}, the course "
            f"reads format {FORMAT}. {FRESH_COPY}"
        )
    try:
        return _valid(data)
    except Exception as error:  # nbformat raises what it happens to stumble on
        what = str(getattr(error, "message", "")).split("\n")[0]
        detail = f" ({what[:80]})" if what else ""
        raise SubmissionError(
            f"{name} is not a valid notebook{detail}. {FRESH_COPY}"
        ) from None


def _valid(data: dict[str, Any]) -> NotebookNode:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cells without an id get one
        notebook = JSONReader().to_notebook(data)
        _, notebook = nbformat.validator.normalize(notebook)
        try:
            nbformat.validate(notebook)
        except nbformat.ValidationError:  # outputs are made anew when it is graded
            for cell in notebook.cells:
                if cell.get("cell_type") == "code":
                    cell.outputs, cell.execution_count = [], None
            nbformat.validate(notebook)
    return notebook


def _check_ids(notebook: NotebookNode, name: str) -> None:
    ids = [grade_id(cell) for cell in notebook.cells]
    for index, (cell, ident) in enumerate(zip(notebook.cells, ids, strict=True)):
        if ident is None:
            continue
        version = cell.metadata["nbgrader"].get("schema_version")
        if version != SCHEMA_VERSION:
            found = "no version" if version is None else f"version {str(version)[:9]}"
            raise SubmissionError(
                f"Cell {index + 1} of {name} ({str(ident)[:60]}) has nbgrader data of "
                f"{found}, the course reads version {SCHEMA_VERSION}. {FRESH_COPY}"
            )
    for ident, count in Counter(str(ident) for ident in ids if ident).items():
        if count > 1:
            places = [str(i + 1) for i, other in enumerate(ids) if str(other) == ident]
            raise SubmissionError(
                f"{name} has the cell {ident[:60]} {count} times (cells "
                f"{', '.join(places)}), so it is not clear which one counts. Delete "
                "the copies and submit it again."
            )


def _adopt(notebook: NotebookNode, master: Master) -> list[str]:
    """Give each of the assignment's cells the type, points and lock it had."""
    notices = []
    for index, cell in enumerate(notebook.cells):
        ident = grade_id(cell)
        if ident is None or ident not in master:
            cell.metadata.pop("nbgrader", None)
            continue
        original = master[ident]
        if _edited(cell.metadata["nbgrader"], original.metadata["nbgrader"]):
            notices.append(f"The settings of the cell {ident} were edited; reset.")
        if cell.cell_type != original.cell_type:
            notices.append(f"The type of the cell {ident} was changed; reset.")
            cell = NEW_CELL[original.cell_type](cell.source, id=cell.id)
            notebook.cells[index] = cell
        if original.metadata["nbgrader"]["locked"]:
            cell.source = original.source
        cell.metadata["nbgrader"] = NotebookNode(original.metadata["nbgrader"])
    return notices


def _edited(found: dict[str, Any], original: dict[str, Any]) -> bool:
    names = ("grade", "solution", "points")
    return any(found.get(name, False) != original.get(name, False) for name in names)


def _restore(notebook: NotebookNode, master: Master) -> list[str]:
    """Put each missing cell back, behind the one it followed."""
    notices = []
    position = -1
    for ident, original in master.items():
        ids = [grade_id(cell) for cell in notebook.cells]
        if ident in ids:
            position = max(position, ids.index(ident))
            continue
        position += 1
        cell = NEW_CELL[original.cell_type](original.source)
        cell.metadata["nbgrader"] = NotebookNode(original.metadata["nbgrader"])
        notebook.cells.insert(position, cell)
        kind = "answer" if original.metadata["nbgrader"]["solution"] else "cell"
        notices.append(f"The {kind} {ident} was missing; it was put back as released.")
    return notices
