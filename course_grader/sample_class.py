"""A class of made-up students, graded as a real one would be.

From each assignment come a dozen and more submissions: the reference, the variants and
some of the mistakes that its bank knows, a notebook nobody touched, one that prints and
warns, and damaged ones. nbgrader's own commands grade them; nothing here knows marks.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from course_grader import assignment, bank
from course_grader.assignment import Assignment
from course_grader.cells import grade_id, is_solution
from course_grader.repository import repository

FOLDER = Path("_build", "sample_class")
VARIANTS = 4  # of an assignment's bank that are handed in
STUDENTS = [
    *("Ada Abara", "Bruno Castelli", "Chiara Dimitrov", "Daniel Eriksen"),
    *("Emine Farouk", "Felix Grünwald", "Grace Huang", "Hassan Iqbal"),
    *("Ines Jansen", "Jonas Kowalski", "Kavya Lindqvist", "Luis Moreau"),
    *("Mei Nakamura", "Noah Okafor", "Olga Petrova", "Pedro Quiroga"),
]
ANSWER = "I start from the definition, and differentiate both sides step by step."
SUBMITTED_AT = "2026-03-02 18:00:00 UTC"
INPUTS = ("solutions", "course_grader", "course_lib", "assignments")
T = TypeVar("T")
LOUD = '''

_quiet = {name}


def {name}(*args, **settings):
    """The same, by someone who wants to see what happens."""
    import warnings

    print("computing", *args)
    warnings.warn("this may take a while", stacklevel=2)
    return _quiet(*args, **settings)
'''
PROGRESS = re.compile(r"(?:Autograding|Converting notebook) .*?[/\\]autograded[/\\]")


def main(argv: Sequence[str] = ()) -> int:
    """Make the class, grade it, and print its marks and where to look.

    Args:
        argv: `--again` grades although nothing has changed.

    Returns:
        0, or 1 where a command of nbgrader failed.
    """
    root = repository()
    stamp = root / FOLDER / "stamp.json"
    state = _state(root)
    known = json.loads(stamp.read_text()) if stamp.exists() else {}
    if known.get("state") == state and "--again" not in argv:
        print(known["summary"])
        return 0
    started = time.monotonic()
    shutil.rmtree(root / FOLDER, ignore_errors=True)
    names = assignment.names(root)
    for name in names:
        submit(assignment.load(name, root), root)
    if not _grade(names, root):
        return 1
    from course_grader import class_report

    class_report.main([str(FOLDER)])
    summary = "\n".join([*_marks(root, names), "", *_addresses(root)])
    print(f"\n{summary}\n\nGraded in {time.monotonic() - started:.0f} s.")
    stamp.write_text(json.dumps({"state": state, "summary": summary}))
    return 0


def submit(known: Assignment, root: Path) -> None:
    """Write the assignment's submissions into the class's folder."""
    contents = submissions(known, root)
    random.Random(known.name).shuffle(contents)
    for student, content in zip(STUDENTS, contents, strict=False):
        folder = root / FOLDER / "submitted" / student_id(student) / known.name
        folder.mkdir(parents=True)
        (folder / f"{known.name}.ipynb").write_text(content, encoding="utf-8")
        (folder / "timestamp.txt").write_text(SUBMITTED_AT, encoding="utf-8")


def submissions(known: Assignment, root: Path) -> list[str]:
    """The files that students hand in, as many as there are students."""
    reference = _file(known, {})
    untouched = assignment.answered(known, {}, base="release")
    variants = _some(bank.variants(known.name, root), VARIANTS)
    whole = [
        reference,
        *(_file(known, variant.cells) for variant in variants),
        json.dumps(untouched),
        _file(known, _loud(known)),
        _file(known, _unfinished(known)),
        *damaged(reference, known),
    ]
    mistakes = _some(bank.mistakes(known.name, root), len(STUDENTS) - len(whole))
    return whole + [_file(known, mistake.cells) for mistake in mistakes]


def damaged(content: str, known: Assignment) -> list[str]:
    """A file cut short, one with a cell twice, and one from a future nbgrader."""
    twice, future = json.loads(content), json.loads(content)
    answer = next(cell for cell in twice["cells"] if is_solution(cell))
    twice["cells"].append({**answer, "id": "copy"})
    for cell in future["cells"]:
        if grade_id(cell):
            cell["metadata"]["nbgrader"]["schema_version"] = 99
    return [content[: len(content) // 2], json.dumps(twice), json.dumps(future)]


def _some(items: Sequence[T], count: int) -> list[T]:
    """Up to so many of the items, evenly spread."""
    if len(items) <= count:
        return list(items)
    return [items[i * len(items) // count] for i in range(count)]


def student_id(name: str) -> str:
    """felix.grunwald for Felix Grünwald."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", ".")


def _file(known: Assignment, cells: dict[str, str]) -> str:
    written = dict.fromkeys(known.manual_ids, ANSWER)
    notebook = assignment.answered(known, {**written, **cells}, base="reference")
    return json.dumps(notebook)


def _loud(known: Assignment) -> dict[str, str]:
    reference = assignment.answered(known, {}, base="reference")
    for cell in reference.cells:
        if is_solution(cell):
            for part in ast.parse(cell.source).body:
                if isinstance(part, ast.FunctionDef):
                    return {grade_id(cell): cell.source + LOUD.format(name=part.name)}
    return {}


def _unfinished(known: Assignment) -> dict[str, str]:
    """The last task as it was released: somebody ran out of time."""
    last = known.solution_ids[-1]
    released = assignment.answered(known, {}, base="release")
    return {last: next(c.source for c in released.cells if grade_id(c) == last)}


def _grade(names: Sequence[str], root: Path) -> bool:
    """Generate the assignments, then grade them side by side."""
    roster = root / FOLDER / "roster.csv"
    with roster.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "first_name", "last_name", "email"])
        for student in STUDENTS:
            table.writerow([student_id(student), *student.split(" ", 1), ""])
    done = _nbgrader(root, "db", "student", "import", str(roster)) and all(
        _nbgrader(root, "generate_assignment", name) for name in names
    )

    def grade(name: str) -> bool:
        return all(
            _nbgrader(root, command, name, progress=len(STUDENTS))
            for command in ("autograde", "generate_feedback")
        )

    if done:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            done = all(pool.map(grade, names))
    return done


def _nbgrader(root: Path, *arguments: str, progress: int = 0) -> bool:
    """Run one of nbgrader's commands. What it prints goes into a log; where it fails,
    the last of it is shown."""
    command, *rest = arguments
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={**os.environ, "COURSE_CLASS": str(FOLDER)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    lines, count = [], 0
    for line in process.stdout:
        lines.append(line)
        if progress and PROGRESS.search(line) and _is_step(command, line):
            count += 1
            print(f"  nbgrader {command} {rest[-1]}: {count} of {progress}", flush=True)
    with (root / FOLDER / "nbgrader.log").open("a", encoding="utf-8") as log:
        log.writelines(lines)
    if process.wait():
        print(f"nbgrader {' '.join(arguments)} failed:", *lines[-20:], sep="\n  ")
    return process.returncode == 0


def _is_step(command: str, line: str) -> bool:
    return ("Autograding" in line) == (command == "autograde")


def _marks(root: Path, names: Sequence[str]) -> list[str]:
    """A table of the autograded points, a row per student."""
    from course_grader.class_report import read_class

    results = {name: read_class(root, FOLDER, name) for name in names}
    width = max(len(student) for student in STUDENTS)
    lines = [" " * width + "".join(f"  {name:>18}" for name in names)]
    for student in STUDENTS:
        cells = []
        for name in names:
            one = results[name].by_student[student_id(student)]
            mark = f"{one.score:g} of {results[name].max_autograded:g}"
            cells.append(f"  {'refused' if one.refused else mark:>18}")
        lines.append(f"{student:<{width}}{''.join(cells)}")
    return lines


def _addresses(root: Path) -> list[str]:
    pages = sorted((root / FOLDER / "feedback").glob("*/*/*.html"))
    telling = [page for page in pages if 'class="hint"' in page.read_text("utf-8")]
    shown = {
        "Feedback": (telling or pages)[0],
        "Report": root / FOLDER / "report.html",
    }
    return [f"{name:<9} {path.as_uri()}" for name, path in shown.items()]


def _state(root: Path) -> str:
    """A hash of everything that marks and feedback depend on."""
    digest = hashlib.sha256()
    files = [root / "nbgrader_config.py", root / "constraints.txt"]
    for folder in INPUTS:
        files += sorted(
            path
            for path in (root / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        )
    for path in files:
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()
