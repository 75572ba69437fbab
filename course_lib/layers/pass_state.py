"""What a pass through a network changes, so that it can be taken back."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.layers.layer import Layer


class PassState:
    """What a pass in training mode changes: layers' buffers, and the states of their
    generators.

    Args:
        network: its present state is kept at once.
    """

    def __init__(self, network: Layer) -> None:
        self._changing = [
            (layer, name)
            for layer in network.layers()
            for name, value in vars(layer).items()
            if isinstance(value, (np.ndarray, np.random.Generator))
        ]
        self.keep()

    def keep(self) -> None:
        """Remember the present state."""
        self._kept = [_copy(getattr(layer, name)) for layer, name in self._changing]

    def restore(self) -> None:
        """Go back to the state that was remembered last."""
        for (layer, name), kept in zip(self._changing, self._kept, strict=True):
            value = getattr(layer, name)
            if isinstance(value, np.random.Generator):
                value.bit_generator.state = kept
            else:
                value[...] = kept


def _copy(value: Any) -> Any:
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state
    return value.copy()
