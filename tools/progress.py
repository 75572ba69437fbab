"""Run a command as one step: a line while it runs, its time after, its log on failure.

Standard library alone: the first step runs before anything is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

LOGS = Path("_build/logs")
LINES_SHOWN = 40
REFRESH = 0.2  # seconds between two looks of a terminal at a running step


class StepError(Exception):
    """The command of a step ended with an error, which has been shown."""


def label(name: str) -> str:
    """The step's name, numbered when it is one of the steps of `make course`."""
    steps = os.environ.get("COURSE_STEPS", "").split()
    if name not in steps:
        return name
    return f"[{steps.index(name) + 1}/{len(steps)}] {name}"


def say(text: str) -> None:
    print(text, flush=True)


def run(title: str, command: list[str], log_name: str) -> None:
    """Run a command, showing its time and, on a terminal, its latest line.

    Args:
        title: what to call the step.
        command: the program and its arguments.
        log_name: all output goes to `_build/logs/<log_name>.log`.

    Raises:
        StepError: the command failed; what it said last has been printed.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    start = time.monotonic()
    if not sys.stdout.isatty():
        say(f"{title} …")
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(title, log, start, done))
        if sys.stdout.isatty():
            watcher.start()
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise
        finally:
            done.set()
            if watcher.is_alive():
                watcher.join()
    seconds = time.monotonic() - start
    if code == 0:
        say(f"{title}: {seconds:.1f} s")
        return
    say(f"{title}: failed after {seconds:.1f} s. The end of {log}:\n")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    say("\n".join(f"    {line}" for line in lines[-LINES_SHOWN:]))
    raise StepError(title)


def _watch(title: str, log: Path, start: float, done: threading.Event) -> None:
    """Keep one line of the terminal current until the step is done."""
    while not done.wait(REFRESH):
        width = os.get_terminal_size().columns
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        latest = lines[-1].strip() if lines else ""
        text = f"{title} … {time.monotonic() - start:.0f} s  {latest}"
        print(f"\r\x1b[K{text[: width - 1]}", end="", flush=True)
    print("\r\x1b[K", end="", flush=True)
