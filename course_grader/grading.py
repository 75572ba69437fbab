"""Grade one notebook: the marks, what failed, and the known mistake behind it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from course_grader import assignment as assignments
from course_grader.assignment import Assignment
from course_grader.cells import NotebookError, read_notebook
from course_grader.checking_notebooks import described, show, write_json
from course_grader.diagnosis import diagnose
from course_grader.running import Limits, run


def grade(
    path: Path,
    *,
    assignment: str | None = None,
    json_file: Path | None = None,
    root: Path | None = None,
    limits: Limits | None = None,
) -> int:
    """Grade a notebook with the hidden tests, and print its marks.

    Nothing of a hidden test is printed.

    Args:
        assignment: by default what the notebook's metadata or its file name says.

    Returns:
        0 where every test passed, 1 otherwise.

    Raises:
        ValueError: the notebook can't be graded; the message says why.
    """
    notebook = read_notebook(path)
    known = assignments.load(assignment or _assignment_of(path, notebook, root), root)
    rebuilt = assignments.submitted(known, notebook)
    done = run(rebuilt, record=known.definitions, limits=limits, progress=show)
    diagnoses = diagnose(known, notebook, result=done, limits=limits)
    if diagnoses:
        print()
    for hint in dict.fromkeys(x.hint for x in diagnoses.values() if x.hint):
        tests = ", ".join(name for name, x in diagnoses.items() if x.hint == hint)
        print(textwrap.fill(f"{tests}: {hint}", 88, subsequent_indent="    "))
    print(f"{done.score:g} of {done.max_score:g} points" + _by_hand(known))
    if json_file is not None:
        cells = described(done.results)
        for cell in cells:
            found = diagnoses.get(cell["cell"])
            cell["mistake"] = found.mistake if found else None
            cell["hint"] = found.hint if found else None
            cell["behavior"] = found.behavior if found else None
        data = {
            "notebook": path.name,
            "assignment": known.name,
            "score": done.score,
            "max_score": done.max_score,
            "cells": cells,
        }
        write_json(json_file, data)
    return int(bool(done.failed))


def _by_hand(known: Assignment) -> str:
    by_hand = known.max_score - known.max_autograded
    return f"; {by_hand:g} more are given by a person." if by_hand else "."


def _assignment_of(path: Path, notebook: dict[str, Any], root: Path | None) -> str:
    """The assignment that a notebook answers.

    Raises:
        NotebookError: neither its metadata nor its name says so.
    """
    known = assignments.names(root)
    course = notebook.get("metadata", {}).get("course", {})
    said = course.get("assignment") if isinstance(course, dict) else None
    for name in (said, path.stem, path.parent.name):
        if name in known:
            return str(name)
    raise NotebookError(
        f"{path.name} does not say which assignment it answers. Name it with "
        f"--assignment; there are: {', '.join(known) or 'none'}."
    )
