"""One step of an optimizer, beside torch's fastest form written in Python (foreach)."""

from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.graph import Parameter
from course_lib.optimizers import Adam, Momentum, Optimizer

Shapes = list[tuple[int, ...]]


def cases(*, scale: float) -> Iterator[Case]:
    for name, shapes in [
        ("11 million parameters in two matrices", matrices(scale)),
        ("ResNet-18's parameters", resnet_18(scale)),
        ("60 parameters of 1,000 entries", [(int(1000 * scale),)] * 60),
    ]:
        yield adam_step(name, shapes, bound=1.0)
        yield momentum_step(name, shapes, bound=1.3)


def matrices(scale: float) -> Shapes:
    """As in a network of dense layers."""
    return [(int(2600 * scale), 1024), (1024, int(8200 * scale))]


def resnet_18(scale: float) -> Shapes:
    """Its 62 parameters for ten classes, 11.2 million entries in all: of each kernel
    the batch normalization's scale and shift come after it."""
    widths = [int(width * scale) + 1 for width in (63, 127, 255, 511)]
    shapes: Shapes = [(widths[0], 3, 3, 3), (widths[0],), (widths[0],)]
    before = widths[0]
    for width in widths:
        kernels = [(width, before, 3, 3)] + [(width, width, 3, 3)] * 3
        if width != before:
            kernels.append((width, before, 1, 1))
        for kernel in kernels:
            shapes += [kernel, (width,), (width,)]
        before = width
    return [*shapes, (10, before), (10,)]


def adam_step(name: str, shapes: Shapes, *, bound: float) -> Case:
    parameters, gradients, tensors = drawn(shapes)
    theirs = torch.optim.Adam(tensors, foreach=True)
    return step(f"adam step, {name}", Adam(parameters), gradients, theirs, bound)


def momentum_step(name: str, shapes: Shapes, *, bound: float) -> Case:
    parameters, gradients, tensors = drawn(shapes)
    theirs = torch.optim.SGD(tensors, lr=1e-3, momentum=0.9, foreach=True)
    ours = Momentum(parameters)
    return step(f"momentum step, {name}", ours, gradients, theirs, bound)


def drawn(
    shapes: Shapes,
) -> tuple[list[Parameter], list[np.ndarray], list[torch.nn.Parameter]]:
    """Parameters of ours, gradients, and torch's parameters that have them."""
    rng = np.random.default_rng(0)
    arrays = [draw(rng, *shape) for shape in shapes]
    gradients = [draw(rng, *shape) for shape in shapes]
    tensors = [torch.nn.Parameter(torch.tensor(x)) for x in arrays]
    for tensor, g in zip(tensors, gradients, strict=True):
        tensor.grad = torch.tensor(g)
    return [Parameter(x) for x in arrays], gradients, tensors


def step(
    name: str,
    ours: Optimizer,
    gradients: list[np.ndarray],
    theirs: torch.optim.Optimizer,
    bound: float,
) -> Case:
    by_parameter = dict(zip(ours.parameters, gradients, strict=True))
    return Case(name, lambda: ours.step(by_parameter), lambda: theirs.step(), bound)
