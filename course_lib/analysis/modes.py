"""A network in evaluation mode for a while, as most analyses look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from course_lib.layers.layer import Layer


@contextmanager
def evaluation_mode(network: Layer) -> Iterator[None]:
    """Within this block the network is in evaluation mode; each layer's own mode is put
    back afterwards. Unlike `predict`, it leaves the graph to be recorded."""
    modes = [(layer, layer.training) for layer in network.layers()]
    network.eval()
    try:
        yield
    finally:
        for layer, training in modes:
            layer.training = training
