"""Max and average pooling, in both memory layouts of either library."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn import functional

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.operations.pooling import avg_pool2d, max_pool2d

LARGE = (64, 64, 32, 32)
LENET_FIRST, LENET_SECOND = (64, 6, 28, 28), (64, 16, 10, 10)


def cases(*, scale: float) -> Iterator[Case]:
    for kind, shape, last, bound in [
        ("max", LARGE, False, 0.9),
        ("max", LARGE, True, 3.2),
        ("max", LENET_FIRST, False, 0.7),
        ("max", LENET_FIRST, True, 0.85),
        ("max", LENET_SECOND, False, 0.9),
        ("max", LENET_SECOND, True, 2.0),
        ("average", LENET_FIRST, False, 0.8),
        ("average", LENET_FIRST, True, 0.8),
        ("average", LENET_SECOND, False, 1.1),
        ("average", LENET_SECOND, True, 1.8),
    ]:
        n = int(np.ceil(shape[0] * scale))
        yield pooling(kind, (n, *shape[1:]), last=last, bound=bound)


def pooling(kind: str, shape: tuple[int, ...], *, last: bool, bound: float) -> Case:
    """Windows of 2×2, forward and backward.

    Args:
        kind: "max" or "average".
        shape: of the images, (N, C, H, W).
        last: our images lie in memory as (C, H, W, N), as a convolution returns them,
            and torch's as (N, H, W, C), which its pooling likes best; else both lie as
            (N, C, H, W).
        bound: of the ratio.
    """
    rng = np.random.default_rng(0)
    n, c, h, w = shape
    x, dy = draw(rng, *shape), draw(rng, n, c, h // 2, w // 2)
    layout = torch.channels_last if last else torch.contiguous_format
    tx, tdy = (torch.tensor(a).contiguous(memory_format=layout) for a in (x, dy))
    tx.requires_grad_()
    if last:
        x, dy = _batch_last(x), _batch_last(dy)
    operation = max_pool2d if kind == "max" else avg_pool2d
    theirs_operation = functional.max_pool2d if kind == "max" else functional.avg_pool2d

    def ours() -> None:
        _, backward = operation(x, kernel_size=2)
        backward(dy)

    def theirs() -> None:
        y = theirs_operation(tx, 2)
        torch.autograd.grad(y, tx, tdy)

    size = "×".join(map(str, shape))
    layouts = "CHWN against NHWC" if last else "NCHW"
    return Case(f"{kind} pool 2×2 of {size}, {layouts}", ours, theirs, bound)


def _batch_last(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)
