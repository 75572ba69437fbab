"""Every chapter notices a wrong library, and keeps the form that readers rely on.

A chapter's row is `tests/book/mistakes/<chapter>.py`: mistakes in the library that its
own cells must notice.
"""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.book.chapter import Cell, code_cells, run, words

BOOK = Path(__file__).parents[2] / "book"
FEWEST_MISTAKES = 3


def listed() -> list[str]:
    """The book's chapters of the course, in its order: those that lie in a part."""
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text())
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [file for file in files if "/" in file]


def mistakes(chapter: str) -> dict[str, tuple[str, str, str, str]]:
    """The chapter's table of mistakes, empty where it has none."""
    name = chapter.rpartition("/")[2]
    if not (Path(__file__).parent / "mistakes" / f"{name}.py").exists():
        return {}
    table = importlib.import_module(f"tests.book.mistakes.{name}")
    return dict(table.MISTAKES)


CHAPTERS = listed()
MISTAKES = [(chapter, name) for chapter in CHAPTERS for name in mistakes(chapter)]

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@cache
def page(chapter: str) -> Path:
    return BOOK / f"{chapter}.md"


def main_cells(chapter: str) -> list[Cell]:
    """The cells before the exercises."""
    text = page(chapter).read_text()
    end = text[: text.index("\n## Exercises")].count("\n")
    return [cell for cell in code_cells(page(chapter)) if cell.line < end]


@each_chapter
def test_every_cell_runs_with_the_library_as_it_is(chapter: str) -> None:
    assert run(page(chapter)).failure is None


@pytest.mark.parametrize(("chapter", "name"), MISTAKES)
def test_a_mistake_in_the_library_fails_the_chapter(chapter: str, name: str) -> None:
    file, right, wrong, first_words = mistakes(chapter)[name]
    failure = run(page(chapter), mutate={file: (right, wrong)}).failure
    assert failure is not None
    assert failure.cell.source.lstrip().startswith(first_words), failure.error


@each_chapter
def test_a_chapter_names_mistakes_that_it_notices(chapter: str) -> None:
    assert len(mistakes(chapter)) >= FEWEST_MISTAKES


@each_chapter
def test_a_chapter_keeps_its_size(chapter: str) -> None:
    text, cells = page(chapter).read_text(), main_cells(chapter)
    assert 1800 <= words(page(chapter)) <= 3000
    assert 10 <= len(cells) <= 16
    assert max(cell.lines for cell in code_cells(page(chapter))) <= 15
    assert 6 <= len(re.findall(r"^\$\$ \(eq-", text, flags=re.M)) <= 10
    assert 4 <= len(re.findall(r"^\*\*Prediction\.\*\*", text, flags=re.M)) <= 8


@each_chapter
def test_figures_have_names_and_captions(chapter: str) -> None:
    figures = [
        cell.options["mystnb"]["figure"]
        for cell in main_cells(chapter)
        if "mystnb" in cell.options
    ]
    assert 5 <= len(figures) <= 8
    assert all(figure["caption"] and figure["name"] for figure in figures)


@each_chapter
def test_an_experiment_says_what_it_expects_before_it_runs(chapter: str) -> None:
    """Prediction, reason and tolerance, in this order, and then a cell that asserts."""
    for experiment in page(chapter).read_text().split("\n**Prediction.**")[1:]:
        before, _, rest = experiment.partition("```{code-cell}")
        reason, tolerance = before.find("Reason"), before.find("Tolerance")
        assert 0 < reason < tolerance, experiment[:60]
        assert "assert" in rest.partition("\n## ")[0], experiment[:60]


@each_chapter
def test_every_exercise_has_a_solution_that_runs(chapter: str) -> None:
    text = page(chapter).read_text()
    exercises = re.findall(r"```\{exercise\}[^\n]*\n:label: (\S+)\n\*([^*]+)\.\*", text)
    assert 6 <= len(exercises) <= 10
    assert len({kind for _, kind in exercises}) >= 4
    for label, _ in exercises:
        start = text.index(f"{{solution-start}} {label}\n")
        solution = text[start : text.index("{solution-end}", start)]
        assert "```{code-cell}" in solution, label
        assert "assert" in solution, label


@each_chapter
def test_no_line_of_code_runs_out_of_the_page(chapter: str) -> None:
    too_long = [
        line
        for cell in code_cells(page(chapter))
        if "remove-input" not in cell.tags
        for line in cell.source.splitlines()
        if len(line) > 80
    ]
    assert too_long == []
