"""What autograde does with each notebook besides nbgrader's own steps."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, GetGrades, NbGraderPreprocessor

from course_grader.cells import grade_id, is_test
from course_grader.nbgrader.submission import OURS, refused

DEAD = "KernelDied"
TIMEOUT = "CellTimeoutError"

Result = tuple[NotebookNode, dict[str, Any]]


class ExecuteAll(Execute):
    """Runs the cells. When one kills the kernel, those before it keep their marks."""

    _reached = 0

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: Any = None
    ) -> Result:
        if refused(nb):
            return nb, resources
        try:
            return super().preprocess(nb, resources, km)
        except (DeadKernelError, CellTimeoutError) as error:
            name = DEAD if isinstance(error, DeadKernelError) else TIMEOUT
            self.log.warning("%s in cell %s", name, self._reached + 1)
            for cell in nb.cells[self._reached :]:
                if cell.cell_type == "code":
                    cell.outputs = [
                        new_output("error", ename=name, evalue="", traceback=[name])
                    ]
            return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> Result:
        self._reached = index
        return super().preprocess_cell(cell, resources, index)


class Diagnose(NbGraderPreprocessor):
    """Notes at each failed test which known mistake behaves in the same way.

    It is computed once, here, and kept in the graded notebook, so that feedback, report
    and formgrader say the same.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        failed = [c for c in nb.cells if is_test(c) and utils.has_failed(c)]
        if failed and not refused(nb):
            found = self._diagnose(nb, resources["nbgrader"]["assignment"])
            for cell in failed:
                if diagnosis := found.get(grade_id(cell)):
                    cell.metadata[OURS] = asdict(diagnosis)
        return nb, resources

    def _diagnose(self, nb: NotebookNode, name: str) -> dict[str, Any]:
        from course_grader import assignment, diagnosis
        from course_grader.running import Limits

        root = Path(self.parent.parent.coursedir.root)
        if name not in assignment.names(root):
            return {}  # an instructor's own, with no mistakes on file
        try:
            known = assignment.load(name, root)
            return dict(diagnosis.diagnose(known, nb, limits=Limits(10.0, 100.0)))
        except Exception:  # marks stand without a hint
            self.log.exception("No diagnosis of this submission")
            return {}


class ReadGrades(GetGrades):
    """Notes scores and comments for feedback, and what a person has yet to grade."""

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        name, student = grade_id(cell), self.student_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, student
        )
        cell.metadata.setdefault(OURS, {})["pending"] = grade.needs_manual_grade


class RecordRefusal(NbGraderPreprocessor):
    """Gives a refused submission 0 for every cell, with nothing left to grade."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        if refused(nb):
            names = resources["nbgrader"]
            with Gradebook(names["db_url"]) as gradebook:
                stored = gradebook.find_submission_notebook(
                    names["notebook"], names["assignment"], names["student"]
                )
                for grade in stored.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = False
                gradebook.db.commit()
        return nb, resources
