"""Mini-batches: all samples once, a few at a time."""

from collections.abc import Iterator

import numpy as np

from course_lib.types import Array


def batches(
    x: Array, labels: Array, *, batch_size: int, rng: np.random.Generator | None
) -> Iterator[tuple[Array, Array]]:
    """Deal out all samples once: an epoch.

    Args:
        x: samples along the first axis, of any shape.
        labels: what belongs to each sample, along the first axis too.
        batch_size: how many samples a batch has, at least 1. The last has what is left.
        rng: shuffles the samples, each staying with its label; None keeps their order.

    Returns:
        Pairs (x, labels) of arrays.

    Raises:
        ValueError: the lengths differ, there is no sample, or a batch would be empty.
    """
    if len(x) != len(labels) or len(x) == 0:
        raise ValueError(
            f"batches: {len(x)} samples and {len(labels)} labels; expected as many of "
            "both, at least 1. Is the first axis of both the batch?"
        )
    if batch_size < 1:
        raise ValueError(f"batches: batch_size is {batch_size}, expected at least 1.")
    order = np.arange(len(x)) if rng is None else rng.permutation(len(x))
    return (
        (x[chosen], labels[chosen])
        for chosen in (
            order[start : start + batch_size] for start in range(0, len(x), batch_size)
        )
    )
