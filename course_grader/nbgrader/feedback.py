"""The page a student gets: marks, what failed and why, and the grader's comments.

nbgrader's own page prints the notebook as it was graded, hidden tests and all. This one
is built from what a student may know (see `outcome`), needs nothing from elsewhere, and
runs no script: its own policy forbids it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from course_grader.cells import grade_id, is_locked, is_manual, is_test
from course_grader.nbgrader import safe_html, submission
from course_grader.nbgrader.highlight import highlight
from course_grader.nbgrader.outcome import Outcome, Reader, title, visible_source

FOLDER = Path(__file__).parent
BOOK = "https://backprop-to-backbones.github.io/course/"
CHAPTER = re.compile(rf"\[(?P<text>[^\]]+)\]\((?P<address>{BOOK}[^)\s]+)\)")
PICTURES_KEPT = 8  # outputs of one cell that are shown


class FeedbackExporter(Exporter):
    """Turns a graded notebook into its student's page."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        graded, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        page = render(
            graded,
            title=names["notebook"],
            score=names["score"],
            max_score=names["max_score"],
            late_penalty=names["late_penalty"],
            handed_in=self._handed_in(names),
        )
        resources["output_extension"] = self.file_extension
        return page, resources

    def _handed_in(self, names: dict[str, Any]) -> dict[str, NotebookNode]:
        """The answers as submitted, by grade_id: their outputs, unlike those made while
        grading, can't hold anything of a hidden test."""
        course: Any = self.parent.coursedir  # type: ignore[union-attr]
        folder = course.format_path(
            course.submitted_directory, names["student"], names["assignment"]
        )
        try:
            notebook = submission.read_file(Path(folder, f"{names['notebook']}.ipynb"))
        except submission.SubmissionError:
            return {}
        return {name: cell for cell in notebook.cells if (name := grade_id(cell))}


def render(
    notebook: NotebookNode,
    *,
    title: str,
    score: float,
    max_score: float,
    late_penalty: float = 0.0,
    handed_in: dict[str, NotebookNode] | None = None,
) -> str:
    """The page, one self-contained HTML file.

    Args:
        notebook: as graded, with nbgrader's score, points and comments in its metadata.
        title: the assignment's name.
        score, max_score: of the whole, after the late penalty.
        handed_in: the cells as submitted, by grade_id, for their outputs.
    """
    parts = list(_parts(notebook, handed_in or {}))
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    environment.filters["points"] = points
    return environment.get_template("feedback.html.j2").render(
        title=title.replace("_", " "),
        score=score,
        max_score=max_score,
        late_penalty=late_penalty,
        refused=submission.refused(notebook),
        notices=notebook.metadata.get(submission.OURS, {}).get("notices", []),
        parts=parts,
        pending=any(part["pending"] for part in parts),
        style=(FOLDER / "feedback.css").read_text(encoding="utf-8"),
    )


def points(number: float) -> str:
    """3.0 as 3, and 2.5 as it is."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _parts(notebook: NotebookNode, handed_in: dict[str, NotebookNode]) -> Any:
    reader = Reader(notebook)
    chapter = None  # the place in the book that the text has pointed to last
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not is_manual(cell):
            links = list(CHAPTER.finditer(cell.source))
            chapter = links[-1] if links else chapter
        name = grade_id(cell)
        marks = cell.metadata.get("nbgrader", {})
        if is_test(cell):
            yield _test(cell, reader.read(cell)) | {"chapter": chapter}
        elif cell.cell_type == "code" and not (name and is_locked(cell)):
            outcome = reader.read(cell)
            if name or not outcome.passed:
                yield {
                    "kind": "code",
                    "id": name or f"cell-{cell.id}",
                    "title": _readable(name) if name else "A cell of the notebook",
                    "code": highlight(cell.source),
                    "outcome": outcome,
                    "outputs": _outputs(cell, handed_in.get(name)) if name else [],
                    **_marks(cell),
                }
        elif cell.cell_type == "markdown" and (is_manual(cell) or marks.get("task")):
            yield {
                "kind": "text",
                "id": name,
                "title": _readable(name),
                "text": safe_html.markdown(cell.source),
                **_marks(cell),
            }


def _test(cell: NotebookNode, outcome: Outcome) -> dict[str, Any]:
    found = cell.metadata.get(submission.OURS, {})
    marks = _marks(cell)
    return {
        "kind": "test",
        "id": grade_id(cell),
        "title": title(cell),
        "code": highlight(visible_source(cell).strip()),
        "outcome": outcome,
        "hint": safe_html.markdown(found["hint"]) if found.get("hint") else "",
        "full": marks["score"] >= marks["points"],
        **marks,
    }


def _marks(cell: NotebookNode) -> dict[str, Any]:
    marks = cell.metadata.get("nbgrader", {})
    comment = marks.get("comment")
    return {
        "score": marks.get("score") or 0.0,
        "points": marks.get("points") or 0.0,
        "pending": cell.metadata.get(submission.OURS, {}).get("pending", False),
        "graded": bool(marks.get("grade") or marks.get("task")),
        "comment": safe_html.markdown(comment) if comment else "",
    }


def _outputs(cell: NotebookNode, submitted: NotebookNode | None) -> list[str]:
    if submitted is None or submitted.source != cell.source:
        return []
    outputs = [x for x in submitted.get("outputs", []) if x.output_type != "error"]
    return [safe_html.output(x) for x in outputs[:PICTURES_KEPT]]


def _readable(name: str) -> str:
    return re.sub(r"[_-]+", " ", name)
