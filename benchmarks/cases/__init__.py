"""What is measured: float32, one thread each, both with the same shapes.

Every module here with a function `cases(*, scale)` is measured, in alphabetical order.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import torch

from benchmarks.measuring import Case


def all_cases(*, scale: float = 1.0) -> Iterator[Case]:
    """Every case, each made as it is asked for, so that only one is in memory.

    Args:
        scale: of the sizes; small to see only whether everything runs.
    """
    torch.set_num_threads(1)
    for module in pkgutil.iter_modules(__path__):
        family = import_module(f"{__name__}.{module.name}")
        if hasattr(family, "cases"):
            yield from family.cases(scale=scale)
