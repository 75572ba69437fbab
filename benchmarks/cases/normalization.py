"""Batch norm of images in training mode, beside the better of torch's two layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case, measure
from course_lib.operations.fast_batch_norm import fast_batch_norm

# How an image (N, C, H, W) lies in memory, and the axes that bring it there and back.
LAYOUTS = {"NCHW": (0, 1, 2, 3), "CHWN": (1, 2, 3, 0)}


def cases(*, scale: float) -> Iterator[Case]:
    for n, c, h, w in [(64, 64, 32, 32), (32, 64, 56, 56)]:
        shape = (int(np.ceil(n * scale)), c, h, w)
        yield batch_norm_forward_backward(shape, "NCHW", bound=2.5)
        yield batch_norm_forward_backward(shape, "CHWN", bound=1.0)


def batch_norm_forward_backward(
    shape: tuple[int, ...], layout: str, *, bound: float
) -> Case:
    """The value, the batch's statistics and all three gradients."""
    rng = np.random.default_rng(0)
    x, dy = draw(rng, *shape), draw(rng, *shape)
    gamma, beta = draw(rng, shape[1]), draw(rng, shape[1])
    no_gradient = np.zeros_like(gamma)
    ours_x, ours_dy = in_layout(x, layout), in_layout(dy, layout)

    def ours() -> None:
        _, backward = fast_batch_norm(ours_x, gamma, beta)
        backward(ours_dy, no_gradient, no_gradient)

    formats = [torch.contiguous_format, torch.channels_last]
    theirs = [in_torch(x, gamma, beta, dy, each) for each in formats]
    found = measure(Case("", *theirs, bound), seconds=0.0, rounds=5)
    faster = theirs[found.ratio > 1]
    name = f"batch norm {'×'.join(map(str, shape))} in {layout}, forward and backward"
    return Case(name, ours, faster, bound)


def in_layout(x: np.ndarray, layout: str) -> np.ndarray:
    """The same array, as (N, C, H, W) by shape, with its memory in another order."""
    axes = LAYOUTS[layout]
    return np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))


def in_torch(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    dy: np.ndarray,
    memory_format: torch.memory_format,
) -> Callable[[], None]:
    tx, tdy = (torch.tensor(a).contiguous(memory_format=memory_format) for a in (x, dy))
    inputs = tx, torch.tensor(gamma), torch.tensor(beta)
    for tensor in inputs:
        tensor.requires_grad_()

    def run() -> None:
        y = torch.nn.functional.batch_norm(
            inputs[0], None, None, *inputs[1:], training=True
        )
        torch.autograd.grad(y, inputs, tdy)

    return run
