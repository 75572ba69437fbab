"""How much of the input one output sees: computed from the layers, and measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib.graph import Call, Node, backpropagate, topological_order
from course_lib.layers.layer import Layer
from course_lib.layers.watching import watch
from course_lib.operations.convolution_settings import for_each_axis, padding_widths
from course_lib.types import Array

# A share of the largest gradient: what lies below is not in the effective field. It is
# the weight of a normal distribution outside two standard deviations, as in the paper.
NEGLIGIBLE = 1 - 0.9545

# The operations whose outputs each see a window of their input.
SLIDING = frozenset(
    f"{kind}{axes}d" for kind in ("conv", "max_pool", "avg_pool") for axes in (1, 2, 3)
)


@dataclass(frozen=True)
class ReceptiveField:
    """Which entries of the input an output of a layer depends on, along each axis.

    Output i sees the input's entries from first + i·jump to first + i·jump + size − 1;
    those below 0 and past the end are padding.

    Attributes:
        name, type: of the layer.
        size: how many entries one output sees.
        jump: by how many entries the view moves from one output to the next.
        first: where the view of output 0 begins.
    """

    name: str
    type: str
    size: tuple[int, ...]
    jump: tuple[int, ...]
    first: tuple[int, ...]


@dataclass(frozen=True)
class MeasuredField:
    """What one output's gradient says about what it sees.

    Attributes:
        gradient: mean of |∂y/∂x| over random inputs, and the sum over its channels: an
            array of the input's spatial shape.
        first, size: the box that holds every entry with a gradient.
        effective_size: √n for the n entries whose gradient is above 4.55 % of the
            largest: the side of a square of as many. With d axes, the d-th root.
    """

    gradient: Array
    first: tuple[int, ...]
    size: tuple[int, ...]
    effective_size: float


def receptive_fields(network: Layer, shape: tuple[int, ...]) -> list[ReceptiveField]:
    """The receptive field of each layer, by recursion from the input on:

        size ← size + (k − 1)·d·jump,  first ← first − p·jump,  jump ← jump·s,

    for a kernel k, dilation d, padding p and stride s. Where paths meet, the field
    holds those of all; entry-wise layers keep it.

    Args:
        network: of convolutions, poolings and entry-wise layers. A layer that slides
            has its settings in an attribute `settings`, as the library's have.
        shape: of an input, (N, C, …).

    Returns:
        An entry for each use of a layer that is not made of layers, as long as every
        output of it sees a window of the input: not for those after a flattening, an
        upsampling or a global pooling, which see windows of several kinds or all.

    Source: Araujo, Norris and Sim (2019), Computing receptive fields of convolutional
    neural networks, equations 2 and 3.
    """
    x = Node(np.zeros(shape))
    with network.in_mode(training=False), watch(network) as visits:
        output = network(x)
    layers = {node.call: visit.layer for visit in visits for node in visit.nodes}
    outputs = {node.call: node for visit in visits for node in visit.nodes}
    axes = len(shape) - 2
    start = _Window((1,) * axes, (1,) * axes, (0,) * axes)
    # What an output of each call sees, of those that depend on x; None where it is no
    # window, or not always the same one.
    windows: dict[Call | None, _Window | None] = {x.call: start}
    for call in topological_order(output):
        sources = [s for s in call.inputs if s is x or (s.call and s.call in windows)]
        y = outputs[call]
        seen = [windows[source.call] for source in sources]
        if seen and call.name in SLIDING:
            windows[call] = seen[0] and _slide(seen[0], layers[call], call, y)
        elif seen:
            alike = all(source.shape[2:] == y.shape[2:] for source in sources)
            windows[call] = _union(seen) if alike else None
    fields = []
    for visit in visits:
        if isinstance(visit.output, Node) and not visit.within:
            window = windows.get(visit.output.call)
            if window is not None:
                type_name = type(visit.layer).__name__
                fields.append(ReceptiveField(visit.name, type_name, *window))
    return fields


def measure_receptive_field(
    network: Layer,
    shape: tuple[int, ...],
    *,
    position: Sequence[int] | None = None,
    samples: int,
    rng: np.random.Generator,
) -> MeasuredField:
    """Where the gradient of one output is not zero, and how large it is there.

    The network is in evaluation mode. A ReLU or a maximum lets the gradient pass here
    and not there, which is why inputs are drawn several times.

    Args:
        network: gives an output of shape (N, C, …).
        shape: of an input, (N, C, …); N inputs are drawn at a time.
        position: the output's, along the spatial axes; the middle by default.
        samples: how often inputs are drawn from N(0, 1).
        rng: draws them, and weights for the output's channels.

    Raises:
        ValueError: no input has a gradient there.

    Source: Luo, Li, Urtasun and Zemel (2016), Understanding the effective receptive
    field in deep convolutional neural networks, section 4.
    """
    gradient = np.zeros(shape[2:])
    for _ in range(samples):
        x = Node(rng.normal(size=shape))
        with network.in_mode(training=False):
            y = network(x)
        middle = tuple(n // 2 for n in y.shape[2:])
        dy = np.zeros(y.shape)
        at = (slice(None), slice(None), *(middle if position is None else position))
        dy[at] = rng.normal(size=y.shape[:2])
        dx = backpropagate(y, [x], gradient=dy)[x]
        gradient += np.abs(dx).sum(axis=1).mean(axis=0) / samples
    seen = np.argwhere(gradient)
    if len(seen) == 0:
        raise ValueError(
            "measure_receptive_field: the gradient is 0 everywhere. Are all units on "
            "the way dead?"
        )
    first, last = seen.min(axis=0), seen.max(axis=0)
    count = np.sum(gradient > NEGLIGIBLE * gradient.max())
    return MeasuredField(
        gradient,
        tuple(first.tolist()),
        tuple((last - first + 1).tolist()),
        float(count ** (1 / gradient.ndim)),
    )


class _Window(NamedTuple):
    size: tuple[int, ...]
    jump: tuple[int, ...]
    first: tuple[int, ...]


def _slide(window: _Window, layer: Layer, call: Call, y: Node) -> _Window | None:
    """What an output of a convolution or a pooling sees of the input; None where the
    layer's settings are not those of the call."""
    axes = len(window.size)
    given = vars(layer).get("settings", {})
    kernel, stride, dilation = (
        for_each_axis(call.name, name, given.get(name, 1), axes, least=1)
        for name in ("kernel_size", "stride", "dilation")
    )
    if call.name.startswith("conv"):
        kernel = call.inputs[1].shape[2:]
    padding = given.get("padding", 0)
    widths = padding_widths(call.name, padding, kernel, stride, dilation)
    sizes, jumps, firsts = [], [], []
    for axis in range(axes):
        k, s, d = kernel[axis], stride[axis], dilation[axis]
        before, after = widths[axis]
        jump = window.jump[axis]
        room = call.inputs[0].shape[2 + axis] + before + after - d * (k - 1) - 1
        if y.shape[2 + axis] - 1 not in (room // s, -(-room // s)):
            return None
        sizes.append(window.size[axis] + (k - 1) * d * jump)
        jumps.append(jump * s)
        firsts.append(window.first[axis] - before * jump)
    return _Window(tuple(sizes), tuple(jumps), tuple(firsts))


def _union(windows: list[_Window | None]) -> _Window | None:
    """The smallest window that holds those of all paths, which have to move alike."""
    known = [window for window in windows if window is not None]
    jumps = {window.jump for window in known}
    if len(known) < len(windows) or len(jumps) > 1:
        return None
    first = np.min([window.first for window in known], axis=0)
    end = np.max([np.add(window.first, window.size) for window in known], axis=0)
    return _Window(tuple((end - first).tolist()), jumps.pop(), tuple(first.tolist()))
