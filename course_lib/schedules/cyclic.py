"""Schedules that fall and may rise again."""

from math import cos, pi

from course_lib.schedules.checks import check_factor, check_steps
from course_lib.schedules.scheduler import Schedule

MODES = ("triangular", "triangular2", "exp_range")


def cosine(*, steps: int, lowest: float = 0.0) -> Schedule:
    """s(t) = l + (1 − l)(1 + cos(πt/T))/2: half a wave, from 1 down to l.

    After T steps it rises again, as torch's CosineAnnealingLR does.

    Args:
        steps: T, at least 1.
        lowest: l, at least 0.

    Source: Loshchilov and Hutter (2017), equation 5, without restarts.
    """
    check_steps("cosine", steps=steps)
    check_factor("cosine", lowest=lowest)
    return lambda t: lowest + (1 - lowest) * (1 + cos(pi * t / steps)) / 2


def cosine_with_restarts(
    *, first: int, growth: int = 1, lowest: float = 0.0
) -> Schedule:
    """Half waves of a cosine, each from 1 down to l, after which the rate jumps back.

    A restart is warm: the parameters stay where they are, and only the rate is reset.

    Args:
        first: steps of the first half wave, at least 1.
        growth: how many times longer each is than the one before, at least 1.
        lowest: l, at least 0.

    Source: Loshchilov and Hutter (2017), "SGDR", equation 5, as torch's
    CosineAnnealingWarmRestarts.
    """
    check_steps("cosine_with_restarts", first=first, growth=growth)
    check_factor("cosine_with_restarts", lowest=lowest)

    def factor(t: int) -> float:
        length = first
        while t >= length:
            t -= length
            length *= growth
        return cosine(steps=length, lowest=lowest)(t)

    return factor


def cyclical(
    *,
    up: int,
    down: int | None = None,
    lowest: float = 0.1,
    mode: str = "triangular",
    factor: float = 1.0,
) -> Schedule:
    """s(t) = l + (1 − l)·h(t)·a, where h is a zigzag between 0 and 1, beginning at 0.

    η₀ is the highest rate, and η₀l the lowest; in torch's CyclicLR these are max_lr and
    base_lr. torch turns the momentum the other way by default; here it stays.

    Args:
        up: steps from 0 to 1, at least 1.
        down: steps back to 0, at least 1; as many as `up` if not given.
        lowest: l, at least 0.
        mode: the amplitude a: 1 for "triangular"; halved after each cycle for
            "triangular2"; cᵗ for "exp_range".
        factor: c, at least 0.

    Source: Smith (2017), sections 3.1 and 3.2.
    """
    down = up if down is None else down
    check_steps("cyclical", up=up, down=down)
    check_factor("cyclical", lowest=lowest, factor=factor)
    if mode not in MODES:
        raise ValueError(f"cyclical: mode is {mode!r}, expected one of {MODES}.")

    def schedule(t: int) -> float:
        cycle, within = divmod(t, up + down)
        height = min(within / up, (up + down - within) / down)
        amplitude = {
            "triangular": 1.0,
            "triangular2": 0.5**cycle,
            "exp_range": factor**t,
        }[mode]
        return lowest + (1 - lowest) * height * amplitude

    return schedule
