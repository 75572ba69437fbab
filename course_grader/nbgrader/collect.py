"""zip_collect for what Canvas and Moodle let an instructor download."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

# A browser saves a second download as "adam (1).ipynb"; Canvas numbers resubmissions.
COPY = r"(?:-\d+)?(?:[ _]?\(\d+\))?(?:-\d+)?"
CANVAS = r"[^_/]+_(?:LATE_)?(?P<student_id>\d+)_\d+_(?P<file_id>{name})"
MOODLE = r".*/[^/_]+_(?P<student_id>\d+)_assignsubmission_file_?/(?P<file_id>{name})"


def match(path: str, assignment: str) -> dict[str, str] | None:
    """Whose notebook this is, by its file name; None where neither platform made it.

    Canvas: lovelaceada_LATE_4711_90210_adam-1.ipynb
    Moodle: Ada Lovelace_4711_assignsubmission_file/adam.ipynb

    Args:
        path: of the extracted file, with forward slashes.
        assignment: the name that the notebook should have.

    Returns:
        student_id and file_id, as zip_collect wants them.
    """
    name = re.escape(assignment)
    found = re.fullmatch(rf"{MOODLE.format(name=name)}{COPY}\.ipynb", path)
    if found is None:
        basename = path.rpartition("/")[2]
        found = re.fullmatch(rf"{CANVAS.format(name=name)}{COPY}\.ipynb", basename)
    if found is None:
        return None
    return {"student_id": found["student_id"], "file_id": found["file_id"]}


class PlatformCollector(FileNameCollectorPlugin):
    """Recognizes both platforms' names; a named_regexp in the configuration wins."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        if self.named_regexp:
            return super().collect(submitted_file)
        return match(Path(submitted_file).as_posix(), _assignment(self))


class PlatformExtractor(ExtractorPlugin):
    """Extracts, then lists every file that can't be given to a student.

    zip_collect itself skips them with one warning each, lost among its other lines.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        super().extract(archive_path, extracted_path)
        collector = PlatformCollector(parent=self.parent)
        lost = [
            os.path.relpath(file, extracted_path)
            for folder, _, names in os.walk(extracted_path)
            for file in (os.path.join(folder, name) for name in names)
            if collector.collect(file) is None
        ]
        if lost:
            self.log.error(
                "NOT COLLECTED: %d of the files are neither named as Canvas names them "
                "nor as Moodle does, or are no notebook called %s.ipynb. Rename them, "
                "or ask for them again:\n  %s",
                len(lost),
                _assignment(self),
                "\n  ".join(sorted(lost)),
            )


def _assignment(plugin: Any) -> str:
    return str(plugin.parent.coursedir.assignment_id)
