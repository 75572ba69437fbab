"""What each layer gives, and what gradient it gets: mean, spread, zeros, saturation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply, backpropagate
from course_lib.layers.layer import Layer
from course_lib.layers.pass_state import PassState
from course_lib.layers.watching import watch
from course_lib.types import Array

# The limits of activations that have two. Within NEAR of their distance to a limit an
# output counts as saturated: for tanh beyond ±0.9, where its slope is below 0.19 of 1.
LIMITS = (
    ("sigmoid", 0.0, 1.0),
    ("tanh", -1.0, 1.0),
    ("softsign", -1.0, 1.0),
)
NEAR = 0.05


@dataclass(frozen=True)
class Distribution:
    """An array in a few numbers.

    Attributes:
        mean, std: of all entries.
        norm: √Σx², their Euclidean norm.
        zeros: the share of entries that are exactly 0.
    """

    mean: float
    std: float
    norm: float
    zeros: float


@dataclass(frozen=True)
class LayerStatistics:
    """What one use of a layer gave and got.

    Attributes:
        name, type: of the layer in the network.
        shape: of its output.
        activation: its output's distribution.
        saturated: the share of outputs near a limit of the activation; None where the
            last operation has none.
        dead: the share of features (columns, or channels) whose outputs are 0 for all
            samples and positions, as those of a dead ReLU.
        gradient: the distribution of the loss's gradient by the output; None where no
            loss was asked for.
        values: the output itself, for a histogram.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    activation: Distribution
    saturated: float | None
    dead: float
    gradient: Distribution | None
    values: Array


def layer_statistics(
    network: Layer,
    x: ArrayLike,
    *,
    loss: Callable[..., Any] | None = None,
    labels: ArrayLike | None = None,
    inner: bool = False,
) -> list[LayerStatistics]:
    """Statistics of each layer's output, as a batch passes through.

    The network is looked at in the mode it is in; buffers and generators are put back.

    Args:
        network: its layers are those that are named.
        x: a batch of inputs.
        loss: an operation of the output and the labels, for statistics of gradients.
        labels: what belongs to each sample.
        inner: also list layers that are made of layers.

    Returns:
        One entry for each use of a layer whose output is one Node, in the order in
        which they give it.
    """
    before = PassState(network)
    with watch(network) as visits:
        output = network(Node(x))
    before.restore()
    gradients: Any = {}
    if loss is not None:
        l = apply(loss, output, labels=labels)
        gradients = backpropagate(l, keep=True)
    found = []
    for visit in visits:
        if isinstance(visit.output, Node) and (inner or not visit.within):
            y = visit.output
            dy = gradients.get(y)
            found.append(
                LayerStatistics(
                    visit.name,
                    type(visit.layer).__name__,
                    y.shape,
                    distribution(y.value),
                    _saturated(y),
                    _dead(y.value),
                    None if dy is None else distribution(dy),
                    y.value,
                )
            )
    return found


def distribution(values: Array) -> Distribution:
    """The mean, spread, norm and share of zeros of an array."""
    return Distribution(
        float(values.mean()),
        float(values.std()),
        float(np.linalg.norm(values)),
        float(np.mean(values == 0)),
    )


def _saturated(y: Node) -> float | None:
    for name, low, high in LIMITS:
        if y.call is not None and y.call.name == name:
            margin = NEAR * (high - low)
            near = (y.value < low + margin) | (y.value > high - margin)
            return float(near.mean())
    return None


def _dead(y: Array) -> float:
    others = tuple(axis for axis in range(y.ndim) if axis != 1)
    return float(np.mean(np.all(y == 0, axis=others)))
