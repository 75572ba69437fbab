"""How long a program waits before its first line runs."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from statistics import median

from benchmarks.measuring import Case

# All of the library but the figures, which bring matplotlib; NumPy is among it.
LIBRARY = "course_lib.analysis, course_lib.backbones, course_lib.training"


def cases(*, scale: float) -> Iterator[Case]:
    times = 7 if scale == 1 else 1
    yield Case(
        "import of the library, with NumPy",
        partial(seconds_to_import, LIBRARY, times),
        partial(seconds_to_import, "torch", times),
        bound=0.24,  # 0.25 s, where torch takes 1.05
        unit="s",
    )


def seconds_to_import(modules: str, times: int) -> float:
    """The median of the processor's time in new processes, after Python's own start."""
    code = f"""
import time
start = time.process_time()
import {modules}
print(time.process_time() - start)
"""
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True)
        for _ in range(times)
    ]
    return median(float(run.stdout) for run in runs)
