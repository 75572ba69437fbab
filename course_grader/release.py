"""From an assignment's source to what students get, with nothing edited overwritten.

`solutions/<name>/<name>.py` becomes `_build/source/<name>/<name>.ipynb`, nbgrader's
source folder, in which nothing else lies: nbgrader copies every other file that it
finds there into the release. From it nbgrader makes `assignments/<name>/<name>.ipynb`.
Both are generated to the same bytes every time. What was generated is remembered by its
hash, so that a file which somebody has edited since is noticed, and kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course_grader.repository import repository

RECORD = Path("_build") / "generated.json"


class EditedError(ValueError):
    """A generated file was edited, and is not overwritten."""


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
        _refuse_if_edited(path, content, name, root)
        _write(path, content)
        known = _record(root).get(name, {})
        _remember(name, {**known, _key(path, root): _hash(path)}, root)
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
        _refuse_if_edited(path, content, name, root)
    changed = False
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            _write(path, content)
            changed = True
    _remember(name, _state(name, root), root)
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
        _write(folder / "source" / name / f"{name}.ipynb", source)
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


def _refuse_if_edited(path: Path, content: bytes, name: str, root: Path) -> None:
    if not path.is_file() or path.read_bytes() == content:
        return
    remembered = _record(root).get(name, {}).get(_key(path, root))
    if remembered == _hash(path) or _is_committed(path, root):
        return
    raise EditedError(
        f"{_key(path, root)} was edited and is left as it is. Bring what you want to "
        f"keep into solutions/{name}/{name}.py, delete the notebook, and try again."
    )


def _is_committed(path: Path, root: Path) -> bool:
    """Whether git has the file as it is: then nobody loses anything."""
    git = ["git", "-C", str(root)]
    tracked = [*git, "ls-files", "--error-unmatch", "--", str(path)]
    unchanged = [*git, "diff", "--quiet", "HEAD", "--", str(path)]
    try:
        return all(
            subprocess.run(command, capture_output=True, check=False).returncode == 0
            for command in (tracked, unchanged)
        )
    except OSError:  # no git
        return False


def _is_remembered(name: str, root: Path) -> bool:
    """Whether source and both notebooks are as they were after the last generation."""
    return _record(root).get(name) == _state(name, root)


def _remember(name: str, state: dict[str, str], root: Path) -> None:
    record = {**_record(root), name: state}
    _write(root / RECORD, (json.dumps(record, indent=1) + "\n").encode())


def _record(root: Path) -> dict[str, dict[str, str]]:
    try:
        record = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _state(name: str, root: Path) -> dict[str, str]:
    """The hash of everything that a generation reads and writes."""
    files = [
        root / "solutions" / name / f"{name}.py",
        root / "nbgrader_config.py",
        *sorted(Path(__file__).parent.rglob("*.py")),
        staged_path(name, root),
        release_path(name, root),
    ]
    return {_key(path, root): _hash(path) for path in files}


def _key(path: Path, root: Path) -> str:
    inside = path.is_relative_to(root)
    return (path.relative_to(root) if inside else path).as_posix()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.replace(path)
