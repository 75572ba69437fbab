"""A student's side: the visible checks of one notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course_grader.cells import read_notebook
from course_grader.running import Limits, Result, run


def check(
    path: Path, *, json_file: Path | None = None, limits: Limits | None = None
) -> int:
    """Run a notebook as it is, and print for each check whether it passed.

    Returns:
        0 where every check passed, 1 otherwise.

    Raises:
        NotebookError: it can't be read, or has no checks.
    """
    notebook = read_notebook(path)
    done = run(notebook, limits=limits, folder=path.resolve().parent, progress=show)
    total = len(done.tests)
    if not total:
        print(f"{path.name} has no checks. Is it one of the course's notebooks?")
        return 1
    passed = total - len(done.failed)
    print(f"{passed} of {total} checks passed.")
    if json_file is not None:
        write_json(json_file, {"notebook": path.name, "cells": described(done.results)})
    return int(passed < total)


def show(result: Result) -> None:
    """Print a line for a check, and for any other cell that failed."""
    if result.failure is None:
        if result.test:
            print(f"passed  {result.name}")
        return
    name = result.name or f"cell {result.index + 1}"
    print(f"FAILED  {name}\n        {result.failure.message}")


def described(results: list[Result]) -> list[dict[str, Any]]:
    """The results of tests, and of cells that failed, for JSON."""
    return [
        {
            "cell": result.name,
            "test": result.test,
            "passed": result.passed,
            "points": result.points,
            "score": result.score,
            "kind": result.failure.kind if result.failure else "",
            "message": result.failure.message if result.failure else "",
            "traceback": result.failure.traceback if result.failure else "",
            "seconds": round(result.seconds, 3),
        }
        for result in results
        if result.test or not result.passed
    ]


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a file that another program reads."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
