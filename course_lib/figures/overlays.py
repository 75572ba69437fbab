"""Maps laid over a picture: saliency, attention, occlusion, classes of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.colors import COLORS
from course_lib.figures.images import check_limits, pictures_of
from course_lib.figures.palettes import class_colors, faded, gray_colors
from course_lib.figures.picture_grid import Panel, common_scale, picture_grid
from course_lib.figures.style import Picture, show
from course_lib.types import Array

CALLER = "draw_overlays"


def draw_overlays(
    picture: ArrayLike,
    maps: Mapping[str, ArrayLike],
    alt: str,
    *,
    classes: Sequence[str] = (),
    shared: bool = False,
    original: str | None = "picture",
    columns: int | None = None,
    title: str = "",
) -> Picture:
    """Lay maps over a picture: saliency, attention, occlusion, or classes of pixels.

    The picture below a map is gray and light. A map of numbers covers it in orange
    where it is positive and in blue where it is negative, the more the larger the
    number; a map of classes in a color for each class but 0.

    Args:
        picture: shape (H, W), (H, W, 3), (1, H, W) or (3, H, W), from 0 to 1.
        maps: titles, and maps of shape (h, w), which are stretched over the picture.
        alt: what is seen, in words.
        classes: the names of the classes 0, 1, …; with it the maps are integers.
        shared: one scale for all maps of numbers; otherwise the largest of each is
            fully orange.
        original: the title of the picture itself, which stands first; None leaves it
            out.
        columns: of the grid; by default 3, or 2 of two.
        title: stands above all.

    Raises:
        ValueError: a shape or a class is another, or a value is not finite.
    """
    (below,) = pictures_of([picture], caller=CALLER)
    scale = common_scale([below], palette="gray", caller=CALLER)
    check_limits(scale, (0.0, 1.0), caller=CALLER)
    arrays = {name: np.asarray(values) for name, values in maps.items()}
    for name, values in arrays.items():
        if values.ndim != 2 or values.size == 0:
            raise ValueError(
                f"draw_overlays: map {name!r} has shape {values.shape}, expected "
                "(h, w). Is a sample or a channel to be chosen?"
            )
    covers = _class_covers(arrays, classes) if classes else _covers(arrays, shared)
    panels = [
        Panel((faded(below), cover), name)
        for name, cover in zip(arrays, covers, strict=True)
    ]
    if original is not None:
        panels.insert(0, Panel((gray_colors(below, 0, 1),), original))
    figure = picture_grid(
        panels,
        columns=columns or (2 if len(panels) in (2, 4) else 3),
        caller=CALLER,
        title=title,
        key=list(zip(classes[1:], COLORS.values(), strict=False)),
    )
    return show(figure, alt)


def _covers(maps: Mapping[str, Array], shared: bool) -> list[Array]:
    groups = [list(maps.values())] if shared else [[values] for values in maps.values()]
    scales = [common_scale(group, palette="signed", caller=CALLER) for group in groups]
    return [
        scales[0 if shared else i].colors(values)
        for i, values in enumerate(maps.values())
    ]


def _class_covers(maps: Mapping[str, Array], classes: Sequence[str]) -> list[Array]:
    most = len(COLORS) + 1
    if len(classes) > most:
        raise ValueError(
            f"draw_overlays: {len(classes)} classes, expected at most {most}, the "
            "background and as many as there are colors"
        )
    for name, values in maps.items():
        whole = values.dtype.kind in "iu"
        if not whole or values.min() < 0 or values.max() >= len(classes):
            raise ValueError(
                f"draw_overlays: map {name!r} of type {values.dtype} has values from "
                f"{values.min()} to {values.max()}, expected integers from 0 to "
                f"{len(classes) - 1}. Is argmax(axis=0) missing?"
            )
    return [class_colors(values) for values in maps.values()]
