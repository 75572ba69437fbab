"""A small course in a folder of its own, graded once for all tests that look at it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

ROOT = Path(__file__).parents[3]
SECRETS = ("zebra", "271828", "543656")  # they stand in the hidden tests alone

DOUBLE = """def double(x):
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION"""
TEST_DOUBLE = """with checking("double doubles"):
    check(double(2) == 4, "double(2) is not 4")
    ### BEGIN HIDDEN TESTS
    zebra = 271828
    check(double(zebra) == 543656, "double of a large number is wrong")
    check(double("zebra") == "zebrazebra", "double of a text is wrong")
    ### END HIDDEN TESTS"""
SQUARE = """def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION"""
TEST_SQUARE = """assert square(3) == 9
### BEGIN HIDDEN TESTS
zebra = 271828
assert square(zebra) == zebra**2, f"expected {zebra**2}, not 543656"
### END HIDDEN TESTS"""


def _marked(cell: NotebookNode, grade_id: str, **settings) -> NotebookNode:
    marks = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
    cell.metadata["nbgrader"] = {**marks, "grade_id": grade_id, **settings}
    cell.id = grade_id
    return cell


def toy_source() -> NotebookNode:
    """An assignment with one test by course_grader.checks and one by plain asserts."""
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    imports = "from course_grader.checks import check, checking"
    test = {"grade": True, "locked": True}
    return nbformat.v4.new_notebook(
        cells=[
            text("# A toy", id="title"),
            _marked(code(imports), "setup", locked=True),
            _marked(code(DOUBLE), "double", solution=True),
            code("twice = double", id="plain"),
            _marked(code(TEST_DOUBLE), "test_double", points=2, **test),
            _marked(code(SQUARE), "square", solution=True),
            _marked(code(TEST_SQUARE), "test_square", points=3, **test),
            _marked(
                text("### BEGIN SOLUTION\nby induction\n### END SOLUTION"),
                "derivation",
                solution=True,
                grade=True,
                points=4,
            ),
        ],
        metadata={
            "kernelspec": {
                "name": "python3",
                "display_name": "Python 3",
                "language": "python",
            }
        },
    )


@dataclass
class Course:
    """A copy of the course's configuration, with the toy as its only assignment."""

    root: Path
    folder: str = "class"
    environment: dict[str, str] = field(default_factory=dict)

    def nbgrader(self, *arguments: str, code: int = 0, cwd: Path | None = None) -> str:
        """Run a command, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=cwd or self.root,
            env={**os.environ, "COURSE_CLASS": self.folder, **self.environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    @property
    def release(self) -> Path:
        return self.root / "assignments" / "toy" / "toy.ipynb"

    def answer(self, **cells: str) -> NotebookNode:
        """The release with these answers, and correct ones for double and square."""
        notebook = nbformat.read(self.release, as_version=4)
        answers = {
            "double": "def double(x):\n    return x + x",
            "square": "def square(x):\n    return x * x",
            **cells,
        }
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        return notebook

    def submit(self, student: str, notebook: NotebookNode | str | bytes) -> Path:
        """Write a submission, a notebook or any text, and return its path."""
        folder = self.root / self.folder / "submitted" / student / "toy"
        folder.mkdir(parents=True)
        path = folder / "toy.ipynb"
        if isinstance(notebook, NotebookNode):
            notebook = nbformat.writes(notebook)
        data = notebook.encode() if isinstance(notebook, str) else notebook
        path.write_bytes(data)
        return path

    def graded(self, student: str) -> NotebookNode:
        """The graded notebook of a student."""
        path = self.root / self.folder / "autograded" / student / "toy" / "toy.ipynb"
        return nbformat.read(path, as_version=4)

    def feedback(self, student: str) -> str:
        """The page of a student."""
        path = self.root / self.folder / "feedback" / student / "toy" / "toy.html"
        return path.read_text(encoding="utf-8")

    def score(self, student: str) -> float:
        """The points in the gradebook."""
        from nbgrader.api import Gradebook

        url = f"sqlite:///{self.root / self.folder / 'gradebook.db'}"
        with Gradebook(url, "backprop") as gradebook:
            return gradebook.find_submission("toy", student).score


def make_course(root: Path) -> Course:
    """A course whose toy is generated and in the gradebook."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    source = root / "_build" / "source" / "toy"
    source.mkdir(parents=True)
    nbformat.write(toy_source(), source / "toy.ipynb")
    course = Course(root)
    course.environment = {
        "JUPYTER_CONFIG_DIR": str(root / "jupyter"),
        "IPYTHONDIR": str(root / "ipython"),
        "OMP_NUM_THREADS": "1",
    }
    course.nbgrader("generate_assignment", "toy")
    return course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course to look at; a test that changes it works in a copy."""
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def copy(course: Course, tmp_path: Path) -> Course:
    """A copy of the course before anything was submitted, to be changed at will."""
    root = tmp_path / "copy"
    shutil.copytree(
        course.root, root, ignore=shutil.ignore_patterns("submitted", "autograded")
    )
    return Course(root, environment=course.environment)
