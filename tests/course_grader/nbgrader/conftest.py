"""A small course in a folder of its own, graded once for all tests that look at it."""

import hashlib
import json
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
    """A course without submissions, to look at; what changes it works in a copy."""
    return make_course(tmp_path_factory.mktemp("course"))


def copied(course: Course, root: Path) -> Course:
    """The course in another folder."""
    shutil.copytree(course.root, root)
    return Course(root, environment=course.environment)


HONEST = {
    "right": {},
    "warns": {
        "double": "import warnings\n"
        "def double(x):\n"
        "    warnings.warn('slow')\n"
        "    print('doubling')\n"
        "    return x + x",
    },
    "answers_the_visible_only": {"double": "def double(x):\n    return 4"},
    "wrong": {"square": "def square(x):\n    return 9"},
    "has_a_syntax_error": {"double": "def double(x:\n    return"},
    "derives": {"derivation": "because $a = b$"},
}
# Each sees the inputs of the hidden tests, and tries to have them shown.
CURIOUS = {
    "raises_them": {
        "double": "def double(x):\n    raise ValueError(f'bad {x}')",
        "square": "def square(x):\n    raise ValueError(f'bad {x}')",
    },
    "raises_them_when_hidden": {
        "double": "def double(x):\n    return {2: 4}[x]",
        "square": "def square(x):\n    return {3: 9}[x]",
    },
    "prints_them": {
        "double": "import sys, os\n"
        "def double(x):\n"
        "    print(x, file=sys.__stdout__)\n"
        "    print(x, file=sys.stderr)\n"
        "    os.write(1, str(x).encode())\n"
        "    display(x)\n"
        "    return x + x",
        "square": "def square(x):\n    print(x)\n    display(x)\n    return x",
    },
    "fails_an_assertion_with_them": {
        "double": "def double(x):\n    assert x == 2, x\n    return 4",
        "square": "def square(x):\n    assert x == 3, x\n    return 9",
    },
    "names_an_error_after_them": {
        "double": "def double(x):\n"
        "    if x != 2:\n        raise type(f'E{x}', (Exception,), {})\n"
        "    return 4",
        "square": "def square(x):\n"
        "    if x != 3:\n        raise type(f'E{x}', (Exception,), {})(x)\n"
        "    return 9",
    },
    "raises_a_check": {
        "double": "def double(x):\n"
        "    from course_grader.checks import CheckFailed\n"
        "    if x != 2:\n        raise CheckFailed(f'double {x}')\n"
        "    return 4",
        "square": "class CheckFailed(AssertionError): pass\n"
        "def square(x):\n"
        "    if x != 3:\n        raise CheckFailed(str(x))\n"
        "    return 9",
    },
    "hides_them_in_a_chain": {
        "double": "def double(x):\n"
        "    try:\n        return {2: 4}[x]\n"
        "    except KeyError as error:\n        raise ValueError(x) from error",
        "square": "def square(x):\n    return 9 if x == 3 else eval(f'{x}+')",
    },
    "keeps_them_for_later": {
        "double": "seen = []\ndef double(x):\n    seen.append(x)\n    return x + x",
        "square": "def square(x):\n    return x * x\nprint(seen)\nseen",
    },
    "raises_them_later": {
        "double": "seen = []\ndef double(x):\n    seen.append(x)\n    return x + x",
        "square": "raise ValueError(seen)",
    },
}


@dataclass
class Graded:
    """A batch that was graded, and what the commands printed."""

    course: Course
    autograde: str
    feedback: str
    before: dict[str, str]  # the submitted files' hashes


def hashes(folder: Path) -> dict[str, str]:
    """A hash of each file below a folder; links count as what they say."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        elif path.is_file():
            data = path.read_bytes() + str(path.stat().st_mtime_ns).encode()
            found[str(path)] = hashlib.sha256(data).hexdigest()
    return found


@pytest.fixture(scope="session")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Every kind of submission in one batch; the damaged ones sort first."""
    course = copied(course, tmp_path_factory.mktemp("graded") / "course")
    for student, answers in (HONEST | CURIOUS).items():
        course.submit(student, course.answer(**answers))
    release = json.loads(nbformat.writes(course.answer()))
    cells = {cell["id"]: cell for cell in release["cells"]}

    def changed(student: str, notebook: dict) -> None:
        course.submit(student, json.dumps(notebook))

    course.submit("a_truncated", json.dumps(release)[:900])
    changed("b_twice", release | {"cells": [*release["cells"], cells["double"]]})
    future = json.loads(json.dumps(release))
    future["cells"][2]["metadata"]["nbgrader"]["schema_version"] = 99
    changed("c_future_schema", future)
    changed("d_future_format", release | {"nbformat": 5})
    course.submit("e_empty", "")
    course.submit("f_misnamed", nbformat.writes(course.answer())).rename(
        course.root / "class/submitted/f_misnamed/toy/my toy.ipynb"
    )
    (course.root / "class/submitted/g_nothing/toy").mkdir(parents=True)
    secret = course.root / "secret.txt"
    secret.write_text("a file of the instructor")
    course.submit("h_link", "x").unlink()
    (course.root / "class/submitted/h_link/toy/toy.ipynb").symlink_to(course.release)
    linked = course.submit("i_linked_file", course.answer())
    (linked.parent / "data.txt").symlink_to(secret)
    kept = [c for c in release["cells"] if c["id"] not in ("setup", "test_double")]
    changed("j_deleted_test", release | {"cells": kept})
    richer = json.loads(json.dumps(release))
    richer["cells"][4]["metadata"]["nbgrader"]["points"] = 200
    changed("k_changed_points", richer)
    course.submit("l_exits", course.answer(square="import os\nos._exit(0)"))
    course.submit("m_loops", course.answer(square="while True:\n    pass"))
    course.submit("n_attacks_the_reader", attack(course))
    before = hashes(course.root / "class" / "submitted")
    return Graded(
        course,
        course.nbgrader("autograde", "toy", "--Execute.timeout=4"),
        course.nbgrader("generate_feedback", "toy"),
        before,
    )


def attack(course: Course) -> NotebookNode:
    """A notebook that tries to run script wherever it is shown."""
    script = "<script>stolen()</script><img src=x onerror='stolen()'>"
    notebook = course.answer(
        derivation=f"# Proof {script}\n\n[go](javascript:stolen())\n\n"
        "<svg onload='stolen()'></svg> <iframe src='https://example.org'></iframe> "
        "![far](https://example.org/seen.png) <a href='JaVaScRiPt:stolen()'>x</a> "
        "<math><mtext><style><img src=x onerror=stolen()></style></mtext></math> "
        "$\\text{<img src=x onerror=stolen()>}$",
    )
    data = {
        "text/html": f"<b>bold</b>{script}<style>body{{display:none}}</style>",
        "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='stolen()'/>",
        "application/javascript": "stolen()",
    }
    outputs = [
        nbformat.v4.new_output("display_data", {"text/html": data["text/html"]}),
        nbformat.v4.new_output("display_data", {kind: data[kind] for kind in data}),
        nbformat.v4.new_output("stream", text=script),
    ]
    for cell in notebook.cells:
        if cell.id == "double":
            cell.outputs, cell.execution_count = outputs, 1
    return notebook


@pytest.fixture
def copy(course: Course, tmp_path: Path) -> Course:
    """A copy of the course, to be changed at will."""
    return copied(course, tmp_path / "copy")
