"""What a table of layers consists of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """A layer that `make` builds from a generator, and torch's."""

    make: Any
    shape: tuple[int, ...]
    torch: Any
    output_shape: tuple[int, ...]
    repr: str = field(kw_only=True)

    def __str__(self):
        return self.repr
