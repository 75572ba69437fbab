"""Recurrent layers over whole sequences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.graph import Node, backpropagate
from course_lib.layers import GRU, LSTM, RNN

# A batch, the size of an input and of a state.
BATCH, INPUTS, UNITS = 64, 128, 256


def cases(*, scale: float) -> Iterator[Case]:
    yield forward_backward(LSTM, torch.nn.LSTM, scale, steps=50, bound=1.45)
    yield forward_backward(LSTM, torch.nn.LSTM, scale, steps=28, bound=1.6)
    yield forward_backward(GRU, torch.nn.GRU, scale, steps=50, bound=1.2)
    yield forward_backward(RNN, torch.nn.RNN, scale, steps=50, bound=1.05)


def forward_backward(
    cls: type, torch_cls: type, scale: float, *, steps: int, bound: float
) -> Case:
    """A layer's output at all times; the gradients of its input and its parameters."""
    inputs, units = int(np.ceil(INPUTS * scale)), int(np.ceil(UNITS * scale))
    rng = np.random.default_rng(0)
    layer = cls(inputs, units, rng=rng).astype(np.float32)
    module = torch_cls(inputs, units)
    x, dy = draw(rng, steps, BATCH, inputs), draw(rng, steps, BATCH, units)
    tx, tdy = torch.tensor(x, requires_grad=True), torch.tensor(dy)
    parameters = list(module.parameters())

    def ours() -> None:
        node = Node(x)
        output, _ = layer(node)
        backpropagate(output, [node], gradient=dy)

    def theirs() -> None:
        output, _ = module(tx)
        torch.autograd.grad(output, [tx, *parameters], tdy)

    name = (
        f"{cls.__name__} {inputs} to {units}, {steps} steps, batch {BATCH}, forward "
        "and backward"
    )
    return Case(name, ours, theirs, bound)
