"""The gradebook as a table with one row per student, as learning platforms take it."""

from __future__ import annotations

import csv
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin


class WideExport(ExportPlugin):
    """`nbgrader export --exporter=course_grader.nbgrader.export.WideExport`

    A column per assignment, headed by its name and points. The cell of a student who
    has not submitted stays empty: no mark is not a mark of 0.
    """

    def export(self, gradebook: Any) -> None:
        chosen = set(self.assignment)
        assignments = [
            a for a in gradebook.assignments if not chosen or a.name in chosen
        ]
        students = {str(student) for student in self.student}
        destination = self.to or "grades_wide.csv"
        self.log.info("Exporting one row per student to %s", destination)
        with open(destination, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(
                ["student_id", "last_name", "first_name", "email"]
                + [f"{a.name} ({a.max_score:g})" for a in assignments]
            )
            for student in gradebook.students:
                if students and student.id not in students:
                    continue
                names = [student.last_name, student.first_name, student.email]
                table.writerow(
                    [student.id, *(name or "" for name in names)]
                    + [_mark(gradebook, a.name, student.id) for a in assignments]
                )


def _mark(gradebook: Any, assignment: str, student: str) -> str:
    try:
        found = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return ""
    return f"{max(0.0, found.score - found.late_submission_penalty):g}"
