"""The ranges that schedules' settings must lie in, checked in one place."""

from numbers import Integral, Real


def check_steps(schedule: str, **settings: int) -> None:
    """Raise ValueError unless every setting is a whole number of at least 1.

    Args:
        schedule: its name, for the message.
        settings: values by name, such as steps=100.
    """
    for name, value in settings.items():
        if not (isinstance(value, Integral) and value >= 1):
            raise ValueError(
                f"{schedule}: {name} is {value!r}, expected a whole number of at least "
                "1. Is it counted in the same unit as the scheduler's steps?"
            )


def check_factor(schedule: str, **settings: float) -> None:
    """Raise ValueError unless every setting is a finite number of at least 0."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 <= value < float("inf")):
            raise ValueError(
                f"{schedule}: {name} is {value!r}, expected a finite number of at "
                "least 0. Is its sign wrong?"
            )
