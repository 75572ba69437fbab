"""The ranges that optimizers' settings must lie in, checked in one place."""

from numbers import Real


def check_not_negative(rule: str, **settings: float) -> None:
    """Raise ValueError unless every setting is a finite number of at least 0.

    Args:
        rule: the optimizer's name, for the message.
        settings: values by name, such as lr=0.1.
    """
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 <= value < float("inf")):
            raise ValueError(
                f"{rule}: {name} is {value!r}, expected a finite number of at least 0. "
                "Is its sign wrong? The rule itself goes against the gradient."
            )


def check_positive(rule: str, **settings: float) -> None:
    """Raise ValueError unless every setting is a finite number above 0."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 < value < float("inf")):
            raise ValueError(
                f"{rule}: {name} is {value!r}, expected a finite number above 0. "
                "At 0 nothing would move."
            )


def check_interval(rule: str, **ends: float) -> None:
    """Raise ValueError unless the two settings are above 0, and the first is not above
    the second."""
    check_positive(rule, **ends)
    (low, lowest), (high, highest) = ends.items()
    if lowest > highest:
        raise ValueError(
            f"{rule}: {low} is {lowest!r} and {high} is {highest!r}, expected an "
            "interval. Are they in each other's place?"
        )


def check_open_fraction(rule: str, **settings: float) -> None:
    """Raise ValueError unless every setting lies in (0, 1), without its ends."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 < value < 1):
            raise ValueError(
                f"{rule}: {name} is {value!r}, expected a number between 0 and 1. "
                "Is it a percentage?"
            )


def check_fraction(rule: str, **settings: float) -> None:
    """Raise ValueError unless every setting lies in [0, 1]."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 <= value <= 1):
            raise ValueError(
                f"{rule}: {name} is {value!r}, expected a number from 0 to 1. "
                "Is it a percentage? Above 1 the velocity would grow by itself."
            )


def check_decay_rate(rule: str, **settings: float) -> None:
    """Raise ValueError unless every setting lies in [0, 1): an average that decays at
    rate 1 never takes in a new value."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 <= value < 1):
            raise ValueError(
                f"{rule}: {name} is {value!r}, expected a number of at least 0 and "
                "below 1. Is it a percentage? At 1 the average never changes."
            )


def check_betas(rule: str, betas: tuple[float, float]) -> None:
    """Raise ValueError unless there are two decay rates in [0, 1)."""
    if not (isinstance(betas, (tuple, list)) and len(betas) == 2):
        raise ValueError(
            f"{rule}: betas is {betas!r}, expected two rates such as (0.9, 0.999). "
            "Is one of them missing?"
        )
    check_decay_rate(rule, beta1=betas[0], beta2=betas[1])
