"""The layer that does nothing."""

from __future__ import annotations

from typing import Any

from course_lib.layers.layer import Layer


class Identity(Layer):
    """y = x: stands where another network has a layer, as a shortcut's projection."""

    def __call__(self, x: Any) -> Any:
        """The input itself."""
        return x
