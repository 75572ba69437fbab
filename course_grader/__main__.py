"""The command line: `python -m course_grader check my_notebook.ipynb`.

`check` is for students and needs NumPy alone. The other commands work in a clone of the
course's repository. Each imports what it needs when it is called.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from course_grader.repository import names, repository


def main(arguments: list[str] | None = None) -> int:
    """Run a command.

    Returns:
        0 where all is well; 1 where checks failed or assignments are not current; 2
        where the command could not do its work, which it says in one line.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may not know σ or →
            stream.reconfigure(errors="replace")
    try:
        return int(options.command(options))
    except (ValueError, FileExistsError, FileNotFoundError, RuntimeError) as error:
        print(f"course_grader: {error}", file=sys.stderr)
        return 2


def _check(options: argparse.Namespace) -> int:
    from course_grader import checking_notebooks

    return checking_notebooks.check(options.notebook, json_file=options.json)


def _grade(options: argparse.Namespace) -> int:
    from course_grader import grading

    return grading.grade(
        options.notebook, assignment=options.assignment, json_file=options.json
    )


def _assignments(options: argparse.Namespace) -> int:
    from course_grader import release

    root = repository()
    stale = 0
    for name in options.names or names(root):
        if options.check:
            current = release.is_current(name, root)
            print(f"{name}: {'current' if current else 'not current'}")
            stale += not current
        else:
            changed = release.update(name, root)
            print(f"{name}: {'generated' if changed else 'nothing changed'}")
    if stale:
        print("Run `python -m course_grader assignments`, and commit what changes.")
    return int(stale > 0)


def _start(options: argparse.Namespace) -> int:
    from course_grader import release

    path = release.start(options.name, repository())
    print(f"{path} is yours. Open it with: jupyter lab {path}")
    return 0


def _sample_class(options: argparse.Namespace) -> int:
    from course_grader import sample_class

    return sample_class.main(["--again"] if options.again else [])


def _report(options: argparse.Namespace) -> int:
    from course_grader import class_report

    folder = [str(options.folder)] if options.folder else []
    return class_report.main([*folder, *(["--names"] if options.names else [])])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course_grader")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="run the visible checks of your notebook")
    check.add_argument("notebook", type=Path)
    check.set_defaults(command=_check)

    grade = commands.add_parser("grade", help="grade one notebook, with hidden tests")
    grade.add_argument("notebook", type=Path)
    grade.add_argument("--assignment", help="by default what the notebook says it is")
    grade.set_defaults(command=_grade)
    for command in (check, grade):
        command.add_argument("--json", type=Path, help="write the results here too")

    assignments = commands.add_parser(
        "assignments", help="generate what students get from solutions/"
    )
    assignments.add_argument("names", nargs="*", help="all of them by default")
    assignments.add_argument(
        "--check", action="store_true", help="write nothing: say whether it is current"
    )
    assignments.set_defaults(command=_assignments)

    start = commands.add_parser("start", help="copy a fresh notebook into work/")
    start.add_argument("name")
    start.set_defaults(command=_start)

    sample = commands.add_parser(
        "sample-class", help="grade a class of made-up students"
    )
    sample.add_argument(
        "--again", action="store_true", help="though nothing has changed"
    )
    sample.set_defaults(command=_sample_class)

    report = commands.add_parser(
        "report", help="what a class's marks and mistakes tell"
    )
    report.add_argument("folder", nargs="?", type=Path, help="by default COURSE_CLASS")
    report.add_argument("--names", action="store_true", help="say who did what")
    report.set_defaults(command=_report)
    return parser


if __name__ == "__main__":
    sys.exit(main())
