"""Slices through a loss: how it changes along one or two directions of the weights.

A random direction is scaled filter by filter to the weights, so that slices of
different networks can be compared: a network whose weights are ten times as large would
otherwise look flatter for that alone.

Source: Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of
neural nets, section 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.data.batches import batches
from course_lib.graph import Parameter
from course_lib.layers.layer import Layer
from course_lib.types import Array

# A direction: for each Parameter of a network an array of its shape.
Direction = dict[Parameter, Array]

# How many samples are passed at a time: this bounds the memory it needs.
BATCH = 256


def filter_normalized_direction(
    network: Layer, *, rng: np.random.Generator
) -> Direction:
    """d ← d/‖d‖ · ‖w‖, filter by filter, of a random direction d.

    A filter is what makes one output: w[o] of a weight of shape (out, …). Parameters of
    one axis or none, which are biases and those of normalization layers, do not move,
    as in the paper's figures.

    Args:
        network: only read.
        rng: draws d, from N(0, 1).
    """
    return {
        p: _normalized(rng.normal(size=p.shape), p.value)
        if p.value.ndim > 1
        else np.zeros_like(p.value)
        for p in network.parameters()
    }


def direction_to(network: Layer, state: dict[str, Array]) -> Direction:
    """From the network's weights to others, such as those before or after training: at
    1 the slice has reached them.

    Args:
        network: only read.
        state: what `network.state_dict()` gave at another time.
    """
    return {p: state[name] - p.value for name, p in network.named_parameters()}


def loss_slice(
    network: Layer,
    loss: Callable[..., Any],
    x: ArrayLike,
    labels: ArrayLike,
    *,
    directions: Sequence[Direction],
    steps: ArrayLike,
) -> Array:
    """L(θ + α·d), or L(θ + α·d + β·e) for two directions: the mean loss over samples.

    The network is in evaluation mode, as in the paper: batch norm keeps the averages of
    its training. Weights are put back to the same bits, and buffers do not change.

    Args:
        network: whose weights θ are in the middle.
        loss: an operation of the output and the labels, such as `cross_entropy`.
        x, labels: samples, along the first axis.
        directions: one or more.
        steps: the values that α, and β, take.

    Returns:
        Array with one axis for each direction, each as long as `steps`; the first index
        is α's.
    """
    x, labels, steps = np.asarray(x), np.asarray(labels), np.asarray(steps)
    before = {p: p.value.copy() for p in network.parameters()}
    losses = np.empty([len(steps)] * len(directions))
    try:
        for index in product(range(len(steps)), repeat=len(directions)):
            for p, start in before.items():
                p.value[...] = start
                for i, direction in zip(index, directions, strict=True):
                    p.value[...] += steps[i] * direction[p]
            losses[index] = _mean_loss(network, loss, x, labels)
    finally:
        for p, start in before.items():
            p.value[...] = start
    return losses


def _normalized(d: Array, w: Array) -> Array:
    axes = tuple(range(1, w.ndim))
    norms = [np.sqrt(np.sum(a * a, axis=axes, keepdims=True)) for a in (w, d)]
    return (d * (norms[0] / norms[1])).astype(w.dtype)


def _mean_loss(
    network: Layer, loss: Callable[..., Any], x: Array, labels: Array
) -> float:
    total = 0.0
    for part, wanted in batches(x, labels, batch_size=BATCH, rng=None):
        value, _ = loss(network.predict(part), labels=wanted)
        total += float(value) * len(part)
    return total / len(x)
