"""Links from a chapter to its assignment, and the files they lead to.

    ```{assignment} adam
    What you do in it, in a sentence.
    ```

becomes a card with the notebook's points, a download, and links that open it on Colab
and Binder. The notebooks are copied to `assignments/<name>/<name>.ipynb` on the site,
and the students' wheel to `wheel/`, so that these addresses stay the same.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ROOT / "assignments"
WHEELS = ROOT / "_build" / "wheel"


class Assignment(SphinxDirective):
    """The card of one assignment."""

    required_arguments = 1
    has_content = True
    option_spec = {"minutes": directives.nonnegative_int}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        notebook = ASSIGNMENTS / name / f"{name}.ipynb"
        if not notebook.is_file():
            known = ", ".join(sorted(p.stem for p in ASSIGNMENTS.glob("*/*.ipynb")))
            raise self.error(
                f"assignment: there is no assignments/{name}/{name}.ipynb, only "
                f"{known or 'an empty folder'}. Is the name right, and has "
                "`make assignments` been run?"
            )
        self.env.note_dependency(str(notebook))
        card = nodes.admonition(classes=["assignment"])
        card += nodes.title("", "", *self._title(name, notebook))
        self.state.nested_parse(self.content, self.content_offset, card)
        card += self._links(name)
        return [card]

    def _title(self, name: str, notebook: Path) -> list[nodes.Node]:
        facts = [f"{points(notebook):g} points"]
        if "minutes" in self.options:
            facts.append(f"about {self.options['minutes']} minutes")
        return [
            nodes.Text("Assignment: "),
            nodes.literal(name, name),
            nodes.Text(f" ({', '.join(facts)})"),
        ]

    def _links(self, name: str) -> nodes.Node:
        url = self.config.html_theme_options["repository_url"]
        branch = self.config.html_theme_options["repository_branch"]
        repository = url.removeprefix("https://github.com/")
        path = f"assignments/{name}/{name}.ipynb"
        up = "../" * self.env.docname.count("/")
        targets = {
            "Download the notebook": f"{up}{path}",
            "Open in Colab": (
                f"https://colab.research.google.com/github/{repository}/blob/{branch}/{path}"
            ),
            "Open in Binder": (
                f"https://mybinder.org/v2/gh/{repository}/{branch}"
                f"?urlpath=lab/tree/{path}"
            ),
        }
        paragraph = nodes.paragraph(classes=["assignment-links"])
        for text, target in targets.items():
            if len(paragraph):
                paragraph += nodes.Text(" · ")
            paragraph += nodes.reference("", text, refuri=target, internal=False)
        return paragraph


def points(notebook: Path) -> float:
    """The sum of the points of a notebook's graded cells."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(c["metadata"].get("nbgrader", {}).get("points", 0) for c in cells)


def copy_downloads(app: Sphinx, error: Exception | None) -> None:
    """Put the notebooks and the wheel where the site's links say they are."""
    if error is not None or app.builder.name != "html":
        return
    for notebook in sorted(ASSIGNMENTS.glob("*/*.ipynb")):
        target = Path(app.outdir) / notebook.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, target)
    for wheel in WHEELS.glob("*.whl"):
        target = Path(app.outdir) / "wheel" / wheel.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wheel, target)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("assignment", Assignment)
    app.connect("build-finished", copy_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
