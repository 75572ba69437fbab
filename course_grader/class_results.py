"""What a graded class did: marks, failed tests, and the mistakes behind them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import StatisticsError, correlation

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import has_failed

from course_grader.cells import grade_id, is_test, points
from course_grader.nbgrader.outcome import Reader, title
from course_grader.nbgrader.submission import OURS, refused

NO_ANSWER = "There is no answer yet"  # as course_grader.checks puts it


@dataclass(frozen=True)
class GradedTest:
    """One autograded test: what it checks, and what it is worth."""

    name: str
    title: str
    points: float


@dataclass(frozen=True)
class Failure:
    """One test that one student failed.

    Attributes:
        mistake: the known mistake that explains it, or None.
        hint: what that mistake's author should hear.
        behavior: what the test saw. Students with the same behavior may have made the
            same mistake.
        message: what the student's feedback says.
    """

    test: str
    mistake: str | None
    hint: str
    behavior: str
    message: str

    @property
    def unanswered(self) -> bool:
        return self.message.startswith(NO_ANSWER)


@dataclass(frozen=True)
class Student:
    """What became of one submission."""

    name: str
    refused: str | None = None
    score: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def passed(self, test: str) -> bool:
        return all(failure.test != test for failure in self.failures)


@dataclass(frozen=True)
class Results:
    """A class's submissions to one assignment, as far as a machine grades them."""

    assignment: str
    tests: list[GradedTest]
    students: list[Student]

    @cached_property
    def by_student(self) -> dict[str, Student]:
        return {student.name: student for student in self.students}

    @cached_property
    def graded(self) -> list[Student]:
        """Those that could be graded."""
        return [student for student in self.students if not student.refused]

    @property
    def max_autograded(self) -> float:
        return sum(test.points for test in self.tests)

    def mistakes(self) -> list[tuple[str, str, list[str]]]:
        """Each known mistake, its hint and who made it, the most frequent first."""
        found: dict[str, tuple[str, set[str]]] = {}
        for student in self.graded:
            for failure in student.failures:
                if failure.mistake:
                    entry = found.setdefault(failure.mistake, (failure.hint, set()))
                    entry[1].add(student.name)
        rows = [(name, hint, sorted(who)) for name, (hint, who) in found.items()]
        return sorted(rows, key=lambda row: (-len(row[2]), row[0]))

    def unanswered(self) -> list[str]:
        """Who left a task as it was released."""
        return sorted(
            student.name
            for student in self.graded
            if any(failure.unanswered for failure in student.failures)
        )

    def unexplained(self) -> list[tuple[str, str, list[str]]]:
        """Failures that no mistake explains, grouped by equal behavior: the test, its
        message, and who."""
        groups: dict[tuple[str, str], tuple[str, set[str]]] = {}
        for student in self.graded:
            for failure in student.failures:
                if not failure.mistake and not failure.unanswered:
                    key = failure.test, failure.behavior
                    groups.setdefault(key, (failure.message, set()))[1].add(
                        student.name
                    )
        titles = {test.name: test.title for test in self.tests}
        rows = [
            (titles[test], message, sorted(who))
            for (test, _), (message, who) in groups.items()
        ]
        return sorted(rows, key=lambda row: (-len(row[2]), row[0], row[1]))

    def spread(self) -> list[tuple[float, int]]:
        """How many reached each mark, the highest first."""
        return sorted(Counter(s.score for s in self.graded).items(), reverse=True)

    def separation(self, test: GradedTest) -> float | None:
        """The correlation of passing a test with the points in all others.

        Near 1: whoever passes it does well elsewhere. Near 0, or below: the test
        measures something else, or nothing. None where all pass, or all fail.
        """
        passed = [float(student.passed(test.name)) for student in self.graded]
        others = [
            student.score - test.points * student.passed(test.name)
            for student in self.graded
        ]
        try:
            return correlation(passed, others)
        except StatisticsError:
            return None


def read_class(root: Path, folder: Path, name: str) -> Results:
    """The results of an assignment from the graded notebooks of a class.

    Args:
        root: the course's folder, `folder` the class's within it.
        name: of the assignment.
    """
    paths = sorted((root / folder / "autograded").glob(f"*/{name}/{name}.ipynb"))
    notebooks = {
        path.parent.parent.name: nbformat.read(path, as_version=4) for path in paths
    }
    students = [_student(who, notebook) for who, notebook in notebooks.items()]
    whole = [notebook for notebook in notebooks.values() if not refused(notebook)]
    tests = [
        GradedTest(grade_id(cell), title(cell), points(cell))
        for notebook in whole[:1]
        for cell in notebook.cells
        if is_test(cell)
    ]
    return Results(name, tests, students)


def _student(name: str, notebook: NotebookNode) -> Student:
    reader = Reader(notebook)
    tests = [cell for cell in notebook.cells if is_test(cell)]
    failures = []
    for cell in tests:
        if not has_failed(cell):
            continue
        known = cell.metadata.get(OURS, {})
        message = reader.read(cell).message
        failures.append(
            Failure(
                grade_id(cell),
                known.get("mistake"),
                known.get("hint") or "",
                known.get("behavior", message),
                message,
            )
        )
    score = sum(points(cell) for cell in tests if not has_failed(cell))
    return Student(name, refused(notebook), score, failures)
