"""Layers one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_lib.layers.layer import Layer


class Sequential(Layer):
    """Passes its input through the layers in turn; parameters are named "0.weight",
    "2.bias", as in torch.

    Args:
        layers: the layers, first to last.
    """

    def __init__(self, *layers: Layer) -> None:
        for index, layer in enumerate(layers):
            setattr(self, str(index), layer)

    def __iter__(self) -> Iterator[Layer]:
        return (value for value in vars(self).values() if isinstance(value, Layer))

    def __call__(self, x: Any) -> Any:
        """The last layer's output."""
        for layer in self:
            x = layer(x)
        return x
