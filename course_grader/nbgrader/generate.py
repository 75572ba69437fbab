"""nbgrader's generate_assignment, which needs no --force and overwrites no edits."""

from __future__ import annotations

import os
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveCells
from traitlets.utils.importstring import import_item

from course_grader import assignment


class CourseGenerateAssignment(GenerateAssignment):
    """Generates from solutions/NAME/NAME.py, and enters the result into the gradebook.

    The releases are part of the repository. nbgrader skips what exists, so that a new
    class's gradebook would never hear of it; here it is generated again, as long as
    nobody edited it.
    """

    def start(self) -> None:
        root = Path(self.coursedir.root)
        name = self.coursedir.assignment_id
        if name in assignment.names(root):
            self._stage(name, root)
        self._kept: list[str] = []
        super().start()
        if self._kept:
            raise NbGraderException("an edited release was kept")

    def _stage(self, name: str, root: Path) -> None:
        from course_grader import release

        try:
            release.stage(name, root)
        except release.EditedError as edited:  # in the formgrader, say: that is meant
            self.log.warning("%s", edited)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        folder = Path(self._format_dest(assignment_id, student_id))
        if self.force or not folder.exists():
            return super().init_destination(assignment_id, student_id)
        for notebook in self.notebooks:
            released = folder / Path(notebook).name
            if released.exists() and not self._is_current(notebook, released):
                self._kept.append(str(released))
                self.log.error(
                    "%s is not what its source generates: it was edited, or the source "
                    "was. It is left as it is; --force writes it anew.",
                    os.path.relpath(released, self.coursedir.root),
                )
                return False
        return True

    def _is_current(self, source: str, released: Path) -> bool:
        """Whether generating now gives the same file. Nothing is written."""
        exporter = NotebookExporter(parent=self, config=self.config)
        for step in self.preprocessors:
            kind = import_item(step) if isinstance(step, str) else step
            if not issubclass(kind, SaveCells):
                exporter.register_preprocessor(kind)
        resources = self.init_single_notebook_resources(source)
        text, _ = exporter.from_filename(source, resources=resources)
        return text.rstrip("\n") == released.read_text(encoding="utf-8").rstrip("\n")
