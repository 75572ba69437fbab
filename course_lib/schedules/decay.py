"""Schedules that only fall."""

from bisect import bisect_right
from collections.abc import Iterable

from course_lib.optimizers.settings import check_positive
from course_lib.schedules.checks import check_factor, check_steps
from course_lib.schedules.scheduler import Schedule


def constant(*, factor: float = 1.0) -> Schedule:
    """s(t) = c.

    Args:
        factor: c, at least 0.
    """
    check_factor("constant", factor=factor)
    return lambda t: factor


def step_decay(*, every: int, factor: float = 0.1) -> Schedule:
    """s(t) = cᵏ with k = ⌊t / every⌋: a fall by the factor c after so many steps.

    Args:
        every: steps between two falls, at least 1.
        factor: c, at least 0.

    As torch's StepLR.
    """
    check_steps("step_decay", every=every)
    check_factor("step_decay", factor=factor)
    return lambda t: factor ** (t // every)


def multi_step_decay(*, milestones: Iterable[int], factor: float = 0.1) -> Schedule:
    """s(t) = cᵏ, where k milestones lie at t or before.

    Args:
        milestones: the steps from which the rate is lower, in any order.
        factor: c, at least 0.

    As torch's MultiStepLR.
    """
    ordered = sorted(milestones)
    check_factor("multi_step_decay", factor=factor)
    return lambda t: factor ** bisect_right(ordered, t)


def exponential_decay(*, factor: float) -> Schedule:
    """s(t) = cᵗ. All factors together are 1/(1 − c): training comes to a stop, wherever
    it is.

    Args:
        factor: c, at least 0.

    As torch's ExponentialLR.
    """
    check_factor("exponential_decay", factor=factor)
    return lambda t: factor**t


def inverse_time_decay(*, steps: float = 1.0) -> Schedule:
    """s(t) = T / (T + t): a half after T steps, a third after 2T.

    With T = 1 this is 1, 1/2, 1/3, …: Σ s(t) = ∞, so that any distance can still be
    travelled, and Σ s(t)² < ∞, so that the noise dies out. Both hold for every T;
    T = 1000 is the perceptron's customary 1000 / (1000 + t).

    Args:
        steps: T, above 0.

    Source: Robbins and Monro (1951), section 2, for the two conditions.
    """
    check_positive("inverse_time_decay", steps=steps)
    return lambda t: steps / (steps + t)
