"""The chapter on adaptive methods notices a wrong optimizer, and keeps its size."""

import re
from pathlib import Path

import pytest

from tests.book.chapter import code_cells, run, words

PAGE = Path(__file__).parents[2] / "book/optimization/adaptive_methods.md"

# What is changed in course_lib/optimizers, and the start of the cell that must notice
# it first. All are in the bank of mistakes that students make.
MISTAKES = {
    "AdaGrad as a moving average": (
        "adagrad.py",
        "v += g**2",
        "v[...] = 0.9 * v + 0.1 * g**2",
        "for beta in",
    ),
    "RMSProp's rate swapped": (
        "rmsprop.py",
        "self.alpha * v + (1 - self.alpha) * g**2",
        "(1 - self.alpha) * v + self.alpha * g**2",
        "for beta in",
    ),
    "AdaDelta averages gradients in place of updates": (
        "adadelta.py",
        "(1 - self.rho) * d**2",
        "(1 - self.rho) * g**2",
        "RULES = ",
    ),
    "AdaDelta's ε outside the roots": (
        "adadelta.py",
        "np.sqrt(v + self.eps)",
        "(np.sqrt(v) + self.eps)",
        "import torch",
    ),
    "Adam without correction": (
        "adam.py",
        "m_hat = m / (1 - beta1**self.t)\n        v_hat = v / (1 - beta2**self.t)",
        "m_hat, v_hat = m, v",
        "adam = trace",
    ),
    "Adam writes the corrected v back": (
        "adam.py",
        "v_hat = v / ",
        "v[...] = v_hat = v / ",
        "adam = trace",
    ),
    "Adam's ε inside the root": (
        "adam.py",
        "(np.sqrt(v_hat) + self.eps)",
        "np.sqrt(v_hat + self.eps)",
        "import torch",
    ),
    "Adam's betas swapped": (
        "adam.py",
        "beta1, beta2 = self.betas",
        "beta2, beta1 = self.betas",
        "adam = trace",
    ),
    "t frozen at 1": ("optimizer.py", "self.t += 1", "self.t = 1", "adam = trace"),
    "t counted once per parameter": (
        "optimizer.py",
        "            for block in _blocks(p.value, g, state):",
        "            self.t += p is not self.parameters[0]\n"
        "            for block in _blocks(p.value, g, state):",
        "import torch",
    ),
    "AMSGrad forgets its maximum": (
        "amsgrad.py",
        "u[...] = np.maximum(u, v)",
        "u[...] = v",
        "from course_lib.optimizers import AMSGrad",
    ),
}


def test_every_cell_runs_with_the_library_as_it_is():
    assert run(PAGE).failure is None


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_library_fails_the_chapter(name):
    file, right, wrong, first_words = MISTAKES[name]
    failure = run(PAGE, mutate={f"optimizers/{file}": (right, wrong)}).failure
    assert failure is not None
    assert failure.cell.source.lstrip().startswith(first_words), failure.error
    assert "AssertionError" in failure.error


def test_the_chapter_keeps_its_size():
    text = PAGE.read_text()
    end = text[: text.index("\n## Exercises")].count("\n")
    cells = [cell for cell in code_cells(PAGE) if cell.line < end]
    assert 1800 <= words(PAGE) <= 3000
    assert 10 <= len(cells) <= 16
    assert sum(cell.lines for cell in cells) <= 150
    assert max(cell.lines for cell in code_cells(PAGE)) <= 15
    figures = [
        cell.options["mystnb"]["figure"] for cell in cells if "mystnb" in cell.options
    ]
    assert 5 <= len(figures) <= 8
    assert all(figure["caption"] and figure["name"] for figure in figures)
    assert 6 <= len(re.findall(r"^\$\$ \(eq-", text, flags=re.M)) <= 10
    assert 4 <= len(re.findall(r"^\*\*Prediction\.\*\*", text, flags=re.M)) <= 8


def test_each_experiment_says_what_it_expects_before_it_runs():
    for experiment in re.split(r"^### Experiment", PAGE.read_text(), flags=re.M)[1:]:
        before = experiment[: experiment.index("```{code-cell}")]
        for word in ("Prediction", "Reason", "Tolerance"):
            assert f"**{word}.**" in before, experiment[:40]
        assert "assert" in experiment


def test_every_exercise_has_a_solution_that_runs():
    text = PAGE.read_text()
    exercises = re.findall(r"```\{exercise\}[^\n]*\n:label: (\S+)\n\*([^*]+)\.\*", text)
    assert 6 <= len(exercises) <= 10
    assert len({kind for _, kind in exercises}) >= 4
    for label, _ in exercises:
        start = text.index(f"{{solution-start}} {label}\n")
        solution = text[start : text.index("{solution-end}", start)]
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
