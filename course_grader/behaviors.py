"""How the reference and every mistake of an assignment behave, in every test.

They are run once and kept in `_build/diagnosis/`, under a name that changes with
anything that could change the result.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

import course_lib
from course_grader import assignment as assignments
from course_grader import bank
from course_grader.assignment import Assignment
from course_grader.failure import Failure
from course_grader.running import Limits, Result, Run, run

PROCESSES = 2
REFERENCE = ""  # the key of the reference's run, which no mistake can have as its name


def known(assignment: Assignment) -> dict[str, Run]:
    """The runs of the reference, under `REFERENCE`, and of each mistake, by name.

    A mistake stands in an otherwise right notebook.
    """
    root = assignment.folder.parents[1]
    folder = root / "_build" / "diagnosis"
    path = folder / f"{assignment.name}-{_fingerprint(assignment)}.json.gz"
    try:
        return _read(path)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        pass  # not there, or cut off: it is made anew
    mistakes = bank.mistakes(assignment.name, root)
    cells = {REFERENCE: {}, **{mistake.name: mistake.cells for mistake in mistakes}}
    runs = dict(zip(cells, run_all(assignment, cells.values()), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{assignment.name}-*.json.gz"):
        old.unlink(missing_ok=True)
    _write(path, runs)
    return runs


def run_all(
    assignment: Assignment,
    answers: Iterable[Mapping[str, str]],
    *,
    hidden_tests: bool = True,
    limits: Limits | None = None,
) -> list[Run]:
    """Run the reference with each of these answers in its place, two at a time.

    Args:
        hidden_tests: run them too.
    """

    def run_one(cells: Mapping[str, str]) -> Run:
        notebook = assignments.answered(
            assignment, cells, base="reference", hidden_tests=hidden_tests
        )
        return run(notebook, record=assignment.definitions, limits=limits)

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(run_one, answers))


def _fingerprint(assignment: Assignment) -> str:
    """A hash of what the runs depend on: the assignment's source and mistakes, the
    course's code, Python and NumPy."""
    packages = [Path(__file__).parent, *map(Path, course_lib.__path__)]
    sources = [assignment.folder / f"{assignment.name}.py"]
    sources += [assignment.folder / "mistakes.py"]
    sources += sorted(path for p in packages for path in p.rglob("*.py"))
    found = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for source in sources:
        if source.is_file():
            found.update(hashlib.sha256(source.read_bytes()).digest())
    return found.hexdigest()[:16]


def _write(path: Path, runs: Mapping[str, Run]) -> None:
    data = {name: [asdict(x) for x in each.results] for name, each in runs.items()}
    text = gzip.compress(json.dumps(data).encode(), mtime=0)
    new = path.with_suffix(".new")
    new.write_bytes(text)
    new.replace(path)


def _read(path: Path) -> dict[str, Run]:
    data = json.loads(gzip.decompress(path.read_bytes()))
    return {name: Run([_result(x) for x in each]) for name, each in data.items()}


def _result(data: dict[str, Any]) -> Result:
    failure = data.pop("failure")
    return Result(**data, failure=failure and Failure(**failure))
