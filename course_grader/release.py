"""From an assignment's source to what students get, with nothing edited overwritten.

`solutions/<name>/<name>.py` becomes `_build/source/<name>/<name>.ipynb`, nbgrader's
source folder, in which nothing else lies: nbgrader copies every other file that it
finds there into the release. From it nbgrader makes `assignments/<name>/<name>.ipynb`.
Both are generated to the same bytes every time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course_grader.generated_files import EditedError as EditedError
from course_grader.generated_files import (
    hashes,
    refuse_if_edited,
    remember,
    remembered,
    write,
)
from course_grader.repository import repository


def stage(name: str, root: Path | None = None) -> Path:
    """Write the assignment's notebook, solutions and all, to nbgrader's source folder.

    Returns:
        The notebook's path.

    Raises:
        EditedError: the notebook that is there was edited.
    """
    root = repository(root)
    path = staged_path(name, root)
    if not _is_remembered(name, root):
        content = staged(name, root)
        refuse_if_edited(path, content, name, root)
        write(path, content)
        remember(name, {**remembered(name, root), **hashes([path], root)}, root)
    return path


def generate(name: str, root: Path | None = None) -> Path:
    """Write the notebook that students get.

    Returns:
        The notebook's path.

    Raises:
        EditedError: it, or the staged notebook, was edited.
    """
    update(name, root)
    return release_path(name, repository(root))


def update(name: str, root: Path | None = None) -> bool:
    """Write both notebooks, unless both are what would be written.

    Returns:
        Whether anything was written.

    Raises:
        EditedError: one of them was edited. Then neither is written.
    """
    root = repository(root)
    if _is_remembered(name, root):
        return False
    source = staged(name, root)
    files = {
        staged_path(name, root): source,
        release_path(name, root): released(name, source, root),
    }
    for path, content in files.items():
        refuse_if_edited(path, content, name, root)
    changed = False
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            write(path, content)
            changed = True
    remember(name, _state(name, root), root)
    return changed


def is_current(name: str, root: Path | None = None) -> bool:
    """Whether the release is what its source gives. Nothing is written."""
    root = repository(root)
    path = release_path(name, root)
    if not path.is_file():
        return False
    if _is_remembered(name, root):
        return True
    return path.read_bytes() == released(name, staged(name, root), root)


def start(name: str, root: Path | None = None) -> Path:
    """Copy the release to `work/<name>/<name>.ipynb`, for whoever wants to solve it.

    Returns:
        The copy's path.

    Raises:
        FileExistsError: there is one already, which is left as it is.
        FileNotFoundError: there is no such release.
    """
    root = repository(root)
    released = release_path(name, root)
    if not released.is_file():
        known = sorted(p.parent.name for p in (root / "assignments").glob("*/*.ipynb"))
        raise FileNotFoundError(
            f"there is no assignment {name!r}. There are: {', '.join(known) or 'none'}."
        )
    copy = root / "work" / name / f"{name}.ipynb"
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with copy.open("xb") as file:
            file.write(released.read_bytes())
    except FileExistsError:
        raise FileExistsError(
            f"you have begun already: {copy} is left as it is. For a fresh copy, give "
            "yours another name first."
        ) from None
    return copy


def staged_path(name: str, root: Path) -> Path:
    """Where the notebook with the solutions lies."""
    return root / "_build" / "source" / name / f"{name}.ipynb"


def release_path(name: str, root: Path) -> Path:
    """Where the notebook for students lies."""
    return root / "assignments" / name / f"{name}.ipynb"


def staged(name: str, root: Path) -> bytes:
    """The notebook with the solutions, as a file."""
    import nbformat

    from course_grader import assignment as assignments

    notebook = assignments.load(name, root).notebook
    return (nbformat.writes(notebook) + "\n").encode()


def released(name: str, source: bytes, root: Path) -> bytes:
    """The notebook for students, as nbgrader makes it from the one with the solutions.

    It is made in a folder of its own, and entered into no gradebook.

    Raises:
        RuntimeError: nbgrader failed; the message is the end of its log.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import SaveCells
    from nbgrader.utils import capture_log
    from traitlets.config import Config, PyFileConfigLoader

    config = Config()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        write(folder / "source" / name / f"{name}.ipynb", source)
        if (root / "nbgrader_config.py").is_file():
            with _class_folder(folder / "class"):
                loader = PyFileConfigLoader("nbgrader_config.py", path=str(root))
                config.merge(loader.load_config())
        config.CourseDirectory.root = str(folder)
        config.CourseDirectory.source_directory = "source"
        config.CourseDirectory.release_directory = "release"
        config.CourseDirectory.assignment_id = name
        generator = GenerateAssignment(
            coursedir=CourseDirectory(config=config), config=config
        )
        generator.no_database = True
        steps = generator.preprocessors
        generator.preprocessors = [step for step in steps if step is not SaveCells]
        result = capture_log(generator)
        path = folder / "release" / name / f"{name}.ipynb"
        if not result["success"] or not path.is_file():
            log = (result.get("log") or result.get("error") or "").strip()
            raise RuntimeError(f"nbgrader could not generate {name}:\n{log[-2000:]}")
        return (path.read_text(encoding="utf-8").rstrip("\n") + "\n").encode()


@contextmanager
def _class_folder(folder: Path) -> Iterator[None]:
    """Have nbgrader_config.py find another class than the real one."""
    before = os.environ.get("COURSE_CLASS")
    os.environ["COURSE_CLASS"] = str(folder)
    try:
        yield
    finally:
        del os.environ["COURSE_CLASS"]
        if before is not None:
            os.environ["COURSE_CLASS"] = before


def _is_remembered(name: str, root: Path) -> bool:
    """Whether source and both notebooks are as they were after the last generation."""
    return remembered(name, root) == _state(name, root)


def _state(name: str, root: Path) -> dict[str, str]:
    """The hash of everything that a generation reads and writes."""
    files = [
        root / "solutions" / name / f"{name}.py",
        root / "nbgrader_config.py",
        *sorted(Path(__file__).parent.rglob("*.py")),
        staged_path(name, root),
        release_path(name, root),
    ]
    return hashes(files, root)
