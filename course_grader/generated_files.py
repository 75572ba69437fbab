"""Files that are generated, and the memory of what they were.

A file that somebody has edited since it was generated is noticed, and kept. The memory
lies in `_build/`; in a fresh clone, which has none, a file counts as generated if git
has it as it is.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

RECORD = Path("_build") / "generated.json"


class EditedError(ValueError):
    """A generated file was edited, and is not overwritten."""


def refuse_if_edited(path: Path, content: bytes, name: str, root: Path) -> None:
    """Stop before an edited file is overwritten.

    Args:
        content: what is to be written.
        name: the assignment that the file is generated from.

    Raises:
        EditedError: the file was edited; the message says what to do.
    """
    if not path.is_file() or path.read_bytes() == content:
        return
    ((key, now),) = hashes([path], root).items()
    if remembered(name, root).get(key) == now or _is_committed(path, root):
        return
    raise EditedError(
        f"{key} was edited and is left as it is. Bring what you want to keep into "
        f"solutions/{name}/{name}.py, delete the notebook, and try again."
    )


def remembered(name: str, root: Path) -> dict[str, str]:
    """The hashes of an assignment's files after its last generation."""
    return _record(root).get(name, {})


def remember(name: str, state: dict[str, str], root: Path) -> None:
    """Keep the hashes of an assignment's files."""
    record = {**_record(root), name: state}
    write(root / RECORD, (json.dumps(record, indent=1) + "\n").encode())


def hashes(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """A hash of each file's content, empty where there is none, by the file's path."""
    return {_key(path, root): _hash(path) for path in paths}


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


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


def _record(root: Path) -> dict[str, dict[str, str]]:
    try:
        record = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _key(path: Path, root: Path) -> str:
    inside = path.is_relative_to(root)
    return (path.relative_to(root) if inside else path).as_posix()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
