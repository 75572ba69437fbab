"""Cells with magics, as plain Python."""

import pytest

from course_grader.magics import without_magics


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    %time y = f(x)", "if x:\n    y = f(x)"),
        ("%timeit -n 10 f(x)", "f(x)"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%capture out\nx = 1", "\n\nx = 1"),
        ("!pip install numpy\nx = 1", "pass\nx = 1"),
        ("np.sum?\n?np.sum\nnp.sum??", "pass\npass\npass"),
        ("%%html\n<b>x</b>", ""),
        ("x = (5\n% 3)", "x = (5\n% 3)"),
        ('x = """\n%time\n!ls\n"""', 'x = """\n%time\n!ls\n"""'),
        ("x = (1,", "x = (1,"),
        ("", ""),
    ],
)
def test_leaves_the_python(source: str, plain: str) -> None:
    assert without_magics(source) == plain


@pytest.mark.parametrize(
    "source", ["%run other.py", "x = 1\n%sql select", "%%bash\nls"]
)
def test_says_what_it_cannot_run(source: str) -> None:
    with pytest.raises(RuntimeError, match="works in Jupyter only"):
        exec(without_magics(source), {})
