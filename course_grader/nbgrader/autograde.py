"""nbgrader's autograde, which refuses a damaged submission and goes on."""

from __future__ import annotations

import glob
import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import nbgrader.utils
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import OperationalError

from course_grader.nbgrader import submission
from course_grader.nbgrader.master import Master, load_master
from course_grader.nbgrader.roster import name_students

_find_all_files = nbgrader.utils.find_all_files


def regular_files(path: str, exclude: list[str] | None = None) -> list[str]:
    """nbgrader's find_all_files without links: what they point to is not the student's.

    autograde copies every file beside a notebook into the graded folder, and
    generate_feedback on into the feedback.
    """
    if os.path.islink(path):
        return []
    return [file for file in _find_all_files(path, exclude) if not os.path.islink(file)]


class CourseAutograde(Autograde):
    """Expects of each student the notebooks that the assignment has.

    nbgrader lists what it finds, so that a missing or misnamed notebook leaves no
    trace; here it is expected, and its absence is a reason the student reads.
    """

    def init_notebooks(self) -> None:
        self._masters: dict[tuple[str, str], Master] = {}
        self.refused: dict[str, str] = {}
        expected = self._expected_notebooks()
        folders = glob.glob(
            self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        )
        if not expected:
            name = self.coursedir.assignment_id
            self.log.error(
                "The gradebook knows no %s yet. Run: nbgrader generate_assignment %s",
                name,
                name,
            )
            raise NbGraderException(f"{name} is not in the gradebook")
        if not folders:
            super().init_notebooks()  # which says where it looked
            return
        self.notebooks: list[str] = []
        self.assignments = {
            folder: [os.path.join(folder, f"{name}.ipynb") for name in expected]
            for folder in folders
        }

    def convert_notebooks(self) -> None:
        with self._gradebook() as gradebook:
            name_students(gradebook, self._students(), self._class_folder())
        try:
            super().convert_notebooks()
        finally:
            for student, reason in sorted(self.refused.items()):
                self.log.warning("REFUSED %s: %s", student, reason)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except OperationalError:
            raise  # the database, not the submission
        except Exception as error:
            self.log.exception("Grading %s stopped", notebook_filename)
            self.exporter.reason = (
                f"Grading stopped with {type(error).__name__}. This may not be your "
                "fault: your instructor has the details."
            )
            try:
                super().convert_single_notebook(notebook_filename)
            finally:
                self.exporter.reason = None

    def read(
        self, filename: str, resources: dict[str, Any], reason: str | None
    ) -> NotebookNode:
        """The submitted notebook, or the one that stands for its refusal."""
        names = resources["nbgrader"]
        try:
            if reason:
                raise submission.SubmissionError(reason)
            master = self._master(names["assignment"], names["notebook"])
            notebook, notices = submission.read(Path(filename), master)
        except submission.SubmissionError as error:
            self.refused[names["student"]] = str(error)
            return submission.refusal(str(error))
        for notice in notices:
            self.log.warning("%s: %s", names["student"], notice)
        if notices:
            notebook.metadata[submission.OURS] = {"notices": notices}
        return notebook

    def _expected_notebooks(self) -> list[str]:
        with self._gradebook() as gradebook:
            try:
                assignment = gradebook.find_assignment(self.coursedir.assignment_id)
            except MissingEntry:
                return []
            names = [notebook.name for notebook in assignment.notebooks]
        pattern = self.coursedir.notebook_id
        return sorted(name for name in names if fnmatch(name, pattern))

    def _master(self, assignment: str, notebook: str) -> Master:
        key = assignment, notebook
        if key not in self._masters:
            folder = self.coursedir.format_path(
                self.coursedir.release_directory, ".", assignment
            )
            with self._gradebook() as gradebook:
                self._masters[key] = load_master(
                    gradebook, assignment, notebook, Path(folder, f"{notebook}.ipynb")
                )
        return self._masters[key]

    def _students(self) -> list[str]:
        # .../submitted/STUDENT/ASSIGNMENT, as directory_structure has it
        return sorted(Path(folder).parent.name for folder in self.assignments)

    def _class_folder(self) -> Path:
        submitted = self.coursedir.format_path(
            self.coursedir.submitted_directory, ".", "."
        )
        return Path(submitted).parent

    def _gradebook(self) -> Gradebook:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)


class SubmissionExporter(NotebookExporter):
    """Reads a submission through its converter, and a graded notebook as it is."""

    parent: CourseAutograde
    reason: str | None = None

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        converter = self.parent
        if not converter._sanitizing:
            return super().from_filename(filename, resources=resources, **kw)
        resources = resources or {}
        path, basename = os.path.split(filename)
        resources["metadata"] = {"name": os.path.splitext(basename)[0], "path": path}
        notebook = converter.read(filename, resources, self.reason)
        return self.from_notebook_node(notebook, resources=resources, **kw)
