"""The chapter on computational graphs notices a wrong library, and keeps its size."""

import re
from pathlib import Path

import pytest

from tests.book.chapter import code_cells, run, words

PAGE = Path(__file__).parents[2] / "book/graphs/computational_graphs.md"

# What is changed in course_lib, and the start of the cell that must notice it first.
MISTAKES = {
    "gradient assigned, not accumulated": (
        "graph.py",
        "sums[node] + dx if node in sums else dx",
        "dx",
        "def rises",
    ),
    "visited as met, not in topological order": (
        "graph.py",
        """            entered.add(call)
            stack += [x.call for x in reversed(call.inputs) if x.call]
        else:  # on the way out: all that it needs is in order
            order[stack.pop()] = None
    return list(order)""",
        """            entered.add(call)
            order[call] = None
            stack += [x.call for x in reversed(call.inputs) if x.call]
        else:
            stack.pop()
    return list(order)[::-1]""",
        "def diamonds",
    ),
    "recursion": (
        "graph.py",
        "    while stack:\n        call = stack[-1]\n",
        """
    def visit(call):
        if call not in order:
            for x in call.inputs:
                if x.call:
                    visit(x.call)
            order[call] = None

    for call in stack:
        visit(call)
    return list(order)
    while stack:
        call = stack[-1]
""",
        "deep = start",
    ),
    "the root is not 1": (
        "graph.py",
        "np.ones_like(loss.value)",
        "2 * np.ones_like(loss.value)",
        "def rises",
    ),
    "multiplication does not swap": (
        "elementwise.py",
        "sum_to_shape(dy * b, a.shape), sum_to_shape(dy * a, b.shape)",
        "sum_to_shape(dy * a, a.shape), sum_to_shape(dy * b, b.shape)",
        "def rises",
    ),
    "maximum routes to the smaller": (
        "elementwise.py",
        "da, db = _route(dy, a > b, a == b)",
        "da, db = _route(dy, a < b, a == b)",
        "def difference",
    ),
    "sigmoid's derivative from its input": (
        "activations.py",
        "lambda dy: dy * (y * (1 - y))",
        "lambda dy: dy * (x * (1 - x))",
        "from course_lib.operations.activations",
    ),
    "sigmoid overflows": (
        "activations.py",
        "    y = np.where(x >= 0, 1, z) / (1 + z)\n    return y, lambda dy",
        "    y = 1 / (1 + np.exp(-x))\n    return y, lambda dy",
        "def value_and_gradient",
    ),
    "weight gradient transposed": (
        "matrices.py",
        "dy.T @ x",
        "(dy.T @ x).T.reshape(w.shape)",
        "from course_lib.operations.matrices",
    ),
}


def test_every_cell_runs_with_the_library_as_it_is():
    assert run(PAGE).failure is None


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_library_fails_the_chapter(name):
    file, right, wrong, first_words = MISTAKES[name]
    folder = "" if file == "graph.py" else "operations/"
    failure = run(PAGE, mutate={folder + file: (right, wrong)}).failure
    assert failure is not None
    assert failure.cell.source.lstrip().startswith(first_words), failure.error


def test_the_chapter_keeps_its_size():
    text = PAGE.read_text()
    end = text[: text.index("\n## Exercises")].count("\n")
    cells = [cell for cell in code_cells(PAGE) if cell.line < end]
    assert 1800 <= words(PAGE) <= 2200
    assert 10 <= len(cells) <= 16
    assert max(cell.lines for cell in code_cells(PAGE)) <= 15
    figures = [
        cell.options["mystnb"]["figure"] for cell in cells if "mystnb" in cell.options
    ]
    assert 5 <= len(figures) <= 8
    assert all(figure["caption"] and figure["name"] for figure in figures)
    assert 6 <= len(re.findall(r"^\$\$ \(eq-", text, flags=re.M)) <= 10


def test_every_exercise_has_a_solution_that_runs():
    text = PAGE.read_text()
    exercises = re.findall(r"```\{exercise\}[^\n]*\n:label: (\S+)\n\*([^*]+)\.\*", text)
    assert 6 <= len(exercises) <= 10
    assert len({kind for _, kind in exercises}) >= 4
    for label, _ in exercises:
        start = text.index(f"```{{solution-start}} {label}\n")
        solution = text[start : text.index("```{solution-end}", start)]
        assert "```{code-cell}" in solution, label
        assert "assert" in solution, label


def test_no_line_of_code_runs_out_of_the_page():
    too_long = [
        line
        for cell in code_cells(PAGE)
        if "remove-input" not in cell.tags
        for line in cell.source.splitlines()
        if len(line) > 80
    ]
    assert too_long == []
