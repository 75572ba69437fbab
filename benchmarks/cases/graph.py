"""What the graph itself costs, apart from the work of its nodes."""

from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.graph import Parameter, apply, backpropagate
from course_lib.operations.activations import tanh
from course_lib.operations.elementwise import add, multiply


def cases(*, scale: float) -> Iterator[Case]:
    yield additions(int(1000 * scale), bound=1.0)
    yield neurons(int(300 * scale), bound=1.0)


def additions(count: int, *, bound: float) -> Case:
    """A chain of additions of two numbers: nodes that have hardly any work to do."""
    x, tx = Parameter(np.float32(1)), torch.tensor(1.0, requires_grad=True)

    def ours() -> None:
        y = x
        for _ in range(count):
            y = apply(add, y, x)
        backpropagate(y)

    def theirs() -> None:
        y = tx
        for _ in range(count):
            y = torch.add(y, tx)
        torch.autograd.grad(y, tx)

    return Case(f"graph of {count} additions, recorded and walked", ours, theirs, bound)


def neurons(count: int, *, bound: float) -> Case:
    """y ← tanh(w·y + b) for eight numbers, again and again: three nodes each time."""
    rng = np.random.default_rng(0)
    w, b, x = (Parameter(draw(rng, 8)) for _ in range(3))
    tensors = [torch.tensor(p.value, requires_grad=True) for p in (w, b, x)]
    tw, tb, tx = tensors
    dy = np.ones(8, np.float32)
    tdy = torch.tensor(dy)

    def ours() -> None:
        y = x
        for _ in range(count):
            y = apply(tanh, apply(add, apply(multiply, w, y), b))
        backpropagate(y, gradient=dy)

    def theirs() -> None:
        y = tx
        for _ in range(count):
            y = torch.tanh(torch.add(torch.mul(tw, y), tb))
        torch.autograd.grad(y, tensors, tdy)

    return Case(
        f"graph of {count} neurons of three nodes, recorded and walked",
        ours,
        theirs,
        bound,
    )
