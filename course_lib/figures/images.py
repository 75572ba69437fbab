"""Pictures in a grid, with their titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.picture_grid import Panel, Scale, common_scale, picture_grid
from course_lib.figures.style import Picture, show
from course_lib.types import Array

# What rounding may add to a picture of values from 0 to 1.
ROUNDING = 1e-6


def draw_images(
    images: ArrayLike | Sequence[ArrayLike],
    alt: str,
    *,
    titles: Sequence[object] = (),
    marked: Sequence[bool] | Array = (),
    limits: tuple[float, float] | None = (0.0, 1.0),
    columns: int = 4,
    title: str = "",
) -> Picture:
    """Draw one picture or several in a grid.

    Args:
        images: a picture of shape (H, W) or (H, W, 3); a batch, (N, H, W), (N, 1, H, W)
            or (N, 3, H, W); or a list of pictures of any sizes, also (1, H, W) and
            (3, H, W). Integers of uint8 run from 0 to 255.
        alt: what is seen, in words.
        titles: stand above the pictures, such as their classes.
        marked: for each picture whether its frame and title are red, as where a
            prediction is wrong.
        limits: which numbers are black and white. None takes the least and the largest
            of all pictures.
        columns: of the grid.
        title: stands above all.

    Raises:
        ValueError: a shape is another, a value is not finite or not between the limits,
            or the titles or marks are too many or too few.
    """
    pictures = pictures_of(images, caller="draw_images")
    for name, given in [("titles", titles), ("marked", marked)]:
        if len(given) not in (0, len(pictures)):
            raise ValueError(
                f"draw_images: {len(given)} {name} for {len(pictures)} pictures, "
                "expected one for each"
            )
    scale = common_scale(pictures, palette="gray", caller="draw_images")
    if limits is not None:
        check_limits(scale, limits, caller="draw_images")
        scale = Scale(*limits, signed=False)
    figure = picture_grid(
        [
            Panel(
                (scale.colors(picture),),
                str(titles[i]) if len(titles) else "",
                marked=bool(len(marked) and marked[i]),
            )
            for i, picture in enumerate(pictures)
        ],
        columns=columns,
        caller="draw_images",
        title=title,
    )
    return show(figure, alt)


def check_limits(scale: Scale, limits: tuple[float, float], *, caller: str) -> None:
    """Refuse pictures with values beyond what is drawn black and white."""
    low, high = limits
    room = ROUNDING * (high - low)
    if scale.low < low - room or scale.high > high + room:
        raise ValueError(
            f"{caller}: values run from {scale.low:.3g} to {scale.high:.3g}, expected "
            f"{low:g} to {high:g}. Was the picture standardized, or filtered? Undo "
            "it, clip it, or (draw_images) say limits=None"
        )


def pictures_of(images: Any, *, caller: str) -> list[Array]:
    """One picture, a batch or a list, as arrays of shape (H, W) or (H, W, 3)."""
    if isinstance(images, np.ndarray) and (
        images.ndim == 2 or (images.ndim == 3 and images.shape[2] == 3)
    ):
        images = [images]
    pictures = []
    for given in images:
        picture = np.asarray(given)
        shape = picture.shape
        if picture.dtype == np.uint8:
            picture = picture / 255
        if picture.ndim == 3 and len(picture) in (1, 3) and shape[2] != 3:
            picture = picture.transpose(1, 2, 0)
        if picture.ndim == 3 and picture.shape[2] == 1:
            picture = picture[:, :, 0]
        color = picture.ndim == 3 and picture.shape[2] == 3
        if picture.size == 0 or not (picture.ndim == 2 or color):
            raise ValueError(
                f"{caller}: a picture has shape {shape}, expected (H, W), (H, W, 3), "
                "(1, H, W) or (3, H, W)"
            )
        pictures.append(picture)
    if not pictures:
        raise ValueError(f"{caller}: there is no picture")
    return pictures
