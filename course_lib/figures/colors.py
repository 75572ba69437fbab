"""The colors and line styles that tell curves apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Mid-tones: 3:1 or better against white and against the dark page's #14181e. The page
# replaces them by darker and lighter ones, see figures.css.
COLORS: Mapping[str, str] = MappingProxyType(
    {
        "blue": "#2a7fc4",
        "orange": "#d0661b",
        "green": "#2f8f5b",
        "purple": "#9563c2",
        "red": "#d4504f",
        "gray": "#7f858c",
    }
)
# One for each color, so that curves differ on grey paper too.
LINE_STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)))
