"""What a student may learn of how a cell ran.

The graded notebook holds the hidden tests, their inputs in tracebacks, and whatever the
student's code printed while it was being tested. None of that is passed on. What a
student reads is made anew from four things only: whether the cell passed, what
course_grader.checks found, the kind of error, and a line of the student's own code.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass, replace

from nbformat import NotebookNode
from nbgrader.utils import has_failed

from course_grader import regions
from course_grader.cells import is_locked, is_test
from course_grader.nbgrader.frames import Frame, plain, read_frames
from course_grader.nbgrader.preprocessors import DEAD, TIMEOUT

ERRORS = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
STOPPED = {TIMEOUT, "KeyboardInterrupt"}  # what a timeout leaves behind
TITLE = re.compile(r"""\bchecking\(\s*(?P<quote>["'])(?P<title>.*?)(?P=quote)""")
RAISED = re.compile(r"(?:your code raised )?(?P<error>[A-Za-z_][\w.]*)(?::.*)?", re.S)
PLACE = re.compile(r" \((?P<function>\S+), line (?P<line>\d+)(?:: (?P<code>.*))?\)$")
UNDEFINED = re.compile(r"name '(\w+)' is not defined")
REACHES_FOR_CHECKS = re.compile(
    r"\b(CheckFailed|check\w*|course_grader|_render_traceback_)\b"
)


@dataclass(frozen=True)
class Outcome:
    """How a cell ran.

    Attributes:
        passed: nothing went wrong in it.
        message: what went wrong, in a sentence; empty where there is no more to say.
        place: where in the student's own code.
        code: that line.
    """

    passed: bool
    message: str = ""
    place: str = ""
    code: str = ""


def visible_source(cell: NotebookNode) -> str:
    """The cell as its student has it: without the hidden tests."""
    try:
        return regions.without(cell.source, regions.HIDDEN)
    except regions.RegionError:  # better nothing than a hidden test
        return ""


def hides(cell: NotebookNode) -> bool:
    """Whether the cell has hidden tests."""
    return visible_source(cell) != cell.source


def title(cell: NotebookNode) -> str:
    """What a test checks, in its own words; or its grade_id, made readable."""
    match = TITLE.search(visible_source(cell))
    if match:
        return match["title"]
    name = str(cell.metadata.nbgrader.grade_id)
    return re.sub(r"^test[_-]", "", name).replace("_", " ")


class Reader:
    """Reads the outcomes of one graded notebook."""

    def __init__(self, notebook: NotebookNode) -> None:
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        own = [cell for cell in code if not is_locked(cell)]
        self.by_execution = {cell.execution_count: cell for cell in code}
        self.own_source = "\n".join(cell.source for cell in own)
        self.visible = "\n".join(visible_source(cell) for cell in notebook.cells)
        tests = [i for i, cell in enumerate(notebook.cells) if hides(cell)]
        self.before_tests = notebook.cells[: tests[0] if tests else None]

    def read(self, cell: NotebookNode) -> Outcome:
        """How this cell ran, as far as its student may know."""
        if not has_failed(cell):
            return Outcome(passed=True)
        error = next((x for x in cell.outputs if x.output_type == "error"), None)
        if error is None:
            return Outcome(False, "Something was written to stderr, such as a warning.")
        if error.ename == DEAD:
            return Outcome(False, "Python ended here, and everything after it is lost.")
        if error.ename in STOPPED:
            return Outcome(
                False, "It took too long and was stopped. Is there an endless loop?"
            )
        if error.ename == "CheckFailed" and not REACHES_FOR_CHECKS.search(
            self.own_source
        ):
            return self._checked(cell, plain(error.evalue))
        return self._raised(cell, error)

    def _checked(self, cell: NotebookNode, message: str) -> Outcome:
        """What the checks found. An error's own message may repeat a test's input."""
        message = message.removeprefix(f"{title(cell)}: ")
        if not hides(cell):
            return Outcome(False, message)
        place = PLACE.search(message)
        body = message[: place.start()] if place else message
        raised = RAISED.fullmatch(body)
        if raised and (body.startswith("your code raised ") or _is_error(raised)):
            found = Outcome(False, f"{self._kind(raised['error'])} was raised.")
        elif place:
            found = Outcome(False, f"{body[0].upper()}{body[1:]}.")
        else:
            return Outcome(False, message)
        return self._placed(found, place)

    def _placed(self, found: Outcome, place: re.Match[str] | None) -> Outcome:
        if place is None or (place["code"] or "") not in self.own_source:
            return found
        if place["function"] not in self.own_source:
            return found
        return replace(
            found,
            message=found.message.replace("was raised.", "was raised by your code."),
            place=f"{place['function']}, line {place['line']}",
            code=place["code"] or "",
        )

    def _raised(self, cell: NotebookNode, error: NotebookNode) -> Outcome:
        kind = self._kind(error.ename)
        frames = read_frames(error.traceback)
        own = [frame for frame in frames if self._is_own(frame)]
        if cell in self.before_tests and not is_test(cell):
            message = f"{kind}: {plain(error.evalue)}"
        elif not hides(cell) and is_test(cell) and kind == "AssertionError":
            message = f"{kind}: {plain(error.evalue)}".removesuffix(": ")
        elif not own and (match := UNDEFINED.search(error.evalue)):
            if not re.search(rf"\b{match[1]}\b", self.visible):
                return Outcome(False, f"{kind} was raised.")
            return Outcome(
                False, f"{match[1]} is not defined. Does the cell that defines it run?"
            )
        elif kind == "AssertionError" and not own:
            message = "A check failed."
        else:
            message = f"{kind} was raised" + (" by your code." if own else ".")
        if not own:
            return Outcome(False, message)
        last = own[-1]
        lines = self.by_execution[last.execution].source.split("\n")
        code = lines[last.line - 1].strip() if last.line <= len(lines) else ""
        function = last.function if last.function in self.own_source else ""
        place = f"{function}, line {last.line}" if function else f"line {last.line}"
        return Outcome(False, message, place, code)

    def _is_own(self, frame: Frame) -> bool:
        cell = self.by_execution.get(frame.execution)
        return frame.execution is not None and cell is not None and not is_locked(cell)

    def _kind(self, name: str) -> str:
        """An error's type; one that the notebook does not show goes unnamed."""
        known = name in ERRORS or re.search(rf"\b{re.escape(name)}\b", self.visible)
        return name if known else "An error"


def _is_error(match: re.Match[str]) -> bool:
    name = match["error"].rpartition(".")[2]
    return name in ERRORS or name.endswith(("Error", "Exception", "Warning"))
