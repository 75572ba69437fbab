"""The end of `make course`: the marks of the sample class, and where to look next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PLACES = {
    "book": "_build/html/index.html",
    "feedback": "_build/sample_class/feedback",
    "report": "_build/sample_class/report.html",
}


def main() -> None:
    print(flush=True)
    subprocess.run([sys.executable, "-m", "course_grader", "report"], check=True)
    print()
    for name, place in PLACES.items():
        path = Path(place).resolve()
        if not path.exists():
            sys.exit(f"make course: {place} was not made")
        print(f"{name:<9} {path.as_uri()}")
    print("\nNext: make serve, make start ASSIGNMENT=adam, make test")


if __name__ == "__main__":
    main()
