"""Two programs for the same thing, timed side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

# What NumPy's and torch's libraries must find in the environment when they are first
# imported. One thread each, or the comparison is of schedulers; and threads that sleep
# at once when they have nothing to do, or they take the other library's core.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_THREAD_TIMEOUT": "10",
    "OMP_WAIT_POLICY": "passive",
}


@dataclass(frozen=True)
class Case:
    """Something that the library and torch both do.

    Attributes:
        name: what is measured, with its size.
        ours, theirs: do it once.
        bound: the ratio of our time to theirs that should not be exceeded, a quarter
            above what was measured when it was set.
        unit: "ms" where they are timed; another where they return what is compared,
            such as the "MiB" or the "s" that a process of their own took.
    """

    name: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    bound: float
    unit: str = "ms"


@dataclass(frozen=True)
class Result:
    """Medians in the case's unit, and the median of the ratios of neighbouring runs."""

    ours: float
    theirs: float
    ratio: float


def measure(case: Case, *, seconds: float, rounds: int) -> Result:
    """Run both in turns, so that what else the machine does falls on both alike.

    Args:
        case: what to measure.
        seconds: how long to measure at most, after the first rounds.
        rounds: how many rounds to measure at least.
    """
    if case.unit != "ms":
        ours, theirs = case.ours(), case.theirs()
        return Result(ours, theirs, ours / theirs)
    case.ours()  # the first run of each also allocates what the others use again
    case.theirs()
    times: list[tuple[float, float]] = []
    start = perf_counter()
    while len(times) < rounds or perf_counter() - start < seconds:
        times.append((_seconds(case.ours), _seconds(case.theirs)))
    ours, theirs = map(median, zip(*times, strict=True))
    ratio = median(a / b for a, b in times)
    return Result(ours * 1e3, theirs * 1e3, ratio)


def _seconds(run: Callable[[], object]) -> float:
    """Of the processor's time: on a busy machine the clock on the wall also counts the
    time of others."""
    start = process_time()
    run()
    return process_time() - start
