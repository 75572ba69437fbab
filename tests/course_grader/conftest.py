"""A throw-away course: one small assignment, which every module's tests share."""

from pathlib import Path

import pytest

from course_grader import assignment as assignments
from course_grader.assignment import Assignment

SOURCE = '''\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A toy
#
# Means, squares and a step.

# %% nbgrader={"grade_id": "setup"}
# %matplotlib inline
import numpy as np
from course_grader.checks import check, check_array, check_operation, checking

# %% nbgrader={"grade_id": "mean_cell", "solution": true}
def mean(x):
    """The mean over the first axis."""
    ### BEGIN SOLUTION
    return x.sum(axis=0) / len(x)
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_mean", "points": 2}
with checking("the mean"):
    check_array("mean", mean(np.array([[2.0, 4.0], [2.0, 4.0]])), [2.0, 4.0])
    ### BEGIN HIDDEN TESTS
    x = np.arange(6.0).reshape(3, 2) + 4711
    check_array("mean", mean(x), x.mean(axis=0))
    ### END HIDDEN TESTS

# %% [markdown]
# A word between.

# %%
print("drawn:", mean(np.ones((2, 2))))

# %% nbgrader={"grade_id": "square_cell", "solution": true}
def square(x):
    """x² and its backward."""
    ### BEGIN SOLUTION
    def backward(dy):
        return 2 * x * dy

    return x**2, backward
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_square", "points": 1}
with checking("the square"):
    value, backward = check_operation("square", square(np.array([0.0])))
    check_array("square", value, [0.0])
    ### BEGIN HIDDEN TESTS
    value, backward = check_operation("square", square(np.array([3.0, -1.0])))
    check_array("square", value, [9.0, 1.0])
    check_array("dx", backward(np.array([1.0, 2.0])), [6.0, -4.0])
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "step_cell", "solution": true}
class Descent:
    """x ← x − lr·(the mean of the gradients' rows), in place; t counts the steps."""

    def __init__(self, lr):
        ### BEGIN SOLUTION
        self.lr = lr
        self.t = 0
        ### END SOLUTION

    def step(self, x, gradients):
        ### BEGIN SOLUTION
        self.t += 1
        x -= self.lr * mean(gradients)
        ### END SOLUTION

# %% nbgrader={"grade_id": "test_step", "points": 3}
with checking("the step"):
    x = np.zeros(2)
    descent = Descent(0.5)
    descent.step(x, np.zeros((1, 2)))
    check_array("x", x, [0.0, 0.0])
    ### BEGIN HIDDEN TESTS
    descent.step(x, np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 4.0]]))
    check_array("x", x, [-1.5, -2.0])
    check(descent.t == 2, "t does not count the steps")
    ### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "why", "solution": true, "points": 4}
# Why is it a mean?
#
# ### BEGIN SOLUTION
# Because the loss is. Rubric: 4 points for the word "loss".
# ### END SOLUTION
'''

MISTAKES = '''\
# %% [markdown]
# What students get wrong.

# %% mean_cell: sum | fails: test_mean, test_step
"You add up and never divide."
def mean(x):
    return x.sum(axis=0)

# %% mean_cell: other axis | fails: test_mean, test_step
"""
You divide by the number of columns,
not of rows.
"""
def mean(x):
    return x.sum(axis=0) / x.shape[1]

# %% square_cell: no factor | fails: test_square
"The derivative of x² is 2x: where is the 2?"
def square(x):
    return x**2, lambda dy: x * dy

# %% step_cell: ascent | fails: test_step
"You climb: the step goes against the gradient."
class Descent:
    def __init__(self, lr):
        self.lr, self.t = lr, 0

    def step(self, x, gradients):
        self.t += 1
        x += self.lr * mean(gradients)

# %% step_cell: lost count | fails: test_step
"Nothing counts the steps."
class Descent:
    def __init__(self, lr):
        self.lr, self.t = lr, 0

    def step(self, x, gradients):
        x -= self.lr * mean(gradients)

# %% mean_cell: keepdims | fails: test_mean, test_step
"The result keeps the axis that it sums over."
def mean(x):
    return x.sum(axis=0, keepdims=True) / len(x)

# %% step_cell: keepdims
class Descent:
    def __init__(self, lr):
        self.lr, self.t = lr, 0

    def step(self, x, gradients):
        self.t += 1
        x -= self.lr * mean(gradients)[0] * 2
'''

VARIANTS = """\
# %% mean_cell: loop
"A loop over the rows, each divided before it is added."
def mean(x):
    total = 0 * x[0]
    for row in x:
        total = total + row / len(x)
    return total
"""


def write_course(root: Path) -> Path:
    folder = root / "solutions" / "toy"
    folder.mkdir(parents=True)
    (folder / "toy.py").write_text(SOURCE, encoding="utf-8")
    (folder / "mistakes.py").write_text(MISTAKES, encoding="utf-8")
    (folder / "variants.py").write_text(VARIANTS, encoding="utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one assignment, `toy`, for a test that changes it."""
    return write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The assignment, for tests that only read it and share what is found out."""
    return assignments.load("toy", write_course(tmp_path_factory.mktemp("course")))
