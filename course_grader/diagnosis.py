"""Which known mistake explains a failed test.

When a submission fails a test, the record of that test is compared with the records
that the reference and the known mistakes leave in it. Where it equals a mistake's, that
is the diagnosis. Nobody writes a probe for a mistake: the tests themselves are the
probes, and a mistake whose record equals another's needs a better test.

Three ways of asking, each only where the one before found nothing:

1. Does the whole record equal a mistake's? A submission with one mistake does.
2. Do the calls of what the mistake's cells define equal the mistake's, and differ from
   the reference's? So does one that is wrong elsewhere as well.
3. With one of the student's cells at a time in the reference: the same questions. Now
   another wrong cell cannot spoil what this one computes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from course_grader import assignment as assignments
from course_grader import bank, behaviors, evidence
from course_grader.assignment import Assignment
from course_grader.bank import Mistake
from course_grader.cells import grade_id, is_solution
from course_grader.running import Limits, Result, Run, run


@dataclass(frozen=True)
class Diagnosis:
    """What is known about why a test failed.

    Attributes:
        mistake: the name of the known mistake, or None where none explains it.
        hint: what its author should hear, or None.
        behavior: a short name of what the test saw. Submissions that no mistake
            explains can be grouped by it.
    """

    mistake: str | None
    hint: str | None
    behavior: str


def diagnose(
    assignment: Assignment,
    submission: Mapping[str, Any],
    *,
    result: Run | None = None,
    limits: Limits | None = None,
) -> dict[str, Diagnosis]:
    """The diagnosis of each test that the submission fails.

    Args:
        submission: a student's notebook.
        result: what running it, rebuilt and recorded, gave; it is run if not given.

    Raises:
        ValueError: the submission can't be graded.
    """
    rebuilt = assignments.submitted(assignment, submission)
    if result is None:
        result = run(rebuilt, record=assignment.definitions, limits=limits)
    if not result.failed:
        return {}
    search = _Search(assignment, result)
    search.compare(result)
    if search.unexplained():
        answers = {
            grade_id(cell): cell.source for cell in rebuilt.cells if is_solution(cell)
        }
        for cells in search.suspects():
            alone = {name: answers[name] for name in cells if name in answers}
            notebook = assignments.answered(
                assignment, alone, base="reference", hidden_tests=True
            )
            alone_result = run(
                notebook,
                record=assignment.definitions,
                until=search.unexplained(),
                limits=limits,
            )
            search.compare(alone_result, only=cells)
    return {test: search.diagnosis(test, result.tests[test]) for test in result.failed}


class _Search:
    """The mistakes that could explain failed tests, and those found to."""

    def __init__(self, assignment: Assignment, result: Run) -> None:
        self._assignment = assignment
        self._result = result
        self._failed = failed = result.failed
        self._known = behaviors.known(assignment)
        root = assignment.folder.parents[1]
        # A mistake that also fails a test which this submission passes isn't its.
        self._mistakes = [
            mistake
            for mistake in bank.mistakes(assignment.name, root)
            if set(mistake.fails) <= set(failed)
        ]
        self._found: dict[str, list[Mistake]] = {}

    def unexplained(self) -> list[str]:
        return [test for test in self._failed if test not in self._found]

    def suspects(self) -> list[tuple[str, ...]]:
        """The sets of cells in which a mistake could still explain a test."""
        open_tests = set(self.unexplained())
        sets = [
            tuple(sorted(mistake.cells))
            for mistake in self._mistakes
            if open_tests.intersection(mistake.fails)
        ]
        return list(dict.fromkeys(sets))

    def compare(self, result: Run, *, only: Collection[str] | None = None) -> None:
        """Look for the mistakes in a run's records.

        Args:
            only: the cells that aren't the reference's; all by default.
        """
        for test in self.unexplained():
            seen = result.tests.get(test)
            if seen is None or seen.passed:
                continue
            candidates = [
                mistake
                for mistake in self._mistakes
                if test in mistake.fails
                and (only is None or set(mistake.cells) == set(only))
            ]
            found = [m for m in candidates if self._same(m, test, seen)]
            found = found or [m for m in candidates if self._shows(m, test, seen)]
            if found:
                self._found[test] = found

    def diagnosis(self, test: str, result: Result) -> Diagnosis:
        behavior = evidence.digest(evidence.of(result))
        mistakes = self._found.get(test, [])
        if not mistakes:
            return Diagnosis(None, None, behavior)
        best = max(mistakes, key=self._likelihood)
        return Diagnosis(best.name, best.hint, behavior)

    def _likelihood(self, mistake: Mistake) -> tuple[int, int, int]:
        """How well a mistake fits: the failed tests that it explains, then the tests,
        failed or passed, that it agrees with, then those of them where it agrees in
        the digits of the smallest entries."""
        runs = self._known.mistakes[mistake.name].tests
        pairs = [
            (evidence.of(seen), evidence.of(runs[test]))
            for test, seen in self._result.tests.items()
        ]
        explained = sum(mistake in found for found in self._found.values())
        alike = [pair for pair in pairs if evidence.same(*pair)]
        strictly = [pair for pair in alike if evidence.same(*pair, atol=0)]
        return explained, len(alike), len(strictly)

    def _same(self, mistake: Mistake, test: str, seen: Result) -> bool:
        known = self._known.mistakes[mistake.name].tests[test]
        return evidence.same(evidence.of(seen), evidence.of(known))

    def _shows(self, mistake: Mistake, test: str, seen: Result) -> bool:
        known = self._known.mistakes[mistake.name].tests[test]
        reference = self._known.reference.tests[test]
        return evidence.shows(
            evidence.of(seen),
            evidence.of(known),
            evidence.of(reference),
            of_cells=mistake.cells,
            definitions=self._assignment.definitions,
        )


def not_told_apart(assignment: Assignment) -> list[tuple[str, str]]:
    """The pairs of mistakes with different hints that behave the same in every test.

    There should be none: a test needs an input that tells them apart, or they share a
    hint.
    """
    runs = behaviors.known(assignment).mistakes
    mistakes = bank.mistakes(assignment.name, assignment.folder.parents[1])
    return [
        (a.name, b.name)
        for i, a in enumerate(mistakes)
        for b in mistakes[i + 1 :]
        if a.hint != b.hint and _alike(runs[a.name], runs[b.name])
    ]


def _alike(a: Run, b: Run) -> bool:
    """Whether every test saw the same, to the last digits."""
    return all(
        evidence.same(evidence.of(result), evidence.of(b.tests[name]), atol=0)
        for name, result in a.tests.items()
    )
