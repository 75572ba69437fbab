"""One step of an optimizer on large parameters."""

from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.graph import Parameter
from course_lib.optimizers import Adam, Momentum, Optimizer


def cases(*, scale: float) -> Iterator[Case]:
    rows = int(2000 * scale)
    yield optimizer_step("adam", rows, bound=1.5)
    yield optimizer_step("momentum", rows, bound=1.5)


def optimizer_step(rule: str, rows: int, *, bound: float) -> Case:
    """One step on two large matrices, beside torch's fastest form written in Python
    (foreach)."""
    rng = np.random.default_rng(0)
    arrays = [draw(rng, rows, 1024), draw(rng, 1024, rows)]
    gradients = [draw(rng, *x.shape) for x in arrays]
    parameters = [Parameter(x) for x in arrays]
    tensors = [torch.nn.Parameter(torch.tensor(x)) for x in arrays]
    for tensor, g in zip(tensors, gradients, strict=True):
        tensor.grad = torch.tensor(g)
    ours: Optimizer
    theirs: torch.optim.Optimizer
    if rule == "adam":
        ours = Adam(parameters)
        theirs = torch.optim.Adam(tensors, foreach=True)
    else:
        ours = Momentum(parameters)
        theirs = torch.optim.SGD(tensors, lr=1e-3, momentum=0.9, foreach=True)
    by_parameter = dict(zip(parameters, gradients, strict=True))
    size = sum(x.size for x in arrays) / 1e6
    name = f"{rule} step, {size:.2g} million parameters"
    return Case(name, lambda: ours.step(by_parameter), lambda: theirs.step(), bound)
