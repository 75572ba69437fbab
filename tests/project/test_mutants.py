"""The tool that plants mistakes plants those that it says, and sees who notices."""

import ast
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(autouse=True)
def tools_on_the_path(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))


SOURCE = """
LIMIT = 3

def f(x: Array, *, n: int = 2) -> Array:
    "Doubles."
    if x < n:
        raise ValueError("f: too small, 1")

    def backward(dy):
        return dy @ x, -dy

    return x * 0.5, backward
"""


def test_every_kind_of_place_is_found_and_texts_are_left_alone():
    from mutations import mutations

    found = {(m.function, m.before, m.after) for m in mutations(SOURCE)}
    assert found == {
        ("f", "2", "3"),
        ("f", "2", "1"),
        ("f", "x < n", "x <= n"),
        ("f", "raise ValueError('f: too small, 1')", "pass"),
        ("f.backward", "(dy @ x, -dy)", "(-dy, dy @ x)"),
        ("f.backward", "dy @ x", "x @ dy"),
        ("f.backward", "-dy", "dy"),
        ("f", "(x * 0.5, backward)", "(backward, x * 0.5)"),
        ("f", "x * 0.5", "x / 0.5"),
        ("f", "0.5", "1.5"),
        ("f", "0.5", "0.25"),
    }


def test_a_mutant_differs_in_one_place():
    from mutations import mutations

    before = ast.unparse(ast.parse(SOURCE))
    for mutation in mutations(SOURCE):
        after = ast.unparse(mutation.made_in(SOURCE))
        assert after != before
        assert mutation.after in after


def test_a_mistake_is_noticed_and_a_change_of_nothing_survives():
    from mutants import all_mutants, run_all

    (swapped,) = [
        m
        for m in all_mutants("operations/matrices.py")
        if m.mutation.before == "np.swapaxes(a, -1, -2) @ dy"
    ]
    (the_last_is_the_first,) = [
        m for m in all_mutants("gradients.py") if m.mutation.after == "-1"
    ]
    assert run_all([swapped, the_last_is_the_first], jobs=2) == [the_last_is_the_first]
