"""The child process of `running`: started, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

START = "from course_grader.child import main; main()"
LONGEST_REPORT = 256 * 2**20  # bytes of one line: a cell's result and record


class Process:
    """A process that runs cells, and the events it reports.

    Args:
        job: what `child.main` reads.
        folder: its working directory.
    """

    def __init__(self, job: dict[str, Any], folder: Path) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (kill closes it)
        self._process = subprocess.Popen(
            # -P: a file of the folder must not stand in for a module of that name.
            [sys.executable, "-P", "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=folder,
            env=_environment(),
            start_new_session=os.name == "posix",
        )
        self._events: queue.Queue[bytes] = queue.Queue()
        assert self._process.stdin is not None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        with contextlib.suppress(OSError):  # it may be gone already: `event` says so
            self._process.stdin.write(json.dumps(job).encode())
            self._process.stdin.close()

    def event(self, until: float) -> dict[str, Any] | None:
        """The next event; None when the process ended, or at the given time."""
        try:
            line = self._events.get(timeout=max(0.0, until - time.monotonic()))
            return dict(json.loads(line)) if line.endswith(b"\n") else None
        except (queue.Empty, ValueError):
            return None

    def complaint(self) -> str:
        """The last line of what the process wrote as an error."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def kill(self) -> None:
        """End the process and those it started, and let go of everything."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        line = b"\n"
        while line.endswith(b"\n"):
            line = self._process.stdout.readline(LONGEST_REPORT)
            self._events.put(line)


def _environment() -> dict[str, str]:
    """The environment of the process: as here, with what could change results fixed."""
    fixed = {
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    return {**kept, **fixed}
