"""Schedules made of others."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import prod

from course_lib.schedules.checks import check_factor, check_steps
from course_lib.schedules.decay import constant
from course_lib.schedules.scheduler import Schedule


def warm_up(
    *, steps: int, then: Schedule | None = None, start: float = 1 / 3
) -> Schedule:
    """s(t) = s₀ + (1 − s₀)t/T while t < T; then another schedule, which begins at 0.

    Args:
        steps: T, at least 1.
        then: what comes after it; 1 for ever if not given.
        start: s₀, at least 0, torch's by default.

    As torch's LinearLR. Source: Goyal et al. (2017), section 2.2, "gradual warmup".
    """
    check_steps("warm_up", steps=steps)
    check_factor("warm_up", start=start)
    rise: Schedule = lambda t: start + (1 - start) * t / steps  # noqa: E731
    return in_turn([rise, then or constant()], milestones=[steps])


def in_turn(schedules: Sequence[Schedule], *, milestones: Sequence[int]) -> Schedule:
    """One schedule after the other, each counted from its own beginning.

    Args:
        schedules: at least one.
        milestones: the step at which each but the first begins, in rising order.

    Raises:
        ValueError: there is not one schedule more than there are milestones, or these
            do not rise.

    As torch's SequentialLR.
    """
    starts = [0, *milestones]
    if len(schedules) != len(starts) or any(
        later <= earlier for earlier, later in pairwise(starts)
    ):
        raise ValueError(
            f"in_turn: there are {len(schedules)} schedules and the milestones "
            f"{list(milestones)}; expected a milestone above 0 between each two "
            "neighbours, in rising order."
        )

    def factor(t: int) -> float:
        turn = bisect_right(starts, t) - 1
        return schedules[turn](t - starts[turn])

    return factor


def product(*schedules: Schedule) -> Schedule:
    """s(t) = s₁(t)·s₂(t)⋯, as torch's ChainedScheduler."""
    return lambda t: prod(schedule(t) for schedule in schedules)
