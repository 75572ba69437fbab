"""Build the students' wheel and the book in `_build/html`. Any warning is an error.

python tools/build_book.py [--path-output FOLDER]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# What kernels and the pool of processes say on stderr, which is nobody's mistake.
NOISE = re.compile(r"IPKernelApp|^\[(INFO|REPORT)/")


def build_wheel(folder: Path) -> None:
    """The wheel that students install, downloadable from the site."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*command, "--outdir", folder, ROOT], check=True)


def build_book(output: Path) -> int:
    """Build the site, and say at the end what was wrong.

    Returns:
        The exit status of Jupyter Book.
    """
    command = [BIN / "jupyter-book", "build", "book", "--config", "_config.yml"]
    options = ["--path-output", output, "-W", "-n", "--keep-going"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as warnings:
        done = subprocess.run([*command, *options], cwd=ROOT, stderr=warnings)
        warnings.seek(0)
        trouble = [line for line in warnings if not NOISE.search(line)]
    print("".join(trouble), flush=True)
    if done.returncode:
        # Pages that are read already would not be read, and so not warned of, again.
        for folder in (output / "_build", output / "_build" / "html"):
            shutil.rmtree(folder / ".doctrees", ignore_errors=True)
        print("The book was not built: see the warnings and errors above.")
    return done.returncode


def main() -> None:
    output = ROOT
    if "--path-output" in sys.argv:
        output = Path(sys.argv[sys.argv.index("--path-output") + 1]).resolve()
    build_wheel(ROOT / "_build" / "wheel")
    sys.exit(build_book(output))


if __name__ == "__main__":
    main()
