"""What counts as the same behavior, of all answers or of some cells."""

from typing import Any

from course_grader.evidence import Evidence, digest, same, shows

CELLS = {"f": "f_cell", "g": "g_cell", "C": "c_cell"}


def call(label: str, value: float) -> dict[str, Any]:
    return {"call": label, "returned": ["number", "float64", value]}


def ended(*entries: dict[str, Any], at: int = 0) -> Evidence:
    end = ["failed", "CheckFailed", at] if at else ["passed"]
    return [*entries, {"end": end}]


REFERENCE = ended(call("f", 1), call("g", 2), call("f", 3))
MISTAKE = ended(call("f", 1), call("g", 2), call("f", -3), at=9)  # in f_cell


def shown(student: Evidence, cell: str = "f_cell") -> bool:
    return shows(student, MISTAKE, REFERENCE, of_cells=[cell], definitions=CELLS)


def test_the_same_is_the_same_to_the_end() -> None:
    assert same(MISTAKE, ended(call("f", 1), call("g", 2), call("f", -3), at=9))
    assert not same(MISTAKE, ended(call("f", 1), call("g", 2), call("f", -3), at=8))
    assert not same(MISTAKE, MISTAKE[:-1])
    assert digest(MISTAKE) != digest(REFERENCE)


def test_a_mistake_shows_beside_another_cell_that_is_wrong() -> None:
    other = ended(call("f", 1), call("g", 7), call("f", -3), at=5)
    assert not same(other, MISTAKE)
    assert shown(other)


def test_what_is_right_so_far_shows_no_mistake() -> None:
    """The other cell ended the test before this one could differ."""
    assert not shown(ended(call("f", 1), call("g", 7), at=5))


def test_another_mistake_is_not_this_one() -> None:
    assert not shown(ended(call("f", 1), call("g", 2), call("f", 4), at=9))
    assert not shown(ended(at=1))
    assert not shown(MISTAKE, cell="g_cell")


def test_methods_and_closures_belong_to_the_name_they_come_from() -> None:
    for label in ("C.step", "C.t", "C()[1]", "C.step()"):
        wrong, right = ended(call(label, 1), at=3), ended(call(label, 2))
        assert shows(wrong, wrong, right, of_cells=["c_cell"], definitions=CELLS)
