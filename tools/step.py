"""Run a step of the Makefile, unless nothing that it depends on has changed.

    step.py NAME --inputs FILE_OR_FOLDER ... --outputs FILE_OR_FOLDER ... -- COMMAND ...

Contents decide, not times of modification: a fresh clone, a switched branch, a deleted
file and a file saved without a change are all seen for what they are.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from progress import StepError, label, run, say

STAMPS = Path("_build/stamps")
IGNORED = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}


def digest(inputs: list[str], command: list[str]) -> str:
    """A hash of the command and of every file among the inputs."""
    result = hashlib.sha256("\0".join(command).encode())
    for name in inputs:
        path = Path(name)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not IGNORED.intersection(file.parts):
                result.update(b"\0" + file.as_posix().encode() + b"\0")
                result.update(hashlib.sha256(file.read_bytes()).digest())
    return result.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--inputs", nargs="+", required=True)
    parser.add_argument("--outputs", nargs="+", required=True)
    separator = sys.argv.index("--")
    options = parser.parse_args(sys.argv[1:separator])
    command = sys.argv[separator + 1 :]

    stamp = STAMPS / options.name
    current = digest(options.inputs, command)
    made = all(Path(output).exists() for output in options.outputs)
    if made and stamp.exists() and stamp.read_text() == current:
        say(f"{label(options.name)}: up to date")
        return
    stamp.unlink(missing_ok=True)
    run(label(options.name), command, options.name)
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current)


if __name__ == "__main__":
    try:
        main()
    except StepError:
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
