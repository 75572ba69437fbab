"""What the channels of an activation have found, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.picture_grid import Panel, common_scale, picture_grid
from course_lib.figures.style import Picture, show
from course_lib.types import Array


def draw_feature_maps(
    activation: ArrayLike,
    alt: str,
    *,
    palette: str = "signed",
    shared: bool = True,
    titles: Sequence[str] = (),
    columns: int | None = None,
    title: str = "",
) -> Picture:
    """Draw the channels of one sample's activation as pictures in a grid.

    Args:
        activation: shape (C, H, W), or (1, C, H, W).
        alt: what is seen, in words.
        palette: "signed", in which zero is the paper, positive values are orange and
            negative ones blue; or "gray", black for the least value and white for the
            largest.
        shared: one scale for all channels. Otherwise each has its own: what is weak can
            be seen, but channels can't be compared.
        titles: stand above the channels.
        columns: of the grid; by default 4 with titles, else 8.
        title: stands above all.

    Raises:
        ValueError: the shape is another, a value is not finite, or there are as many
            titles as there should not be.
    """
    maps = _channels(np.asarray(activation))
    if len(titles) not in (0, len(maps)):
        raise ValueError(
            f"draw_feature_maps: {len(titles)} titles for {len(maps)} channels, "
            "expected one for each"
        )
    groups = [maps] if shared else [maps[i : i + 1] for i in range(len(maps))]
    scales = [
        common_scale([group], palette=palette, caller="draw_feature_maps")
        for group in groups
    ]
    figure = picture_grid(
        [
            Panel(
                (scales[0 if shared else i].colors(image),),
                titles[i] if titles else "",
                framed=True,
            )
            for i, image in enumerate(maps)
        ],
        columns=columns or (4 if titles else 8),
        caller="draw_feature_maps",
        title=title,
        scale=scales[0] if shared else None,
    )
    return show(figure, alt)


def _channels(activation: Array) -> Array:
    shape = activation.shape
    if activation.ndim == 4 and len(activation) == 1:
        activation = activation[0]
    if activation.ndim != 3 or activation.size == 0:
        raise ValueError(
            f"draw_feature_maps: activation has shape {shape}, expected (C, H, W) of "
            "one sample. Of a batch, draw y[0]; is it that of a dense layer?"
        )
    return activation
