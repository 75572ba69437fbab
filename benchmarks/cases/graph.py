"""What the graph itself costs, apart from the work of its nodes."""

from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.measuring import Case
from course_lib.graph import Parameter, apply, backpropagate
from course_lib.operations.elementwise import add


def cases(*, scale: float) -> Iterator[Case]:
    yield small_nodes(int(1000 * scale), bound=2.7)


def small_nodes(count: int, *, bound: float) -> Case:
    """A chain of additions of two numbers: what a node costs, apart from its work."""
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

    return Case(
        f"graph of {count} small nodes, recorded and walked", ours, theirs, bound
    )
