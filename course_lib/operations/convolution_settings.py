"""What convolutions are told: settings for each axis, and whether shapes fit."""

from typing import Literal

from course_lib.types import Array

# One number for all spatial axes, or one for each.
Sizes = int | tuple[int, ...]
Padding = Sizes | Literal["same", "valid"]

# What the spatial axes are called, where there are one, two and three of them.
AXES = ("L", "H, W", "T, H, W")


def for_each_axis(
    name: str, setting: str, value: Sizes, axes: int, *, least: int
) -> tuple[int, ...]:
    """The setting as a tuple with a number for each spatial axis.

    Raises:
        ValueError: there are more or fewer numbers than axes, or one is below `least`.
    """
    values = value if isinstance(value, tuple) else (value,) * axes
    if len(values) != axes or not all(v == int(v) >= least for v in values):
        raise ValueError(
            f"{name}: {setting} is {value!r}, expected an integer from {least} on, or "
            f"a tuple of {axes}"
        )
    return values


def padding_widths(
    name: str,
    padding: Padding,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> list[tuple[int, int]]:
    """How many entries come (before, after) those of each spatial axis.

    "same" makes the output as large as the input. Where that takes an odd number of
    entries, one more comes after than before, as in torch.

    Raises:
        ValueError: the padding is neither a known word nor made of integers from 0 on,
            or it is "same" with a stride.
    """
    if padding == "valid":
        padding = 0
    if padding == "same":
        if max(stride) > 1:
            raise ValueError(
                f"{name}: padding is 'same', stride {stride}; expected a stride of 1: "
                "with a larger one the output is smaller than the input. Is a padding "
                "of (kernel − 1)/2 meant?"
            )
        totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        return [(total // 2, total - total // 2) for total in totals]
    if isinstance(padding, str):
        raise ValueError(
            f"{name}: padding is {padding!r}, expected 'same', 'valid' or integers"
        )
    widths = for_each_axis(name, "padding", padding, len(kernel), least=0)
    return [(width, width) for width in widths]


def check_shapes(
    name: str,
    x: Array,
    w: Array,
    b: Array | None,
    *,
    axes: int,
    groups: int,
    transposed: bool = False,
) -> None:
    """Whether images, kernels and biases fit together.

    Raises:
        ValueError: they do not.
    """
    layout = f"(N, C, {AXES[axes - 1]})"
    kernels = "(C, O/groups, …kernel)" if transposed else "(O, C/groups, …kernel)"
    if x.ndim != axes + 2 or w.ndim != axes + 2 or 0 in w.shape:
        raise ValueError(
            f"{name}: x has shape {x.shape}, w {w.shape}; expected {layout} and "
            f"{kernels}, of {axes + 2} axes each. Is the batch or the channel axis "
            "missing?"
        )
    if not 1 <= groups <= len(w) or len(w) % groups:
        raise ValueError(
            f"{name}: groups is {groups}, which does not divide the {len(w)} "
            f"{'input' if transposed else 'output'} channels of w, shape {w.shape}"
        )
    expected = len(w) if transposed else w.shape[1] * groups
    if x.shape[1] != expected:
        raise ValueError(
            f"{name}: x has {x.shape[1]} channels, the kernel expects {expected} "
            f"(weight shape {w.shape}, groups {groups}). Is the input {layout}?"
        )
    outputs = w.shape[1] * groups if transposed else len(w)
    if b is not None and b.shape != (outputs,):
        raise ValueError(
            f"{name}: b has shape {b.shape}, expected ({outputs},): one number for "
            "each output channel"
        )
