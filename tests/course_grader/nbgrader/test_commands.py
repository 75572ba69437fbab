"""Each of nbgrader's commands, run as a person runs it, from the course's folder."""

import csv
import getpass
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import closing

import nbformat
import pytest


def test_generating_again_enters_a_new_class_and_changes_nothing(copy):
    before = copy.release.read_bytes()
    copy.folder = "spring class"
    copy.nbgrader("generate_assignment", "toy")
    assert copy.release.read_bytes() == before
    copy.submit("ada", copy.answer())
    copy.nbgrader("autograde", "toy")
    assert copy.score("ada") == 5
    assert (copy.root / "spring class" / "gradebook.db").exists()


def test_generating_overwrites_no_edits(copy):
    copy.release.chmod(0o644)
    edited = copy.release.read_text().replace("# A toy", "# My toy")
    copy.release.write_text(edited)
    said = copy.nbgrader("generate_assignment", "toy", code=1)
    assert "toy.ipynb is not what its source generates" in said
    assert copy.release.read_text() == edited
    copy.nbgrader("generate_assignment", "toy", "--force")
    assert "# A toy" in copy.release.read_text()


def test_grading_what_was_never_generated_says_so(copy):
    copy.folder = "autumn"
    copy.submit("ada", copy.answer())
    said = copy.nbgrader("autograde", "toy", code=1)
    assert "Run: nbgrader generate_assignment toy" in said
    assert "Traceback" not in said


def test_the_release_has_neither_solutions_nor_hidden_tests(course):
    text = course.release.read_text()
    assert "zebra" not in text
    assert "return x + x" not in text
    assert [path.name for path in course.release.parent.iterdir()] == ["toy.ipynb"]


def test_validate_tells_a_right_notebook_from_a_wrong_one(copy):
    path = copy.submit("ada", copy.answer(derivation="by induction"))
    assert "Success" in copy.nbgrader("validate", str(path))
    path = copy.submit("bob", copy.answer(double="def double(x):\n    return 3"))
    assert "double(2) is not 4" in copy.nbgrader("validate", str(path))


def test_another_nbgrader_is_named_and_refused(copy):
    config = copy.root / "nbgrader_config.py"
    config.write_text(
        "import nbgrader\nnbgrader.__version__ = '0.9.7'\n" + config.read_text()
    )
    said = copy.nbgrader("list", code=1)
    assert "found nbgrader 0.9.7, expected 0.9.6" in said


def test_a_folder_that_nbgrader_cannot_handle_is_named(copy):
    copy.folder = "c++"
    assert "contains '+'" in copy.nbgrader("list", code=1)


def test_zip_collect_takes_canvas_and_moodle_and_lists_the_rest(copy):
    archive = copy.root / "class" / "downloaded" / "toy" / "archive"
    archive.mkdir(parents=True)
    notebook = nbformat.writes(copy.answer())
    names = {
        "canvas.zip": ["lovelaceada_LATE_4711_90210_toy-1.ipynb"],
        "moodle.zip": ["Kurt Gödel_815_assignsubmission_file/toy (1).ipynb"],
        "others.zip": ["emmy.ipynb", "noetheremmy_99_1_homework.ipynb"],
    }
    for name, members in names.items():
        with zipfile.ZipFile(archive / name, "w") as file:
            for member in members:
                file.writestr(member, notebook)
    said = copy.nbgrader("zip_collect", "toy")
    submitted = copy.root / "class" / "submitted"
    assert sorted(path.name for path in submitted.iterdir()) == ["4711", "815"]
    assert all((path / "toy" / "toy.ipynb").exists() for path in submitted.iterdir())
    lost = said[said.index("NOT COLLECTED: 2 of the files") :].split("\n")[1:3]
    assert [line.strip() for line in lost] == [
        "others/emmy.ipynb",
        "others/noetheremmy_99_1_homework.ipynb",
    ]


def test_marks_are_exported_as_rows_and_as_a_wide_table(graded):
    course = graded.course
    course.nbgrader("export")
    with (course.root / "class" / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["right"]["score"] == "5.0"
    assert rows["a_truncated"]["score"] == "0.0"
    wide = course.root / "wide.csv"
    course.nbgrader(
        "export", "--exporter=course_grader.nbgrader.export.WideExport", f"--to={wide}"
    )
    with wide.open() as file:
        table = {row["student_id"]: row for row in csv.DictReader(file)}
    assert table["wrong"]["toy (9)"] == "2"


def test_the_exchange_there_and_back(copy, tmp_path):
    """Release, fetch, submit, collect, grade and return: the student is this user."""
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    copy.environment = {
        **copy.environment,
        "COURSE_EXCHANGE": str(exchange),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "HOME": str(tmp_path),
    }
    home = tmp_path / "student"
    home.mkdir()
    student = ("--course=backprop", f"--Exchange.root={exchange}")
    copy.nbgrader("release_assignment", "toy")
    assert "toy" in copy.nbgrader("list")
    copy.nbgrader("fetch_assignment", "toy", *student, cwd=home)
    fetched = home / "toy" / "toy.ipynb"
    fetched.chmod(0o644)
    nbformat.write(copy.answer(), fetched)
    copy.nbgrader("submit", "toy", *student, cwd=home)
    copy.nbgrader("collect", "toy")
    copy.nbgrader("autograde", "toy")
    assert copy.score(getpass.getuser()) == 5
    copy.nbgrader("generate_feedback", "toy")
    copy.nbgrader("release_feedback", "toy")
    copy.nbgrader("fetch_feedback", "toy", *student, cwd=home)
    pages = list((home / "toy" / "feedback").rglob("*.html"))
    assert len(pages) == 1
    assert "of 9 points" in pages[0].read_text()


@pytest.fixture
def server(graded, tmp_path):
    """A Jupyter server with the formgrader, in the graded course's folder."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
            *(f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=t"),
            "--ServerApp.port_retries=0",
        ],
        cwd=graded.course.root,
        env={
            **os.environ,
            **graded.course.environment,
            "COURSE_CLASS": "class",
            "JUPYTER_DATA_DIR": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    def get(path):
        address = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(address, headers={"Authorization": "token t"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    try:
        for _ in range(300):
            try:
                get("/api")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.stdout.read().decode()
                time.sleep(0.1)
        yield get
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def test_the_formgrader_shows_the_class_and_a_students_work(server):
    assert "manage_assignments" in server("/formgrader/manage_assignments")
    assignments = json.loads(server("/formgrader/api/assignments"))
    assert [assignment["name"] for assignment in assignments] == ["toy"]
    submissions = json.loads(server("/formgrader/api/submitted_notebooks/toy/toy"))
    by_student = {row["student"]: row for row in submissions}
    assert by_student["right"]["score"] == 5
    page = server(f"/formgrader/submissions/{by_student['wrong']['id']}/")
    assert "zebra" in page  # the instructor sees the hidden tests
    assert "None, None" not in page
    page = server(f"/formgrader/submissions/{by_student['a_truncated']['id']}/")
    assert "This submission could not be graded" in page
    attack = by_student["n_attacks_the_reader"]["id"]
    assert "stolen()'" not in server(f"/formgrader/submissions/{attack}/")
