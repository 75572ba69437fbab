"""Run a notebook's cells in a process of their own, within limits.

A cell that crashes, hangs or exits costs its own points only: a fresh process runs the
answers again and goes on behind it. What a student prints, draws or warns about has no
effect on marks.

The process is separate for robustness, not for security: student's code and tests share
it, and code that wants to forge its marks can. Results cross over as JSON.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_grader.cells import grade_id, is_locked, is_test, points, source_of
from course_grader.failure import Cell, Failure, explained
from course_grader.process import Process

STARTUP_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """What a notebook may use.

    Attributes:
        cell_seconds: the time of one cell.
        seconds: the time of the whole notebook.
        memory: bytes of address space, where the platform can limit it.
        output: characters kept of what a cell prints.
    """

    cell_seconds: float = 30.0
    seconds: float = 300.0
    memory: int = 4 * 2**30
    output: int = 100_000


@dataclass(frozen=True)
class Result:
    """What became of one cell.

    Attributes:
        name: its grade_id, or an empty string.
        failure: why it failed; None where it passed.
        points: what it is worth; 0 unless it is a test.
        calls: what the test's calls did, where that was asked for.
    """

    index: int
    name: str
    test: bool
    points: float
    failure: Failure | None = None
    seconds: float = 0.0
    stdout: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.failure is None

    @property
    def score(self) -> float:
        return self.points if self.passed else 0.0


@dataclass(frozen=True)
class Run:
    """What became of a notebook: a result for each cell of code that was run."""

    results: list[Result]

    @property
    def tests(self) -> dict[str, Result]:
        """The results of the tests, by grade_id."""
        return {result.name: result for result in self.results if result.test}

    @property
    def failed(self) -> list[str]:
        """The tests that failed."""
        return [name for name, result in self.tests.items() if not result.passed]

    @property
    def score(self) -> float:
        return sum(result.score for result in self.tests.values())

    @property
    def max_score(self) -> float:
        return sum(result.points for result in self.tests.values())


def run(
    notebook: Mapping[str, Any],
    *,
    record: Collection[str] = (),
    until: Collection[str] | None = None,
    limits: Limits | None = None,
    folder: Path | None = None,
    progress: Callable[[Result], None] | None = None,
) -> Run:
    """Run the cells of code, in order.

    Args:
        notebook: as nbformat or JSON gives it.
        record: names whose calls are recorded while a test runs; none by default.
        until: run no cell that stands behind the last of these; all by default. Tests
            often come before a figure, which takes longer than they do.
        limits: of time, memory and output.
        folder: the working directory; an empty, temporary one by default.
        progress: is called with each result.

    Raises:
        RuntimeError: the process can't be started at all.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        job = _Job(notebook, record, until, limits or Limits(), progress)
        while job.todo():
            job.attempt(folder or Path(empty))
    return Run([job.results[i] for i in sorted(job.results)])


class _Job:
    """A notebook on its way: what is known so far, and what remains to be done."""

    def __init__(
        self,
        notebook: Mapping[str, Any],
        record: Collection[str],
        until: Collection[str] | None,
        limits: Limits,
        progress: Callable[[Result], None] | None,
    ) -> None:
        self.results: dict[int, Result] = {}
        self._cells = [
            cell for cell in notebook["cells"] if cell["cell_type"] == "code"
        ]
        self._known = [
            Cell(grade_id(cell) or f"number {i}", source_of(cell), is_locked(cell))
            for i, cell in enumerate(self._cells, start=1)
        ]
        self._names = list(record)
        last = max(
            (i for i, x in enumerate(self._cells) if until and grade_id(x) in until),
            default=len(self._cells) - 1,
        )
        self._wanted = range(last + 1)
        self._dead: set[int] = set()  # cells that took their process with them
        self._limits = limits
        self._progress = progress
        self._deadline = time.monotonic() + limits.seconds

    def todo(self) -> bool:
        return any(i not in self.results for i in self._wanted)

    def attempt(self, folder: Path) -> None:
        """Start a process and follow it until it ends, well or not."""
        order = [i for i in self._wanted if self._belongs(i)]
        process = Process(self._described(order), folder)
        try:
            self._follow(process)
        finally:
            process.kill()

    def _belongs(self, index: int) -> bool:
        """Whether a process has to run this cell: answers again, tests once."""
        if index in self._dead:
            return False
        return index not in self.results or not is_test(self._cells[index])

    def _described(self, order: list[int]) -> dict[str, Any]:
        return {
            "cells": [
                {
                    "index": i,
                    "source": self._known[i].source,
                    "record": bool(self._names) and is_test(self._cells[i]),
                }
                for i in order
            ],
            "files": [f"<cell {cell.name}>" for cell in self._known],
            "names": self._names,
            "memory": self._limits.memory,
            "output": self._limits.output,
        }

    def _follow(self, process: Process) -> None:
        current: int | None = None
        until = time.monotonic() + STARTUP_SECONDS
        while True:
            event = process.event(min(until, self._deadline))
            if event is None or "finished" in event:
                break
            if "begin" in event:
                current = event["begin"]
                until = time.monotonic() + self._limits.cell_seconds
            else:
                self._note(event)
                current = None
        if event is not None:
            return
        now = time.monotonic()
        if now >= self._deadline:
            self._give_up(current)
        elif current is None and now < until and not self.results:
            raise RuntimeError(f"no process for the notebook: {process.complaint()}")
        elif current is not None:
            self._dead.add(current)
            limit = self._limits.cell_seconds
            failure = (
                Failure("Timeout", f"the cell was stopped after {limit:g} seconds.")
                if now >= until
                else Failure(
                    "Crash",
                    "the Python process ended while this cell ran: it was out of "
                    "memory, called os._exit, or a library crashed.",
                )
            )
            self._keep(current, failure)

    def _give_up(self, current: int | None) -> None:
        limit = self._limits.seconds
        for i in self._wanted:
            if i not in self.results or i == current:
                self._keep(
                    i,
                    Failure(
                        "Timeout" if i == current else "NotRun",
                        f"the notebook was stopped after {limit:g} seconds in all.",
                    ),
                )

    def _note(self, event: dict[str, Any]) -> None:
        index = event["end"]
        if index in self.results:
            return  # an answer that ran once more, for the cells behind it
        failure = event["error"] and explained(event["error"], index, self._known)
        self._keep(
            index,
            failure,
            seconds=event["seconds"],
            stdout=event["stdout"],
            calls=event["calls"],
        )

    def _keep(self, index: int, failure: Failure | None, **details: Any) -> None:
        cell = self._cells[index]
        test = is_test(cell)
        worth = points(cell) if test else 0.0
        result = Result(index, grade_id(cell), test, worth, failure, **details)
        self.results[index] = result
        if self._progress is not None:
            self._progress(result)
