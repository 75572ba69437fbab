"""Which part of an image a score needs: cover it, and see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.layers.layer import Layer
from course_lib.types import Array

# How many covered images are passed at a time: this bounds the memory it needs.
BATCH = 64


def occlusion_map(
    network: Layer,
    image: ArrayLike,
    *,
    label: int,
    size: int,
    stride: int = 1,
    fill: float = 0.0,
) -> Array:
    """s(image) − s(image with a patch covered), for a patch at each place: where it is
    high, the score needs what lies there.

    Args:
        network: gives scores of shape (N, C) for images of shape (N, channels, H, W).
        image: one image, of shape (channels, H, W).
        label: the class whose score s is followed.
        size: of the square patch, in pixels; at most H and W.
        stride: by how many pixels the patch moves.
        fill: what covers it, such as the mean of the training images.

    Returns:
        Array of shape (rows, columns): the entry (i, j) belongs to the patch whose
        upper left pixel is (i·stride, j·stride). The patch lies within the image: there
        are (H − size)//stride + 1 rows.

    Raises:
        ValueError: the image is not one image, or the patch does not fit.

    Source: Zeiler and Fergus (2014), section 4.2.
    """
    image = np.asarray(image)
    if image.ndim != 3 or not 1 <= size <= min(image.shape[1:]) or stride < 1:
        raise ValueError(
            f"occlusion_map: the image has shape {image.shape}, size is {size}, stride "
            f"{stride}; expected (channels, H, W), a size from 1 to the smaller side "
            "and a stride of at least 1. Is it a batch? Then pass x[0]."
        )
    rows, columns = (range(0, n - size + 1, stride) for n in image.shape[1:])
    places = [(top, left) for top in rows for left in columns]
    scores = []
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        covered = np.repeat(image[None], len(part), axis=0)
        for each, (top, left) in zip(covered, part, strict=True):
            each[:, top : top + size, left : left + size] = fill
        scores.append(network.predict(covered)[:, label])
    whole = network.predict(image[None])[0, label]
    return whole - np.concatenate(scores).reshape(len(rows), len(columns))
