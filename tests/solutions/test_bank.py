"""Every assignment, held to its bank: what is right gets full marks, what is wrong
fails the tests that it names and no other, and the diagnosis tells which it was."""

from functools import cache

import pytest

from course_grader import assignment as assignments
from course_grader import bank, behaviors
from course_grader.assignment import Assignment
from course_grader.bank import Mistake, Variant
from course_grader.behaviors import Behaviors
from course_grader.diagnosis import diagnose, not_told_apart
from course_grader.running import Run, run

NAMES = assignments.names()
MISTAKES = [(name, mistake) for name in NAMES for mistake in bank.mistakes(name)]
VARIANTS = [(name, variant) for name in NAMES for variant in bank.variants(name)]

FEWEST_MISTAKES = 10
FEWEST_VARIANTS = 4


def label(value: object) -> str:
    name = value.name if isinstance(value, Mistake | Variant) else str(value)
    return name.replace(" ", "_")


each_assignment = pytest.mark.parametrize("name", NAMES)
each_mistake = pytest.mark.parametrize(("name", "mistake"), MISTAKES, ids=label)
each_variant = pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=label)


@cache
def loaded(name: str) -> Assignment:
    return assignments.load(name)


@cache
def known(name: str) -> Behaviors:
    return behaviors.known(loaded(name))


@cache
def variants_run(name: str) -> dict[str, Run]:
    variants = bank.variants(name)
    cells = [variant.cells for variant in variants]
    runs = behaviors.run_all(loaded(name), cells)
    return {variant.name: done for variant, done in zip(variants, runs, strict=True)}


@cache
def visible_runs(name: str) -> list[Run]:
    """The mistakes, checked as their authors can check them."""
    cells = [mistake.cells for mistake in bank.mistakes(name)]
    return behaviors.run_all(loaded(name), cells, hidden_tests=False)


def failures(done: Run) -> str:
    return "\n".join(f"{x.name}: {x.failure}" for x in done.results if x.failure)


def test_there_are_assignments() -> None:
    assert NAMES


@each_assignment
def test_reference_gets_full_marks(name: str) -> None:
    done = known(name).reference
    assert failures(done) == ""
    assert done.score == loaded(name).max_autograded > 0


@each_variant
def test_variant_gets_full_marks(name: str, variant: Variant) -> None:
    assert failures(variants_run(name)[variant.name]) == ""


@each_assignment
def test_untouched_release_gets_no_points(name: str) -> None:
    notebook = assignments.answered(loaded(name), {}, hidden_tests=True)
    assert run(notebook).score == 0


@each_mistake
def test_mistake_fails_what_it_names_and_no_other(name: str, mistake: Mistake) -> None:
    done = known(name).mistakes[mistake.name]
    assert sorted(done.failed) == sorted(mistake.fails), failures(done)


@each_mistake
def test_mistake_is_diagnosed_in_each_test_it_fails(
    name: str, mistake: Mistake
) -> None:
    submission = assignments.answered(loaded(name), mistake.cells, base="reference")
    found = diagnose(
        loaded(name), submission, result=known(name).mistakes[mistake.name]
    )
    assert {test: x.hint for test, x in found.items()} == dict.fromkeys(
        mistake.fails, mistake.hint
    ), {test: x.mistake for test, x in found.items()}


@each_assignment
def test_a_mistake_in_every_cell_at_once_is_told_too(name: str) -> None:
    """Each wrong cell spoils what others compute, and is still seen for what it is."""
    chosen: dict[str, Mistake] = {}
    for mistake in bank.mistakes(name):
        if len(mistake.cells) == 1:
            chosen.setdefault(*mistake.cells, mistake)
    cells = {cell: mistake.cells[cell] for cell, mistake in chosen.items()}
    submission = assignments.answered(loaded(name), cells, base="reference")
    found = diagnose(loaded(name), submission)
    made = {mistake.name for mistake in chosen.values()}
    assert len(made) > 2
    assert {x.mistake for x in found.values()} <= made
    assert len(found) > 2


@each_assignment
def test_mistakes_are_told_apart(name: str) -> None:
    assert not_told_apart(loaded(name)) == []


@each_assignment
def test_bank_is_large_enough(name: str) -> None:
    assert len(bank.mistakes(name)) >= FEWEST_MISTAKES
    assert len(bank.variants(name)) >= FEWEST_VARIANTS


@each_assignment
def test_half_of_the_mistakes_pass_all_visible_checks(name: str) -> None:
    passed = sum(not done.failed for done in visible_runs(name))
    assert passed >= len(visible_runs(name)) / 2
