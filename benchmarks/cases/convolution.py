"""Convolutions, and LeNet-5, whose time is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib import layers
from course_lib.graph import apply, backpropagate
from course_lib.operations.convolution import conv2d
from course_lib.operations.losses import cross_entropy
from course_lib.optimizers import Adam

LAYOUTS = torch.contiguous_format, torch.channels_last
LENET_BATCH = 64


def cases(*, scale: float) -> Iterator[Case]:
    for images, kernels, settings, bound in [
        # 12 MiB of images.
        ((16, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}, 1.8),
        ((16, 256, 56, 56), (64, 256, 1, 1), {}, 1.1),
        ((16, 64, 56, 56), (64, 64, 3, 3), {"padding": 1, "stride": 2}, 2.2),
        ((16, 64, 56, 56), (64, 1, 3, 3), {"padding": 1, "groups": 64}, 7.0),
        # Those of ResNet-18 on images of 32×32.
        ((64, 64, 32, 32), (64, 64, 3, 3), {"padding": 1}, 1.9),
        ((64, 128, 16, 16), (128, 128, 3, 3), {"padding": 1}, 1.9),
        ((64, 256, 8, 8), (256, 256, 3, 3), {"padding": 1}, 1.9),
        ((64, 512, 4, 4), (512, 512, 3, 3), {"padding": 1}, 1.9),
        # LeNet-5's.
        ((64, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}, 0.7),
        ((64, 6, 14, 14), (16, 6, 5, 5), {}, 1.7),
    ]:
        n = int(np.ceil(images[0] * scale))
        yield convolution((n, *images[1:]), kernels, bound=bound, **settings)
    yield lenet_step(int(np.ceil(LENET_BATCH * scale)), bound=1.4)


def convolution(
    images: tuple[int, ...], kernels: tuple[int, ...], *, bound: float, **settings: Any
) -> Case:
    """Value and all three gradients. Ours gets images that lie in memory as a
    convolution returns them; torch those of either layout, whichever it is faster with.
    """
    rng = np.random.default_rng(0)
    n, channels, *size = images
    x = np.moveaxis(draw(rng, channels, *size, n), -1, 0)
    w, b = draw(rng, *kernels), draw(rng, kernels[0])
    y, _ = conv2d(x, w, b, **settings)
    dy = np.moveaxis(draw(rng, *y.shape[1:], n), -1, 0)

    def ours() -> None:
        _, backward = conv2d(x, w, b, **settings)
        backward(dy)

    def in_layout(layout: torch.memory_format) -> Callable[[], None]:
        tx, tw, tdy = (
            torch.tensor(np.ascontiguousarray(a)).contiguous(memory_format=layout)
            for a in (x, w, dy)
        )
        inputs = tx, tw, torch.tensor(b)
        for tensor in inputs:
            tensor.requires_grad_()

        def theirs() -> None:
            ty = nn.functional.conv2d(*inputs, **settings)
            torch.autograd.grad(ty, inputs, tdy)

        return theirs

    theirs = min((in_layout(layout) for layout in LAYOUTS), key=seconds)
    kernel, picture = ("×".join(map(str, a[2:])) for a in (kernels, images))
    name = f"convolution {kernel}, {channels} to {kernels[0]}, {n} images of {picture}"
    for setting in settings.keys() - {"padding"}:
        name += f", {setting} {settings[setting]}"
    return Case(name, ours, theirs, bound)


def lenet_step(batch: int, *, bound: float) -> Case:
    """LeNet-5 on images of 28×28: forward, backward, and a step of Adam."""
    rng = np.random.default_rng(0)
    x, labels = draw(rng, batch, 1, 28, 28), rng.integers(10, size=batch)
    network = layers.Sequential(
        layers.Conv2d(1, 6, 5, padding=2, rng=rng),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.Conv2d(6, 16, 5, rng=rng),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.Flatten(),
        layers.Dense(400, 120, rng=rng),
        layers.ReLU(),
        layers.Dense(120, 84, rng=rng),
        layers.ReLU(),
        layers.Dense(84, 10, rng=rng),
    ).astype(np.float32)
    optimizer = Adam(network.parameters())

    def ours() -> None:
        loss = apply(cross_entropy, network(x), labels=labels)
        optimizer.step(backpropagate(loss))

    def in_layout(layout: torch.memory_format) -> Callable[[], None]:
        tx = torch.tensor(x).contiguous(memory_format=layout)
        tlabels = torch.tensor(labels)
        tnetwork = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, 10),
        ).to(memory_format=layout)
        toptimizer = torch.optim.Adam(tnetwork.parameters(), foreach=True)

        def theirs() -> None:
            toptimizer.zero_grad()
            nn.functional.cross_entropy(tnetwork(tx), tlabels).backward()
            toptimizer.step()

        return theirs

    theirs = min((in_layout(layout) for layout in LAYOUTS), key=seconds)
    return Case(f"LeNet-5 training step, batch {batch}", ours, theirs, bound)


def seconds(run: Callable[[], object]) -> float:
    """Of the second run, for the first also allocates."""
    run()
    start = process_time()
    run()
    return process_time() - start
