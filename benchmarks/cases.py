"""What is measured: float32, one thread each, both with the same shapes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch

from benchmarks.measuring import Case
from course_lib.graph import Parameter, apply, backpropagate
from course_lib.layers import Dense, ReLU, Sequential
from course_lib.operations.elementwise import add
from course_lib.operations.losses import cross_entropy
from course_lib.operations.matrices import dense
from course_lib.optimizers import Adam, Momentum, Optimizer

# A network that reads 28×28 images, and its batch.
WIDTHS = (784, 256, 128, 10)
BATCH = 64


def all_cases(*, scale: float = 1.0) -> Iterator[Case]:
    """Every case, each made as it is asked for, so that only one is in memory.

    Args:
        scale: of the sizes; small to see only whether everything runs.
    """
    torch.set_num_threads(1)
    rows, nodes = int(2000 * scale), int(1000 * scale)
    widths = tuple(int(np.ceil(width * scale)) for width in WIDTHS)
    yield optimizer_step("adam", rows, bound=1.5)
    yield optimizer_step("momentum", rows, bound=1.5)
    yield dense_forward_backward(widths[0], widths[1], bound=1.1)
    yield training_step(widths, bound=1.3)
    yield small_nodes(nodes, bound=2.7)


def optimizer_step(rule: str, rows: int, *, bound: float) -> Case:
    """One step on two large matrices, beside torch's fastest form written in Python
    (foreach)."""
    rng = np.random.default_rng(0)
    arrays = [_draw(rng, rows, 1024), _draw(rng, 1024, rows)]
    gradients = [_draw(rng, *x.shape) for x in arrays]
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


def dense_forward_backward(inputs: int, outputs: int, *, bound: float) -> Case:
    """One dense layer, as an operation: its value and all three gradients."""
    rng = np.random.default_rng(0)
    x, w, b = (
        _draw(rng, BATCH, inputs),
        _draw(rng, outputs, inputs),
        _draw(rng, outputs),
    )
    dy = _draw(rng, BATCH, outputs)
    tx, tw, tb = (torch.tensor(array, requires_grad=True) for array in (x, w, b))
    tdy = torch.tensor(dy)

    def ours() -> None:
        _, backward = dense(x, w, b)
        backward(dy)

    def theirs() -> None:
        y = torch.nn.functional.linear(tx, tw, tb)
        torch.autograd.grad(y, (tx, tw, tb), tdy)

    name = f"dense {inputs} to {outputs}, batch {BATCH}, forward and backward"
    return Case(name, ours, theirs, bound)


def training_step(widths: tuple[int, ...], *, bound: float) -> Case:
    """A network of dense layers and ReLUs: forward, backward, and a step of Adam."""
    rng = np.random.default_rng(0)
    x = _draw(rng, BATCH, widths[0])
    labels = rng.integers(widths[-1], size=BATCH)
    pairs = list(pairwise(widths))
    network = Sequential(*_with_relus([Dense(*pair, rng=rng) for pair in pairs], ReLU))
    for parameter in network.parameters():
        parameter.value = parameter.value.astype(np.float32)
    optimizer = Adam(network.parameters())
    tx, tlabels = torch.tensor(x), torch.tensor(labels)
    tnetwork = torch.nn.Sequential(
        *_with_relus([torch.nn.Linear(*pair) for pair in pairs], torch.nn.ReLU)
    )
    toptimizer = torch.optim.Adam(tnetwork.parameters(), foreach=True)

    def ours() -> None:
        loss = apply(cross_entropy, network(x), labels=labels)
        optimizer.step(backpropagate(loss))

    def theirs() -> None:
        toptimizer.zero_grad()
        torch.nn.functional.cross_entropy(tnetwork(tx), tlabels).backward()
        toptimizer.step()

    name = f"training step, {'-'.join(map(str, widths))}, batch {BATCH}"
    return Case(name, ours, theirs, bound)


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


def _draw(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.normal(size=shape).astype(np.float32)


def _with_relus(layers: list, relu: type) -> list:
    """A ReLU after every layer but the last."""
    return [each for layer in layers[:-1] for each in (layer, relu())] + layers[-1:]
