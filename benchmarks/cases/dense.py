"""Dense layers and networks of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.graph import apply, backpropagate
from course_lib.layers import Dense, ReLU, Sequential
from course_lib.operations.losses import cross_entropy
from course_lib.operations.matrices import dense
from course_lib.optimizers import Adam

# A network that reads 28×28 images, and its batch.
WIDTHS = (784, 256, 128, 10)
BATCH = 64


def cases(*, scale: float) -> Iterator[Case]:
    widths = tuple(int(np.ceil(width * scale)) for width in WIDTHS)
    yield dense_forward_backward(widths[0], widths[1], bound=1.1)
    yield training_step(widths, bound=1.1)


def dense_forward_backward(inputs: int, outputs: int, *, bound: float) -> Case:
    """One dense layer, as an operation: its value and all three gradients."""
    rng = np.random.default_rng(0)
    x, w, b = (
        draw(rng, BATCH, inputs),
        draw(rng, outputs, inputs),
        draw(rng, outputs),
    )
    dy = draw(rng, BATCH, outputs)
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
    x = draw(rng, BATCH, widths[0])
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


def _with_relus(layers: list, relu: type) -> list:
    """A ReLU after every layer but the last."""
    return [each for layer in layers[:-1] for each in (layer, relu())] + layers[-1:]
