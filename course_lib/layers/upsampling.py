"""Upsampling as a layer: it has no parameters, and keeps the number of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.layer import Layer
from course_lib.operations import upsampling


class Upsample(Layer):
    """Images drawn larger, (N, C, H, W) to (N, C, H′, W′).

    Args:
        size: height and width of the output, one number if they are equal.
        scale_factor: or how many times as large it is, one number or a pair.
        mode: "nearest", copies of pixels, or "bilinear", lines between them.
        align_corners: for "bilinear": let the centres of the corner pixels coincide,
            not the outer edges.

    Raises:
        ValueError: there is no such mode, or "nearest" is asked to align corners.
    """

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: upsampling.Factors | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:
        if mode not in ("nearest", "bilinear"):
            raise ValueError(
                f"Upsample: mode is {mode!r}, expected 'nearest' or 'bilinear'"
            )
        if mode == "nearest" and align_corners is not None:
            raise ValueError(
                f"Upsample: align_corners is {align_corners}, which means something "
                "for mode='bilinear' only"
            )
        self.mode = mode
        self.settings: dict[str, Any] = {"size": size, "scale_factor": scale_factor}
        if align_corners is not None:
            self.settings["align_corners"] = align_corners

    def __call__(self, x: Node | ArrayLike) -> Node:
        """The images, drawn larger."""
        bilinear = self.mode == "bilinear"
        operation = (
            upsampling.upsample_bilinear if bilinear else upsampling.upsample_nearest
        )
        return apply(operation, x, **self.settings)

    def __repr__(self) -> str:
        given = {k: v for k, v in self.settings.items() if v is not None}
        listed = ", ".join(f"{name}={value}" for name, value in given.items())
        return f"Upsample({listed}, mode={self.mode})"
