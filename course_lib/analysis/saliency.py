"""Which pixels move the score: gradients of a class by the image."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, backpropagate
from course_lib.layers.layer import Layer
from course_lib.types import Array


def input_gradient(network: Layer, x: ArrayLike, classes: ArrayLike) -> Array:
    """∂sᵏ/∂x: how the score of a class changes with each entry of its input.

    The network is in evaluation mode, so that each sample's scores depend on that
    sample alone, and one walk back serves the whole batch.

    Args:
        network: gives scores of shape (N, C), best before the softmax: after it a class
            rises also as others fall.
        x: inputs of shape (N, …).
        classes: the class k of each, N integers.

    Returns:
        Array of the shape of x.

    Raises:
        ValueError: the scores or the classes have another shape.
    """
    node = Node(x)
    with network.in_mode(training=False):
        scores = network(node)
    classes = np.asarray(classes)
    if len(scores.shape) != 2 or classes.shape != scores.shape[:1]:
        raise ValueError(
            f"input_gradient: the scores have shape {scores.shape}, classes "
            f"{classes.shape}; expected (N, C) and (N,). Is one class a list, [3]?"
        )
    chosen = np.zeros_like(scores.value)
    chosen[np.arange(len(classes)), classes] = 1
    return backpropagate(scores, [node], gradient=chosen)[node]


def saliency_map(network: Layer, x: ArrayLike, classes: ArrayLike) -> Array:
    """max over channels of |∂sᵏ/∂x|: one number for each pixel.

    It shows where a score is sensitive, not what the class looks like. Whether it shows
    something of the network at all is tested by other weights: with random ones the map
    should change (Adebayo et al., 2018, Sanity checks for saliency maps).

    Args:
        network, x, classes: as for `input_gradient`; x of shape (N, C, …).

    Returns:
        Array of shape (N, …), without the axis of the channels.

    Source: Simonyan, Vedaldi and Zisserman (2014), section 3.1.
    """
    return np.abs(input_gradient(network, x, classes)).max(axis=1)


def smooth_gradient(
    network: Layer,
    x: ArrayLike,
    classes: ArrayLike,
    *,
    noise: float,
    samples: int,
    rng: np.random.Generator,
) -> Array:
    """The mean of ∂sᵏ/∂x over inputs with noise added: SmoothGrad. A gradient changes
    from pixel to pixel more than what we see does; its mean is calmer.

    Args:
        network, x, classes: as for `input_gradient`.
        noise: standard deviation of the noise, as a share of each input's range, its
            largest entry less its smallest; the paper takes 0.1 to 0.2.
        samples: how many noisy copies; the paper takes 50.
        rng: draws the noise.

    Returns:
        Array of the shape of x.

    Source: Smilkov, Thorat, Kim, Viégas and Wattenberg (2017).
    """
    x = Node(x).value  # bytes become numbers that noise can be added to
    inner = tuple(range(1, x.ndim))
    std = noise * np.ptp(x, axis=inner, keepdims=True)
    total = np.zeros_like(x)
    for _ in range(samples):
        noisy = x + (std * rng.normal(size=x.shape)).astype(x.dtype)
        total += input_gradient(network, noisy, classes)
    return total / samples
