"""Numbers as colors: pictures for matplotlib and SVG, of shape (H, W, 4), uint8.

Signed values have no white and no black in the middle: zero is transparent, so it has
the color of the paper, in the light and in the dark; the larger a value, the more of
its color covers the paper, orange above zero and blue below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from course_lib.figures.colors import COLORS
from course_lib.types import Array

POSITIVE, NEGATIVE = "orange", "blue"
# How bright red, green and blue look (ITU-R BT.601).
LUMINANCE = (0.299, 0.587, 0.114)


def signed_colors(values: ArrayLike, limit: float) -> Array:
    """Orange above zero and blue below, opaque at ±limit, transparent at 0.

    Args:
        values: shape (H, W); beyond ±limit the color stays the same.
        limit: at least 0; where it is 0, so are all values.
    """
    values = np.asarray(values, dtype=np.float64)
    share = np.clip(values / limit, -1, 1) if limit > 0 else np.zeros(values.shape)
    above = (share > 0)[..., None]
    color = np.where(above, _rgb(COLORS[POSITIVE]), _rgb(COLORS[NEGATIVE]))
    return _bytes(np.concatenate([color, abs(share)[..., None]], axis=-1))


def gray_colors(values: ArrayLike, low: float, high: float) -> Array:
    """Black at `low`, white at `high`; of three channels, each is a color's share.

    Args:
        values: shape (H, W), or (H, W, 3) with red, green and blue last.
        low, high: where they are equal, all is mid-gray.
    """
    values = np.asarray(values, dtype=np.float64)
    share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    color = share if values.ndim == 3 else np.repeat(share[..., None], 3, axis=-1)
    return _bytes(np.concatenate([color, np.ones((*color.shape[:2], 1))], axis=-1))


def class_colors(classes: ArrayLike, *, strength: float = 0.6) -> Array:
    """Class k ≥ 1 in the k-th color of COLORS; class 0, the background, transparent.

    Args:
        classes: integers of shape (H, W), below len(COLORS) + 1.
        strength: how much of the color covers what lies below, from 0 to 1.
    """
    palette = [(0.0, 0.0, 0.0, 0.0)]
    palette += [(*to_rgb(color), strength) for color in COLORS.values()]
    return _bytes(np.array(palette)[np.asarray(classes)])


def faded(picture: ArrayLike) -> Array:
    """A picture of values from 0 to 1 as light gray, on which colors can be seen."""
    picture = np.asarray(picture, dtype=np.float64)
    gray = picture @ np.array(LUMINANCE) if picture.ndim == 3 else picture
    return gray_colors(0.4 + 0.6 * gray, 0, 1)


def wash(name: str, share: float) -> tuple[float, float, float, float]:
    """A color of COLORS that covers a share of the paper, as matplotlib's RGBA."""
    return (*to_rgb(COLORS[name]), share)


def color_of(index: int, *, caller: str, kinds: Sequence[str]) -> str:
    """The color of the index-th of several kinds, which must not outnumber COLORS."""
    if len(kinds) > len(COLORS):
        raise ValueError(
            f"{caller}: {len(kinds)} kinds ({', '.join(kinds)}), expected at most "
            f"{len(COLORS)}, the number of colors. Can you draw two figures?"
        )
    return list(COLORS.values())[index]


def _rgb(color: str) -> Array:
    return np.array(to_rgb(color))


def _bytes(share: Array) -> Array:
    return (np.clip(share, 0, 1) * 255).round().astype(np.uint8)
