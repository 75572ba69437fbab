"""Names for the students of the gradebook, which knows them by id alone."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROSTER = "roster.csv"


def name_students(gradebook: Any, students: Iterable[str], folder: Path) -> None:
    """Enter students with their names, so that the formgrader can show them.

    Args:
        gradebook: an open nbgrader.api.Gradebook.
        students: their ids.
        folder: the class's. Its roster.csv, where there is one, has the columns id,
            first_name, last_name and email, as `nbgrader db student import` reads
            them. Whoever is not in it goes by their id.
    """
    roster = read_roster(folder / ROSTER)
    named = {student.id for student in gradebook.students if student.last_name}
    for student in students:
        if student in roster:
            gradebook.update_or_create_student(student, **roster[student])
        elif student not in named:
            gradebook.update_or_create_student(
                student, first_name="", last_name=student
            )


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """The columns of each student by id; empty without a file."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    names = ("first_name", "last_name", "email")
    if rows and "id" not in rows[0]:
        raise ValueError(
            f"{path}: found the columns {', '.join(rows[0])}, expected id and any of "
            f"{', '.join(names)}"
        )
    return {
        row["id"]: {name: row[name] for name in names if row.get(name)} for row in rows
    }
