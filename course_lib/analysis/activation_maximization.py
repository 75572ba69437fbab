"""What a unit responds to most: gradient ascent on the image."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course_lib.graph import Node, backpropagate
from course_lib.layers.layer import Layer
from course_lib.types import Array


class Maximized(NamedTuple):
    """An image that a unit responds to.

    Attributes:
        image: of shape (channels, H, W).
        activations: of the unit before each step, and after the last.
    """

    image: Array
    activations: list[float]


def maximize_activation(
    network: Layer,
    unit: Any,
    *,
    image: Array,
    steps: int,
    lr: float,
    l2: float = 0.0,
    jitter: int = 0,
    rng: np.random.Generator,
) -> Maximized:
    """x ← x + η·(g/‖g‖·√n − λx), with g = ∂a/∂x of a unit a: an image that excites it.

    Without a regularizer the result is noise that excites the unit all the same. λ
    keeps entries small that it does not need. Jitter moves the image by a few pixels at
    each step, round the edges, so that no pixel can be tuned alone.

    Args:
        network: up to the unit's layer; in evaluation mode meanwhile.
        unit: the index of the unit in the output for one image: a class such as 3, a
            channel such as 5, or (5, 10, 12). Several entries are averaged.
        image: where to start, of shape (channels, H, W), such as weak noise or grey.
        steps: how many, at least 0.
        lr: η, the root mean square by which a step changes the pixels.
        l2: λ, at least 0.
        jitter: by how many pixels the image is moved at most, each way.
        rng: draws the jitter.

    Returns:
        The image, as a new array, and what the unit gave on the way.

    Source: Erhan, Bengio, Courville and Vincent (2009); the L2 penalty of Simonyan et
    al. (2014), the jitter of Mordvintsev et al. (2015). The gradient is normalized, so
    that η does not depend on the unit's scale.
    """
    x = np.array(image)
    activations = []
    for _ in range(steps):
        shift = tuple(rng.integers(-jitter, jitter + 1, size=2))
        activation, g = _ascent(network, unit, np.roll(x, shift, axis=(1, 2)))
        g = np.roll(g, (-shift[0], -shift[1]), axis=(1, 2))
        activations.append(activation)
        length = float(np.sqrt(np.mean(g * g)))
        if length > 0:  # else the unit is dead here, and no direction is better
            g = g / length
        x = x + lr * (g - l2 * x)
    activations.append(_ascent(network, unit, x)[0])
    return Maximized(x, activations)


def _ascent(network: Layer, unit: Any, x: Array) -> tuple[float, Array]:
    """The unit's activation, and its gradient by the image."""
    node = Node(x[None])
    with network.in_mode(training=False):
        activation = network(node)[0][unit].mean()
    return float(activation.value), backpropagate(activation, [node])[node][0]
