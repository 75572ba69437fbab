"""How well a network does, over all samples of a set."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_lib.data.batches import batches
from course_lib.layers.layer import Layer
from course_lib.types import Array, Operation

# An operation of a network's output, with the labels as its setting `labels`: a mean
# over the batch, such as `cross_entropy` and `mse`.
Loss = Callable[..., Operation]

# How many samples `evaluate` passes at a time: this bounds the memory it needs.
EVALUATION_BATCH = 256


class Scores(NamedTuple):
    """The mean loss of some samples, and the share of them classified correctly: NaN
    where the labels are not classes."""

    loss: float
    accuracy: float


def evaluate(network: Layer, loss: Loss, x: Array, labels: Array) -> Scores:
    """Scores of a network in evaluation mode, over all samples.

    Args:
        network, loss, x, labels: as for `fit`.

    Raises:
        ValueError: lengths differ, or a class does not exist.
    """
    x, labels = checked_samples("evaluate", network, x, labels)
    results = []
    for part, wanted in batches(x, labels, batch_size=EVALUATION_BATCH, rng=None):
        output = network.predict(part)
        value, _ = loss(output, labels=wanted)
        results.append((Scores(float(value), accuracy(output, wanted)), len(part)))
    return mean_scores(results)


def accuracy(output: Array, labels: Array) -> float:
    """The share of samples, or of their positions, whose largest output is that of
    their class; NaN where the labels are not classes.

    Args:
        output: array of shape (N, C), or (N, C, …) with a class for every position.
        labels: class numbers, integers of shape (N, …).
    """
    if not _are_classes(output, labels):
        return float("nan")
    return float(np.mean(output.argmax(axis=1) == labels))


def mean_scores(results: list[tuple[Scores, int]]) -> Scores:
    """The mean over samples, which is not the mean over batches of unequal size.

    Args:
        results: the scores of each batch, and its size.
    """
    scores, sizes = zip(*results, strict=True)
    loss, share = np.average(scores, axis=0, weights=sizes)
    return Scores(float(loss), float(share))


def checked_samples(
    function: str, network: Layer, x: Array, labels: Array
) -> tuple[Array, Array]:
    """Samples and labels as arrays, if they belong together and to the network.

    Args:
        function: who asks, for the message.

    Raises:
        ValueError: lengths differ, or a class does not exist.
    """
    x, labels = np.asarray(x), np.asarray(labels)
    if x.ndim == 0 or labels.ndim == 0 or len(x) != len(labels) or len(x) == 0:
        raise ValueError(
            f"{function}: samples have shape {x.shape}, labels {labels.shape}; expected"
            " as many of both, at least 1. Is the first axis of both the batch?"
        )
    with np.errstate(all="ignore"):  # what overflows is not the question here
        output = network.predict(x[:1])
    if _are_classes(output, labels[:1]):
        classes = output.shape[1]
        if labels.min() < 0 or labels.max() >= classes:
            raise ValueError(
                f"{function}: labels run from {labels.min()} to {labels.max()}, the "
                f"network has {classes} outputs, for 0 to {classes - 1}. Do the labels "
                "start at 1, or is the last layer too narrow?"
            )
    return x, labels


def _are_classes(output: Array, labels: Array) -> bool:
    one_for_each = labels.shape == output.shape[:1] + output.shape[2:]
    return output.ndim >= 2 and one_for_each and labels.dtype.kind in "iu"
