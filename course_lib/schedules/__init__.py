"""Learning rates that change: a schedule is a function of the step, and a Scheduler
applies it to an optimizer. Plateau reacts to a measure instead."""

from course_lib.schedules.composition import in_turn, product, warm_up
from course_lib.schedules.cyclic import cosine, cosine_with_restarts, cyclical
from course_lib.schedules.decay import (
    constant,
    exponential_decay,
    inverse_time_decay,
    multi_step_decay,
    step_decay,
)
from course_lib.schedules.plateau import Plateau
from course_lib.schedules.scheduler import Schedule, Scheduler

__all__ = [
    "Plateau",
    "Schedule",
    "Scheduler",
    "constant",
    "cosine",
    "cosine_with_restarts",
    "cyclical",
    "exponential_decay",
    "in_turn",
    "inverse_time_decay",
    "multi_step_decay",
    "product",
    "step_decay",
    "warm_up",
]
