"""A layer's kernels, or a bank of filters, on one scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.palettes import gray_colors
from course_lib.figures.picture_grid import Panel, common_scale, picture_grid
from course_lib.figures.style import Picture, show
from course_lib.types import Array

CALLER = "draw_kernels"
MOST_INPUTS = 12  # side by side; more can't be seen on a phone


def draw_kernels(
    kernels: ArrayLike | Mapping[str, ArrayLike],
    alt: str,
    *,
    palette: str = "signed",
    shared: bool = True,
    columns: int | None = None,
    title: str = "",
) -> Picture:
    """Draw kernels: on a shared scale, equal colors are equal weights.

    Args:
        kernels: a filter of shape (kh, kw); several, (O, kh, kw); names and filters, of
            any sizes; or a convolution's weights, (O, I, kh, kw). With one input
            channel they are drawn in a grid; with three, in color, where mid-gray is
            zero; with more, one row for each output channel.
        alt: what is seen, in words.
        palette: "signed", in which zero is the paper, positive weights are orange and
            negative ones blue; or "gray", black for the least weight and white for the
            largest.
        shared: one scale for all; otherwise each filter has its own, which shows its
            form. Color and rows always share one.
        columns: of the grid; by default 4 for named filters, else 8.
        title: stands above.

    Raises:
        ValueError: the shape is another, or a weight is not finite.
    """
    names: list[str] = []
    if isinstance(kernels, Mapping):
        names = list(kernels)
        images = [_filter(kernels[name], name) for name in names]
    else:
        weights = np.asarray(kernels)
        if weights.ndim == 4 and weights.shape[1] == 3:
            return _draw_colored(weights, alt, columns or 8, title)
        if weights.ndim == 4 and weights.shape[1] > 1:
            return _draw_rows(weights, alt, palette, title)
        images = _filters(weights)
    titles = names or [""] * len(images)
    scales = [
        common_scale(images if shared else [image], palette=palette, caller=CALLER)
        for image in images
    ]
    figure = picture_grid(
        [
            Panel((scale.colors(image),), name, framed=True)
            for image, name, scale in zip(images, titles, scales, strict=True)
        ],
        columns=columns or (4 if names else 8),
        caller=CALLER,
        title=title,
        scale=scales[0] if shared else None,
    )
    return show(figure, alt)


def _draw_colored(weights: Array, alt: str, columns: int, title: str) -> Picture:
    scale = common_scale([weights], palette="signed", caller=CALLER)
    limit = max(-scale.low, scale.high)
    figure = picture_grid(
        [Panel((gray_colors(w.transpose(1, 2, 0), -limit, limit),)) for w in weights],
        columns=columns,
        caller=CALLER,
        title=title,
    )
    return show(figure, alt)


def _draw_rows(weights: Array, alt: str, palette: str, title: str) -> Picture:
    outputs, inputs = weights.shape[:2]
    if inputs > MOST_INPUTS:
        raise ValueError(
            f"draw_kernels: weights of shape {weights.shape} have {inputs} input "
            f"channels, expected at most {MOST_INPUTS}. Choose some: "
            f"w[:, :{MOST_INPUTS}]"
        )
    scale = common_scale([weights], palette=palette, caller=CALLER)
    figure = picture_grid(
        [
            Panel(
                (scale.colors(weights[o, i]),), f"in {i}" if o == 0 else "", framed=True
            )
            for o in range(outputs)
            for i in range(inputs)
        ],
        columns=inputs,
        caller=CALLER,
        title=title,
        row_names=[f"out {o}" for o in range(outputs)],
        scale=scale,
    )
    return show(figure, alt)


def _filters(weights: Array) -> list[Array]:
    if weights.ndim == 4:
        weights = weights[:, 0]
    if weights.ndim == 2:
        weights = weights[None]
    if weights.ndim != 3 or weights.size == 0:
        raise ValueError(
            f"draw_kernels: kernels have shape {weights.shape}, expected (kh, kw), "
            "(O, kh, kw) or a convolution's (O, I, kh, kw). Is it a bias?"
        )
    return list(weights)


def _filter(kernel: ArrayLike, name: str) -> Array:
    image = np.asarray(kernel)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(
            f"draw_kernels: {name!r} has shape {image.shape}, expected (kh, kw)"
        )
    return image
