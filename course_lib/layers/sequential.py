"""Layers one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_lib.layers.layer import Layer


class Sequential(Layer):
    """Passes its input through the layers in turn; parameters are named "0.weight",
    "2.bias", as in torch.

    Args:
        layers: the layers, first to last. One that comes twice shares its parameters.

    Raises:
        TypeError: one of them is not a Layer.
    """

    def __init__(self, *layers: Layer) -> None:
        for index, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"Sequential: item {index} is {layer!r}, expected a Layer. Is a "
                    "star missing, Sequential(*layers), or the call, ReLU()?"
                )
            setattr(self, str(index), layer)

    def __iter__(self) -> Iterator[Layer]:
        return (layer for _, layer in self.named_children())

    def __len__(self) -> int:
        return len(list(self.named_children()))

    def __getitem__(self, index: int) -> Layer:
        return list(self)[index]

    def __call__(self, x: Any) -> Any:
        """The last layer's output."""
        for index, layer in enumerate(self):
            try:
                x = layer(x)
            except Exception as error:
                error.add_note(f"in layer {index} of Sequential: {layer!r}")
                raise
        return x
