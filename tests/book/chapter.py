"""Run a chapter's code cells outside the book, with a right or a wrong course_lib.

A chapter claims that its assertions would notice a wrong library. `run` puts that to
the test: it executes the cells in one process, in order, as the book's build does, with
a copy of course_lib in which one line was changed.

    assert run(path).failure is None
    mistake = {"graph.py": ("sums[x] + dx", "dx")}
    assert "AssertionError" in run(path, mutate=mistake).failure.error
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

import course_lib

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,}|:{3,})(.*)$")

_READ_ALOUD = re.compile(r"\{(exercise|note|tip|warning|admonition|assignment|prf:)")


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, the line of the page where it begins, its options."""

    source: str
    line: int
    options: Mapping[str, object]

    @property
    def tags(self) -> list[str]:
        tags = self.options.get("tags", [])
        return tags if isinstance(tags, list) else str(tags).strip("[]").split(", ")

    @property
    def lines(self) -> int:
        """How many lines of code it has, blank ones apart."""
        return sum(bool(line.strip()) for line in self.source.splitlines())


@dataclass(frozen=True)
class Failure:
    """The cell that failed, and the last line of its error."""

    cell: Cell
    error: str


@dataclass(frozen=True)
class Run:
    """What running a chapter's cells came to."""

    failure: Failure | None
    seconds: float


def code_cells(path: Path) -> list[Cell]:
    """The cells that the book executes, in order: those within no other directive."""
    cells = []
    closing = None  # of the outermost open fence
    start, body = 0, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = _FENCE.match(line)
        if closing is None and fence:
            closing, is_cell = fence[2], fence[3].strip().startswith("{code-cell}")
            start, body = number, []
        elif closing and line.strip().startswith(closing) and not line.strip(":`~ "):
            if is_cell:
                cells.append(_cell(body, start))
            closing = None
        else:
            body.append(line)
    return cells


def run(
    path: Path,
    *,
    mutate: Mapping[str, tuple[str, str]] | None = None,
    timeout: float = 120,
) -> Run:
    """Execute a chapter's cells in a process of their own, up to the first that fails.

    A cell fails as it would in the book: by an exception, unless it is tagged
    `raises-exception`, or by writing to stderr, as warnings do.

    Args:
        path: the chapter's MyST file.
        mutate: changes to make in a copy of course_lib: by the file's path within the
            package, the text to replace, which must be there once, and its replacement.
        timeout: seconds after which the run is given up.

    Raises:
        ValueError: a text to replace is not there, or more than once.
    """
    cells = code_cells(path)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "course_lib"
        shutil.copytree(
            Path(course_lib.__file__).parent,
            library,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name, (old, new) in (mutate or {}).items():
            source = (library / name).read_text()
            if source.count(old) != 1:
                raise ValueError(
                    f"run: {old!r} is {source.count(old)} times in course_lib/{name}, "
                    "expected once. Has the library changed?"
                )
            (library / name).write_text(source.replace(old, new))
        finished = subprocess.run(
            [sys.executable, "-c", _DRIVER],
            input=json.dumps([[c.source, c.line, c.tags] for c in cells]),
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=path.parent,
            env=os.environ | {"PYTHONPATH": folder, "MPLBACKEND": "agg"},
        )
    if finished.returncode or not finished.stdout:
        raise RuntimeError(f"{path.name}: the run ended early.\n{finished.stderr}")
    index, error, seconds = json.loads(finished.stdout.splitlines()[-1])
    return Run(None if error is None else Failure(cells[index], error), seconds)


def words(path: Path) -> int:
    """The words that a reader meets in the text: no code, formulas, folded solutions,
    markup or metadata."""
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
    kept = []
    open_fences: list[tuple[str, bool]] = []  # what closes it, and whether it is read
    in_solution = False
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence and open_fences and line.strip() == open_fences[-1][0]:
            open_fences.pop()
        elif fence:
            directive = fence[3].strip()
            open_fences.append((fence[2], _READ_ALOUD.match(directive) is not None))
            in_solution |= directive.startswith("{solution-start}")
            in_solution &= not directive.startswith("{solution-end}")
        elif not in_solution and all(read for _, read in open_fences):
            kept.append(line)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|<[^>]*>", "", "\n".join(kept), flags=re.S)
    text = re.sub(r"^(:[\w-]+:|\(\S+\)=$).*$", "", text, flags=re.M)
    return len(re.findall(r"[^\W_][\w'’.,-]*", text))


def _cell(body: list[str], start: int) -> Cell:
    options: dict[str, object] = {}
    if body and body[0].strip() == "---":
        end = body.index("---", 1)
        options = yaml.safe_load("\n".join(body[1:end])) or {}
        body = body[end + 1 :]
    while body and (option := re.match(r":([\w-]+): ?(.*)$", body[0])):
        options[option[1]] = yaml.safe_load(option[2])
        body = body[1:]
    return Cell("\n".join(body), start, options)


_DRIVER = """
import contextlib, io, json, sys, time, traceback
began = time.perf_counter()
cells = json.load(sys.stdin)
scope = {"__name__": "__main__"}
result = [None, None]
for index, (source, line, tags) in enumerate(cells):
    written, warned = io.StringIO(), io.StringIO()
    error = None
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(warned):
        try:
            exec(compile(source, f"cell at line {line}", "exec"), scope)
        except Exception:
            error = traceback.format_exc()
    if error and "raises-exception" not in tags:
        result = [index, error.strip()]
        break
    if warned.getvalue():
        result = [index, "written to stderr: " + warned.getvalue().strip()]
        break
print(json.dumps([*result, time.perf_counter() - began]))
"""
