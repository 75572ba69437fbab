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
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class Behaviors:
    """What is known of an assignment.

    Attributes:
        reference: the reference's run.
        mistakes: each mistake's run, by name, in an otherwise right notebook.
    """

    reference: Run
    mistakes: dict[str, Run]


def known(assignment: Assignment) -> Behaviors:
    """The behaviors of the reference and of every mistake in the bank."""
    root = assignment.folder.parents[1]
    folder = root / "_build" / "diagnosis"
    path = folder / f"{assignment.name}-{_fingerprint(assignment)}.json.gz"
    try:
        return _read(path)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        pass  # not there, or cut off: it is made anew
    mistakes = bank.mistakes(assignment.name, root)
    answers = [{}, *(mistake.cells for mistake in mistakes)]
    reference, *runs = run_all(assignment, answers)
    by_name = {m.name: each for m, each in zip(mistakes, runs, strict=True)}
    found = Behaviors(reference, by_name)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{assignment.name}-*.json.gz"):
        old.unlink(missing_ok=True)
    _write(path, found)
    return found


def run_all(
    assignment: Assignment,
    answers: Iterable[Mapping[str, str]],
    *,
    hidden_tests: bool = True,
    limits: Limits | None = None,
) -> list[Run]:
    """Run the reference with each of these answers in its place, two at a time.

    What stands behind the last test is left out.

    Args:
        hidden_tests: run them too.
    """

    def run_one(cells: Mapping[str, str]) -> Run:
        notebook = assignments.answered(
            assignment, cells, base="reference", hidden_tests=hidden_tests
        )
        return run(
            notebook,
            record=assignment.definitions,
            until=assignment.test_ids,
            limits=limits,
        )

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(run_one, answers))


def _fingerprint(assignment: Assignment) -> str:
    """A hash of what the runs depend on: the assignment's source and mistakes, the
    course's code, Python and NumPy."""
    here = Path(__file__).parent
    sources = [assignment.folder / f"{assignment.name}.py"]
    sources += [assignment.folder / "mistakes.py"]
    sources += sorted(here.glob("*.py"))
    sources += sorted(
        path for p in course_lib.__path__ for path in Path(p).rglob("*.py")
    )
    found = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for source in sources:
        if source.is_file():
            found.update(hashlib.sha256(source.read_bytes()).digest())
    return found.hexdigest()[:16]


def _write(path: Path, behaviors: Behaviors) -> None:
    text = json.dumps(asdict(behaviors)).encode()
    new = path.with_suffix(".new")
    new.write_bytes(gzip.compress(text, mtime=0))
    new.replace(path)


def _read(path: Path) -> Behaviors:
    data = json.loads(gzip.decompress(path.read_bytes()))
    return Behaviors(
        reference=_run(data["reference"]),
        mistakes={name: _run(each) for name, each in data["mistakes"].items()},
    )


def _run(data: dict[str, Any]) -> Run:
    return Run([_result(each) for each in data["results"]])


def _result(data: dict[str, Any]) -> Result:
    failure = data.pop("failure")
    return Result(**data, failure=failure and Failure(**failure))
