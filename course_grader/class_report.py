"""The class at a glance: marks, mistakes, and what each test tells.

One page that needs nothing else, and the same as CSV. Neither has names unless they are
asked for, so that both can be shown to the class.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

from jinja2 import Environment, FileSystemLoader

from course_grader.class_results import Results, read_class
from course_grader.nbgrader import safe_html
from course_grader.repository import repository

TEMPLATES = Path(__file__).parent / "nbgrader"


def main(argv: Sequence[str] = ()) -> int:
    """Write report.html and report.csv into a class's folder.

    Returns:
        0, or 1 where nothing has been graded.
    """
    parser = argparse.ArgumentParser(prog="python -m course_grader report")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(os.environ.get("COURSE_CLASS", "class")),
        help="the class's folder; by default that of COURSE_CLASS",
    )
    parser.add_argument("--names", action="store_true", help="say who did what")
    options = parser.parse_args(list(argv))
    root = repository()
    names = _graded(root / options.folder)
    if not names:
        print(f"There is nothing graded in {options.folder}. Run nbgrader autograde.")
        return 1
    results = [read_class(root, options.folder, name) for name in names]
    page = root / options.folder / "report.html"
    page.write_text(render(results, names=options.names), encoding="utf-8")
    write_csv(results, page.with_suffix(".csv"), names=options.names)
    return 0


def render(results: Sequence[Results], *, names: bool = False) -> str:
    """The page.

    Args:
        results: of each assignment.
        names: list the students of each mistake and of each refusal.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.filters["markdown"] = safe_html.markdown
    style = [
        (TEMPLATES / name).read_text(encoding="utf-8")
        for name in ("feedback.css", "report.css")
    ]
    template = environment.get_template("report.html.j2")
    return template.render(
        assignments=[_described(one) for one in results],
        names=names,
        style="\n".join(style),
    )


def write_csv(results: Sequence[Results], path: Path, *, names: bool = False) -> None:
    """The page's tables, a row for each line in them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["assignment", "kind", "what", "students"] + ["who"] * names)
        for one in results:
            rows: list[tuple[str, str, list[str]]] = []
            for mark, _ in one.spread():
                who = [s.name for s in one.graded if s.score == mark]
                rows.append(("mark", f"{mark:g} of {one.max_autograded:g}", who))
            for test in one.tests:
                who = [s.name for s in one.graded if s.passed(test.name)]
                rows.append(("passed", test.title, who))
            rows += [("mistake", name, who) for name, _, who in one.mistakes()]
            rows += [
                ("unexplained", f"{test}: {message}", who)
                for test, message, who in one.unexplained()
            ]
            rows.append(("unanswered", "a task or more", one.unanswered()))
            rows.append(("refused", "", [s.name for s in one.students if s.refused]))
            for kind, what, who in rows:
                listed = [" ".join(who)] if names else []
                table.writerow([one.assignment, kind, what, len(who), *listed])


def _graded(folder: Path) -> list[str]:
    """The assignments that have graded notebooks."""
    return sorted({path.name for path in (folder / "autograded").glob("*/*")})


def _described(one: Results) -> dict[str, object]:
    scores = [student.score for student in one.graded]
    return {
        "results": one,
        "title": one.assignment.replace("_", " "),
        "mean": mean(scores) if scores else 0.0,
        "median": median(scores) if scores else 0.0,
        "refused": [student for student in one.students if student.refused],
        "most": max([count for _, count in one.spread()], default=1),
        "tests": [
            {
                "title": test.title,
                "points": test.points,
                "passed": sum(student.passed(test.name) for student in one.graded),
                "separation": one.separation(test),
            }
            for test in one.tests
        ],
    }
