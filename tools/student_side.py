"""Try the student's side as a student has it: the wheel, a notebook, a check.

In a new environment in a temporary folder, outside the repository: the released
notebook must fail its checks, one with right answers must pass them, and torch must be
absent. It needs Python alone, on Windows, macOS and Linux.

    python tools/student_side.py [ASSIGNMENT]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOLVE = """
import sys
from pathlib import Path
import nbformat
from course_grader import assignment
loaded = assignment.load(sys.argv[1], Path(sys.argv[2]))
nbformat.write(assignment.answered(loaded, {}, base="reference"), "solved.ipynb")
"""
NO_TORCH = """
import importlib.util
found = [name for name in ("torch", "nbgrader") if importlib.util.find_spec(name)]
assert not found, f"the student's side installs {found}"
"""


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "adam"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        venv.create(folder / "env", with_pip=True)
        scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        python = scripts / ("python.exe" if os.name == "nt" else "python")
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

        def run(*arguments: str | Path, expect: int = 0) -> None:
            shown = " ".join("…" if "\n" in str(a) else str(a) for a in arguments)
            print(f"$ python {shown}", flush=True)
            done = subprocess.run(
                [python, *arguments], cwd=folder, env=environment, check=False
            )
            if done.returncode != expect:
                sys.exit(f"student: status {done.returncode}, expected {expect}")

        pip = ("-m", "pip", "--disable-pip-version-check")
        run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
        wheel = next(folder.glob("*.whl"))
        pins = ("--constraint", ROOT / "constraints.txt")
        run(*pip, "install", "--quiet", *pins, f"{wheel}[student]")
        run("-c", NO_TORCH)

        released = ROOT / "assignments" / name / f"{name}.ipynb"
        shutil.copy(released, folder)
        run("-m", "course_grader", "check", released.name, expect=1)
        run("-c", SOLVE, name, ROOT)
        run("-m", "course_grader", "check", "solved.ipynb")
    print(
        "student: the released notebook fails, the solved one passes, torch is absent"
    )


if __name__ == "__main__":
    main()
