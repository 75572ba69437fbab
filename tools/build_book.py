"""Build the students' wheel and the book in `_build/html`. Any warning is an error.

python tools/build_book.py [--path-output FOLDER]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b")


def build_wheel(folder: Path) -> None:
    """The wheel that students install, downloadable from the site."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*command, "--outdir", folder, ROOT], check=True)


def build_book(output: Path) -> int:
    """Build the site, and say again at the end what was wrong.

    Returns:
        The exit status of Jupyter Book.
    """
    command = [BIN / "jupyter-book", "build", "book", "--config", "_config.yml"]
    options = ["--path-output", output, "-W", "-n", "--keep-going"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    trouble = []
    for line in process.stdout:
        print(line, end="", flush=True)
        if TROUBLE.search(line) and "IPKernelApp" not in line:
            trouble.append(line)
    code = process.wait()
    if code:
        # Pages that are read already would not be read, and so not warned of, again.
        shutil.rmtree(output / "_build" / ".doctrees", ignore_errors=True)
        shutil.rmtree(output / "_build" / "html" / ".doctrees", ignore_errors=True)
        print(f"\nThe book has {len(trouble)} warnings or errors:\n")
        print("".join(trouble))
    return code


def main() -> None:
    output = ROOT
    if "--path-output" in sys.argv:
        output = Path(sys.argv[sys.argv.index("--path-output") + 1]).resolve()
    build_wheel(ROOT / "_build" / "wheel")
    sys.exit(build_book(output))


if __name__ == "__main__":
    main()
