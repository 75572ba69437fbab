"""Remove what was generated. An edited notebook in _build/source stays."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

BUILD = Path("_build")
CACHES = [".mypy_cache", ".ruff_cache", ".pytest_cache"]
OWN = [".venv", "assignments", "work", "class"]


def edited() -> list[Path]:
    """Staged notebooks that are no longer what was generated.

    `_build/generated.json` has the hash of each file as it was written.
    """
    try:
        record = json.loads((BUILD / "generated.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = {}
    written = {
        path: digest for state in record.values() for path, digest in state.items()
    }
    return [
        path
        for path in sorted((BUILD / "source").glob("*/*.ipynb"))
        if written.get(path.as_posix()) != hashlib.sha256(path.read_bytes()).hexdigest()
    ]


def main() -> None:
    kept = edited()
    record = BUILD / "generated.json"
    for path in sorted(BUILD.rglob("*"), reverse=True):  # what is inside comes first
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept and not (kept and path == record):
            path.unlink()
    if BUILD.is_dir() and not any(BUILD.iterdir()):
        BUILD.rmdir()
    for cache in CACHES:
        shutil.rmtree(cache, ignore_errors=True)
    for path in kept:
        print(f"kept {path}: it was edited. Delete it yourself if you do not need it.")
    print(f"kept {', '.join(name for name in OWN if Path(name).exists())}")


if __name__ == "__main__":
    main()
