"""Make .venv, the course's own Python, from pyproject.toml and constraints.txt.

torch comes last and by its exact pin: only the book's comparisons and the tests need
it. The stamp `.venv/.ready` is written at the very end, and an environment whose
install was interrupted, or which was moved, is made again from nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from progress import StepError, label, run, say

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
INSTALLING = VENV / ".installing"
READY = VENV / ".ready"
DISK_NEEDED = 3e9  # bytes: the packages, pip's cache of them, and the book


def check_disk() -> None:
    free = shutil.disk_usage(".").free
    if free < DISK_NEEDED:
        sys.exit(
            f"make: {free / 1e9:.1f} GB are free here, the first `make course` needs "
            f"about {DISK_NEEDED / 1e9:.0f} GB: make room on this disk."
        )


def is_sound() -> bool:
    """Whether .venv can be installed into: whole, in its place, not half done."""
    if INSTALLING.exists() or not PYTHON.exists():
        return False
    if READY.exists() and READY.read_text() != os.getcwd():
        return False  # moved: its scripts name the old place
    pip = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True)
    return pip.returncode == 0


def main() -> None:
    title = label("environment")
    if not is_sound():
        check_disk()
        run(f"{title}: .venv", [sys.executable, "-m", "venv", "--clear", VENV], "venv")
    INSTALLING.touch()
    READY.unlink(missing_ok=True)
    pip = [
        str(PYTHON),
        *("-m", "pip", "install", "--disable-pip-version-check"),
        *("--constraint", "constraints.txt"),
    ]
    run(f"{title}: packages", [*pip, "--editable", ".[test]"], "packages")
    run(f"{title}: torch", [*pip, "--editable", ".[torch]"], "torch")
    READY.write_text(os.getcwd())
    INSTALLING.unlink()


if __name__ == "__main__":
    try:
        main()
    except StepError:
        say("\nRun the same command again: it starts the environment afresh.")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nInterrupted. The same command starts the environment afresh.")
        sys.exit(130)
