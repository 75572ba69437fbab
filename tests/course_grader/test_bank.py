"""mistakes.py and variants.py, read or refused with a reason."""

from pathlib import Path

import pytest

from course_grader import bank
from course_grader.percent import SourceError


def test_reads_mistakes(root: Path) -> None:
    found = {mistake.name: mistake for mistake in bank.mistakes("toy", root)}
    assert list(found) == [
        *("sum", "other axis", "no factor", "ascent", "lost count", "keepdims")
    ]
    assert found["sum"].fails == ("test_mean", "test_step")
    assert found["sum"].hint == "You add up and never divide."
    assert found["sum"].cells == {"mean_cell": "def mean(x):\n    return x.sum(axis=0)"}
    assert found["other axis"].hint.endswith("columns, not of rows.")


def test_consecutive_cells_of_one_name_are_one_mistake(root: Path) -> None:
    found = {mistake.name: mistake for mistake in bank.mistakes("toy", root)}
    assert list(found["keepdims"].cells) == ["mean_cell", "step_cell"]


def test_reads_variants(root: Path) -> None:
    (variant,) = bank.variants("toy", root)
    assert variant.name == "loop"
    assert variant.hint.startswith("A loop over the rows")
    assert variant.cells["mean_cell"].startswith("def mean(x):\n    total")


def test_an_assignment_may_have_no_bank_yet(root: Path) -> None:
    (root / "solutions" / "toy" / "mistakes.py").unlink()
    assert bank.mistakes("toy", root) == []


GOOD = '# %% mean_cell: none | fails: test_mean\n"A hint."\nmean = None\n\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% what is this\n'h'\n", "line 1: expected `# %% cell: name`"),
        (
            GOOD.replace("mean_cell", "meen"),
            "line 1: none: meen is no cell that students",
        ),
        (
            GOOD.replace("mean_cell", "why"),
            "why is no cell that students fill with code",
        ),
        (GOOD.replace("test_mean", "test_men"), "none: there is no test 'test_men'"),
        (GOOD.replace("fails", "fail"), "expected `| fails: test_…`"),
        (GOOD.replace(" | fails: test_mean", ""), "which tests does it fail"),
        (GOOD.replace('"A hint."\n', ""), "the first statement should be a string"),
        (GOOD.replace("= None", "= ("), "line 3: none: '(' was never closed"),
        (GOOD + GOOD, "line 5: none: the cell mean_cell is given twice"),
        (
            GOOD + GOOD.replace("none", "other") + GOOD,
            "line 9: none: this name is taken in line 1",
        ),
    ],
)
def test_refuses_a_mistake_and_says_why(root: Path, text: str, message: str) -> None:
    path = root / "solutions" / "toy" / "mistakes.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        bank.mistakes("toy", root)
    assert message in str(caught.value)
    assert str(caught.value).startswith("mistakes.py, line ")


def test_a_variant_fails_nothing_and_is_not_the_reference(root: Path) -> None:
    path = root / "solutions" / "toy" / "variants.py"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(SourceError, match="none: a variant fails no test"):
        bank.variants("toy", root)
    source = (root / "solutions" / "toy" / "toy.py").read_text(encoding="utf-8")
    cell = source.partition('"mean_cell", "solution": true}\n')[2].partition("\n\n#")[0]
    path.write_text(f"# %% mean_cell: same\n'The same.'\n{cell}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="same: this is the reference"):
        bank.variants("toy", root)
