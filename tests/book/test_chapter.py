"""The runner of chapters is itself held to what it promises."""

import pytest

from tests.book.chapter import code_cells, run, words

PAGE = """---
kernelspec: {name: python3}
---

# A title of five words

Text with $x$ and `code`.

```{code-cell} ipython3
:tags: [hide-input]
from course_lib.graph import Node, backpropagate
a = Node(3.0, "a")
```

````{tab-item} PyTorch
```{code-cell} ipython3
raise RuntimeError("a cell within another directive is not executed")
```
````

```{solution-start} exercise
```
More words here.
```{code-cell} ipython3
---
mystnb:
  figure:
    caption: One
tags: [raises-exception]
---
1 / 0
```
```{solution-end}
```

```python
raise RuntimeError("not a cell")
```

```{code-cell} ipython3

assert backpropagate(a * a, [a])[a] == 6
```
"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    return path


def test_cells_are_those_that_the_book_executes(page):
    cells = code_cells(page)
    assert [cell.line for cell in cells] == [9, 24, 40]
    assert [cell.tags for cell in cells] == [["hide-input"], ["raises-exception"], []]
    assert [cell.lines for cell in cells] == [2, 1, 1]
    assert cells[1].source == "1 / 0"


def test_a_page_runs(page):
    assert run(page).failure is None


def test_a_mistake_is_caught_in_the_cell_that_shows_it(page):
    failure = run(page, mutate={"graph.py": ("sums[x] + dx", "dx")}).failure
    assert failure.cell.line == 40
    assert failure.error.endswith("AssertionError")


def test_a_mistake_leaves_the_library_alone(page):
    run(page, mutate={"graph.py": ("sums[x] + dx", "dx")})
    assert run(page).failure is None


def test_a_text_that_is_not_there_is_refused(page):
    with pytest.raises(ValueError, match=r"'no such line' is 0 times"):
        run(page, mutate={"graph.py": ("no such line", "")})


def test_a_warning_fails_the_cell(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(
        "```{code-cell} ipython3\nimport numpy as np\nnp.exp(np.array(1e4))\n```\n"
    )
    assert "overflow" in run(path).failure.error


def test_an_exit_is_no_success(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("```{code-cell} ipython3\nimport os\nos._exit(0)\n```\n")
    with pytest.raises(RuntimeError, match="ended early"):
        run(path)


def test_words_are_those_of_the_text(page):
    assert words(page) == 9  # the title's five, "Text with and code"
