"""Where nbgrader finds things, and which of its parts the course replaces."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SAWarning

PINNED = "0.9.6"
COURSE_ID = "backprop"
CLASS_VARIABLE = "COURSE_CLASS"
EXCHANGE_VARIABLE = "COURSE_EXCHANGE"
HERE = __name__.rpartition(".")[0]


def configure(c: Any, root: Path) -> None:
    """Fill nbgrader's configuration for the course that lies in `root`.

    Args:
        c: the configuration object of nbgrader_config.py.
        root: the folder of nbgrader_config.py.

    Raises:
        RuntimeError: another nbgrader than the one this was written against.
        ValueError: the class's folder has a name that nbgrader can't handle.
    """
    _check_version()
    _find_alembic()
    _set_paths(c, root)
    _set_parts(c)
    _replace_converters()
    warnings.filterwarnings("ignore", message="Object of type", category=SAWarning)


def class_folder(root: Path) -> str:
    """The class's folder as nbgrader wants it: relative to `root` where it lies inside.

    nbgrader puts it into a regular expression as it is, so that a name such as C++
    would match nothing.
    """
    folder = Path(os.path.abspath(root / os.environ.get(CLASS_VARIABLE, "class")))
    path = folder.relative_to(root) if folder.is_relative_to(root) else folder
    if special := re.search(r"[^\w\s./\\:~,@=-]", str(path)):
        raise ValueError(
            f"{CLASS_VARIABLE}: the folder {str(path)!r} contains {special.group()!r}, "
            "which nbgrader can't handle in a path. Rename the folder."
        )
    return str(path)


def _check_version() -> None:
    import nbgrader

    if nbgrader.__version__ != PINNED:
        raise RuntimeError(
            f"course_grader: found nbgrader {nbgrader.__version__}, expected {PINNED}, "
            "whose inner parts it replaces. Install the pinned version: "
            f"pip install nbgrader=={PINNED}"
        )


def _find_alembic() -> None:
    """nbgrader starts `alembic` by name, which an environment that is not activated
    does not have on its PATH."""
    if shutil.which("alembic") is None:
        scripts = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


def _set_paths(c: Any, root: Path) -> None:
    folder = class_folder(root)
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.source_directory = os.path.join("_build", "source")
    c.CourseDirectory.release_directory = "assignments"
    for step in ("submitted", "autograded", "feedback"):
        setattr(c.CourseDirectory, f"{step}_directory", os.path.join(folder, step))
    c.CourseDirectory.solution_directory = os.path.join(folder, "solution")
    database = root / folder / "gradebook.db"
    database.parent.mkdir(parents=True, exist_ok=True)
    c.CourseDirectory.db_url = f"sqlite:///{database}"
    c.ZipCollectApp.downloaded_directory = os.path.join(folder, "downloaded")
    c.ExportPlugin.to = os.path.join(folder, "grades.csv")
    if os.environ.get(EXCHANGE_VARIABLE):
        c.Exchange.root = os.environ[EXCHANGE_VARIABLE]


def _set_parts(c: Any) -> None:
    c.Autograde.exporter_class = f"{HERE}.autograde.SubmissionExporter"
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.preprocessors.ExecuteAll",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        f"{HERE}.preprocessors.Diagnose",
        "nbgrader.preprocessors.SaveAutoGrades",
        f"{HERE}.preprocessors.RecordRefusal",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # Without IPython's history a traceback is formatted once instead of twice.
    c.Execute.extra_arguments = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
    c.Execute.iopub_timeout = 60  # seconds; 4 are too few for a cell that prints much
    c.GenerateFeedback.exporter_class = f"{HERE}.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [f"{HERE}.preprocessors.ReadGrades"]
    c.ZipCollectApp.extractor_plugin = f"{HERE}.collect.PlatformExtractor"
    c.ZipCollectApp.collector_plugin = f"{HERE}.collect.PlatformCollector"
    # The formgrader shows a student's notebook inside the instructor's session.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {"markdown2html": f"{HERE}.safe_html.markdown"}


def _replace_converters() -> None:
    """nbgrader's commands and its formgrader name their converters, so the names are
    given to subclasses."""
    from nbgrader.apps import api, autogradeapp, generateassignmentapp
    from nbgrader.converters import base

    from course_grader.nbgrader.autograde import CourseAutograde, regular_files
    from course_grader.nbgrader.generate import CourseGenerateAssignment

    for module in (api, autogradeapp):
        module.Autograde = CourseAutograde
    for module in (api, generateassignmentapp):
        module.GenerateAssignment = CourseGenerateAssignment
    base.find_all_files = regular_files
