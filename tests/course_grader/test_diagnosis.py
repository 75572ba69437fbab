"""A failed test is explained by the known mistake that behaves the same."""

import json
from pathlib import Path

import pytest

from course_grader import assignment as assignments
from course_grader import bank, behaviors
from course_grader import diagnosis as diagnosis_module
from course_grader.assignment import Assignment, answered
from course_grader.bank import Mistake
from course_grader.diagnosis import Diagnosis, diagnose, not_told_apart

LOOPED_SUM = """
def helper(a, b):
    return a + b

def mean(x):
    total = 0.0 * x[0]
    for row in x:
        total = helper(total, row)
    print("the total is", total)
    return total
"""
FIRST_ROW = "def mean(x):\n    return x[0]"
FIRST_ROW_OTHERWISE = "def mean(x):\n    row, *rest = list(x)\n    return row * 1"
RAISES = "def mean(x):\n    raise ValueError('what now')"


def root_of(toy: Assignment) -> Path:
    return toy.folder.parents[1]


def mistake(toy: Assignment, name: str) -> Mistake:
    return next(m for m in bank.mistakes("toy", root_of(toy)) if m.name == name)


def diagnosed(toy: Assignment, *names: str, **answers: str) -> dict[str, str | None]:
    """The mistakes found in a submission that makes these, and answers so."""
    cells: dict[str, str] = {}
    for name in names:
        cells.update(mistake(toy, name).cells)
    submission = answered(toy, {**cells, **answers}, base="reference")
    return {test: x.mistake for test, x in diagnose(toy, submission).items()}


@pytest.mark.parametrize(
    "name", ["sum", "other axis", "no factor", "ascent", "lost count", "keepdims"]
)
def test_each_mistake_is_found(toy: Assignment, name: str) -> None:
    assert diagnosed(toy, name) == dict.fromkeys(mistake(toy, name).fails, name)


def test_what_is_right_has_no_diagnosis(toy: Assignment) -> None:
    assert diagnosed(toy) == {}
    assert diagnosed(toy, mean_cell="def mean(x):\n    return x.mean(axis=0)") == {}


def test_the_hint_comes_along(toy: Assignment) -> None:
    submission = answered(toy, mistake(toy, "ascent").cells, base="reference")
    found = diagnose(toy, submission)["test_step"]
    assert found.hint == "You climb: the step goes against the gradient."


def test_it_is_behavior_that_counts_and_not_code(toy: Assignment) -> None:
    assert diagnosed(toy, mean_cell=LOOPED_SUM) == {
        "test_mean": "sum",
        "test_step": "sum",
    }


def test_mistakes_in_several_cells_are_all_found(toy: Assignment) -> None:
    assert diagnosed(toy, "other axis", "no factor") == {
        "test_mean": "other axis",
        "test_square": "no factor",
        "test_step": "other axis",
    }


def test_a_mistake_is_found_beside_one_that_spoils_its_test(toy: Assignment) -> None:
    """Descent calls mean: with both wrong, its record is like no mistake's alone."""
    assert diagnosed(toy, "ascent", mean_cell=FIRST_ROW)["test_step"] == "ascent"
    both = diagnosed(toy, "ascent", mean_cell=LOOPED_SUM)
    assert both["test_mean"] == "sum"
    assert both["test_step"] in ("sum", "ascent")


def test_a_helper_from_an_added_cell_does_not_disturb(toy: Assignment) -> None:
    submission = answered(
        toy,
        {"mean_cell": "def mean(x):\n    return total(x)"},
        base="reference",
    )
    added = submission.cells[1].copy()
    added.update(id="added", source="def total(x):\n    return sum(list(x))")
    added.metadata = {}
    submission.cells.insert(2, added)
    found = diagnose(toy, submission)
    assert {test: x.mistake for test, x in found.items()} == {
        "test_mean": "sum",
        "test_step": "sum",
    }


@pytest.mark.parametrize("source", [FIRST_ROW, RAISES, "", "def mean(:"])
def test_an_unknown_mistake_is_not_given_a_wrong_name(
    toy: Assignment, source: str
) -> None:
    found = diagnosed(toy, mean_cell=source)
    assert found == {"test_mean": None, "test_step": None}


def test_a_mistake_that_would_fail_more_is_not_the_one(toy: Assignment) -> None:
    """In test_step this adds like the mistake "sum", which fails test_mean as well."""
    source = "def mean(x):\n    return x.sum(0) if x.max() == 6 else x.mean(0)"
    assert diagnosed(toy, mean_cell=source) == {"test_step": None}


def test_unknown_mistakes_can_be_grouped_by_what_they_do(toy: Assignment) -> None:
    def behavior(source: str) -> str:
        submission = answered(toy, {"mean_cell": source}, base="reference")
        return diagnose(toy, submission)["test_mean"].behavior

    assert behavior(FIRST_ROW) == behavior(FIRST_ROW_OTHERWISE)
    assert behavior(FIRST_ROW) != behavior(RAISES)


def test_nothing_hidden_comes_out(toy: Assignment) -> None:
    leak = "def mean(x):\n    raise ValueError(f'the input is {x}')"
    submission = answered(toy, {"mean_cell": leak}, base="reference")
    assert "4711" not in str(diagnose(toy, submission))


def test_an_untouched_submission_has_no_diagnosis(toy: Assignment) -> None:
    found = diagnose(toy, answered(toy, {}))
    assert {x.mistake for x in found.values()} == {None}
    assert len(found) == len(toy.test_ids)


def add_mistake(root: Path, text: str) -> Assignment:
    path = root / "solutions" / "toy" / "mistakes.py"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return assignments.load("toy", root)


def test_mistakes_that_behave_the_same_are_reported(
    toy: Assignment, root: Path
) -> None:
    assert not_told_apart(toy) == []
    header = "# %% mean_cell: twin | fails: test_mean, test_step"
    twin = f'\n{header}\n"Another."\n{LOOPED_SUM}'
    assert not_told_apart(add_mistake(root, twin)) == [("sum", "twin")]


def test_an_error_of_the_same_type_is_the_same_mistake(root: Path) -> None:
    known = (
        f'\n# %% mean_cell: raises | fails: test_mean, test_step\n"Why?"\n{RAISES}\n'
    )
    toy = add_mistake(root, known)
    other = "def mean(x):\n    int('no number')"
    assert diagnosed(toy, mean_cell=other)["test_mean"] == "raises"
    assert diagnosed(toy, mean_cell="def mean(x):\n    {}[1]")["test_mean"] is None


def test_behaviors_are_kept_until_something_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = assignments.load("toy", root)
    first = behaviors.known(toy)
    (kept,) = (root / "_build" / "diagnosis").iterdir()

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("it runs again")

    with monkeypatch.context() as context:
        context.setattr(behaviors, "run", forbidden)
        assert behaviors.known(toy) == first
        with pytest.raises(AssertionError, match="it runs again"):
            behaviors.known(add_mistake(root, "\n# %% [markdown]\n# A word.\n"))
    kept.write_bytes(kept.read_bytes()[:100])
    assert behaviors.known(toy).mistakes.keys() == first.mistakes.keys()


def test_what_stands_behind_the_last_test_costs_no_time(root: Path) -> None:
    path = root / "solutions" / "toy" / "toy.py"
    source = path.read_text(encoding="utf-8")
    path.write_text(source + "\n# %%\nimport time\ntime.sleep(1)\n", encoding="utf-8")
    known = behaviors.known(assignments.load("toy", root))
    for done in (known.reference, *known.mistakes.values()):
        assert done.results[-1].name == "test_step"


def test_a_mistake_that_shows_across_tests_is_found_beside_another(root: Path) -> None:
    """A memory that all objects share makes a test depend on those before it."""
    shared = """
# %% step_cell: one memory | fails: test_step
"All of your optimizers share one count."
class Descent:
    seen = []

    def __init__(self, lr):
        self.lr = lr

    def step(self, x, gradients):
        self.seen.append(1)
        self.t = len(self.seen)
        x -= self.lr * mean(gradients) * (self.t if self.t > 3 else 1)
"""
    first = """
# %% nbgrader={"grade_id": "test_warm_up", "points": 1}
with checking("the first steps"):
    x = np.zeros(2)
    for _ in range(2):
        Descent(0.5).step(x, np.zeros((1, 2)))
    check_array("x", x, [0.0, 0.0])

# %% nbgrader={"grade_id": "test_step", "points": 3}"""
    path = root / "solutions" / "toy" / "toy.py"
    source = path.read_text(encoding="utf-8")
    last = '\n# %% nbgrader={"grade_id": "test_step", "points": 3}'
    path.write_text(source.replace(last, first), encoding="utf-8")
    toy = add_mistake(root, shared)
    assert diagnosed(toy, "one memory") == {"test_step": "one memory"}
    found = diagnosed(toy, "one memory", mean_cell=FIRST_ROW)
    assert found == {"test_mean": None, "test_step": "one memory"}


def test_a_mistake_is_found_though_its_cell_cannot_stand_alone(root: Path) -> None:
    """Two cells in one test, both wrong, and one needs a helper from the other."""
    path = root / "solutions" / "toy" / "toy.py"
    both = """
# %% nbgrader={"grade_id": "test_both", "points": 1}
with checking("both"):
    m, (y, backward) = mean(np.eye(3)), square(2.0)
    check_array("m + y", m + y, np.full(3, 4 + 1 / 3))
"""
    path.write_text(path.read_text(encoding="utf-8") + both, encoding="utf-8")
    mistakes = root / "solutions" / "toy" / "mistakes.py"
    text = mistakes.read_text(encoding="utf-8")
    text = text.replace(": test_mean, test_step", ": test_mean, test_step, test_both")
    mistakes.write_text(text, encoding="utf-8")
    toy = assignments.load("toy", root)
    found = diagnosed(
        toy,
        mean_cell="def mean(x):\n    return total(x)",
        square_cell="def square(x):\n    return x**3, None\ntotal = lambda x: sum(x)",
    )
    assert found["test_both"] == "sum"


def test_what_was_run_before_is_not_run_again(
    toy: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = behaviors.known(toy)
    submission = answered(toy, mistake(toy, "sum").cells, base="reference")
    monkeypatch.setattr(diagnosis_module, "run", None)
    found = diagnose(toy, submission, result=known.mistakes["sum"])
    assert isinstance(found["test_mean"], Diagnosis)
    assert found["test_mean"].mistake == "sum"
    assert json.dumps(found["test_mean"].behavior)
