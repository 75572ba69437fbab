"""The process in which a notebook's cells run. `running` starts it and reads from it.

It gets the cells as JSON on its standard input, and writes one line of JSON as each
cell begins and as it ends, so that whatever happens to the process, what was done
before it counts.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import os
import sys
import time
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import IO, Any

from course_grader.magics import without_magics
from course_grader.recording import Recorder

LONGEST_MESSAGE = 2_000
MOST_FRAMES = 5
CHECKS = os.path.join(os.path.dirname(__file__), "checks.py")


def main() -> None:
    job = json.load(sys.stdin)
    # The cells get no standard streams of the process: what they print is collected,
    # and what a library writes past Python must not mix with the report.
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    _limit_memory(job["memory"])
    module = ModuleType("__main__")
    vars(module)["display"] = lambda *things, **options: None
    sys.modules["__main__"] = module
    for cell in job["cells"]:
        _tell(report, {"begin": cell["index"]})
        _tell(report, {"end": cell["index"], **_run(cell, vars(module), job)})
    _tell(report, {"finished": True})
    report.close()
    os._exit(0)  # whatever threads or exit handlers the cells left behind


def _run(
    cell: dict[str, Any], namespace: dict[str, Any], job: dict[str, Any]
) -> dict[str, Any]:
    """Run one cell.

    Returns:
        seconds, stdout, error (None when it passed), calls (the record of a test).
    """
    file = job["files"][cell["index"]]
    output = LimitedText(job["output"])
    recorder = None
    error = None
    began = time.perf_counter()
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = output
    try:
        source = without_magics(cell["source"])
        lines = source.splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)
        tree = ast.parse(source, file)
        code = compile(tree, file, "exec")
        watching: Any = contextlib.nullcontext()
        if cell["record"]:
            recorder = Recorder(namespace, job["names"], file)
            reads = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}
            watching = recorder.recording(reads)
        with watching:
            exec(code, namespace)
    except BaseException as caught:  # SystemExit and KeyboardInterrupt fail a cell too
        error = _described(caught, job["files"])
    finally:
        sys.stdout, sys.stderr = streams
    _close_figures()
    return {
        "seconds": time.perf_counter() - began,
        "stdout": output.getvalue(),
        "error": error,
        "calls": recorder.entries if recorder else [],
    }


def _described(error: BaseException, files: list[str]) -> dict[str, Any]:
    """An exception as plain data, for `failure.explained`.

    Where `checking` raised a CheckFailed for another error, it is that one which is
    described, and the message with its title comes along.
    """
    root = error
    while type(error).__name__ == "CheckFailed" and root.__context__ is not None:
        root = root.__context__
    numbers = {file: i for i, file in enumerate(files)}
    places = list(_places(root))
    frames = [[numbers[file], line] for file, line in places if file in numbers]
    if isinstance(root, SyntaxError) and root.filename in numbers:
        frames.append([numbers[root.filename], root.lineno or 1])
    return {
        "type": type(root).__name__,
        "message": _message(root),
        "titled": _message(error) if error is not root else "",
        "frames": frames[:1] + frames[1:][-MOST_FRAMES:],
        "checks": bool(places) and places[-1][0] == CHECKS,
    }


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    try:
        return str(error)[:LONGEST_MESSAGE]
    except BaseException:
        return "(its message can't be shown)"


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _limit_memory(limit: int) -> None:
    """Set the largest address space, where the platform has such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    # macOS knows the limit and refuses to set it.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _close_figures() -> None:
    """A notebook shows a cell's figures and lets go of them; so does this."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        with contextlib.suppress(Exception):
            pyplot.close("all")


def _tell(report: IO[str], event: dict[str, Any]) -> None:
    report.write(json.dumps(event) + "\n")
    report.flush()


class LimitedText(io.StringIO):
    """Text that stops growing: what a cell prints beyond the limit is dropped."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = limit

    def write(self, text: str) -> int:
        if self._left > 0:
            super().write(text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                super().write("\n… (more was printed than is kept)\n")
        return len(text)
