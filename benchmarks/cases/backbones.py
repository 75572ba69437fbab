"""A training step of ResNet-18, beside the better of torch's two layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import nn

from benchmarks.cases.convolution import LAYOUTS, seconds
from benchmarks.cases.drawing import draw
from benchmarks.measuring import Case
from course_lib.backbones import resnet18
from course_lib.graph import apply, backpropagate
from course_lib.operations.losses import cross_entropy
from course_lib.optimizers import Momentum
from tests.course_lib.backbones.reference_models import models

BATCH, SIDE, CLASSES = 64, 32, 10
RATE = 1e-3


def cases(*, scale: float) -> Iterator[Case]:
    yield resnet_step(int(np.ceil(BATCH * scale)), bound=1.8)


def resnet_step(batch: int, *, bound: float) -> Case:
    """ResNet-18 on images of 32×32: forward, backward, and a step with momentum."""
    rng = np.random.default_rng(0)
    x, labels = draw(rng, batch, 3, SIDE, SIDE), rng.integers(CLASSES, size=batch)
    network = resnet18(num_classes=CLASSES, small_images=True, rng=rng)
    network.astype(np.float32)
    optimizer = Momentum(network.parameters(), lr=RATE)

    def ours() -> None:
        loss = apply(cross_entropy, network(x), labels=labels)
        optimizer.step(backpropagate(loss))

    def in_layout(layout: torch.memory_format) -> Callable[[], None]:
        tx = torch.tensor(x).contiguous(memory_format=layout)
        tlabels = torch.tensor(labels)
        tnetwork = models.resnet18(num_classes=CLASSES)
        tnetwork.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        tnetwork.maxpool = nn.Identity()
        tnetwork.to(memory_format=layout)
        parameters = tnetwork.parameters()
        toptimizer = torch.optim.SGD(parameters, lr=RATE, momentum=0.9, foreach=True)

        def theirs() -> None:
            toptimizer.zero_grad()
            nn.functional.cross_entropy(tnetwork(tx), tlabels).backward()
            toptimizer.step()

        return theirs

    theirs = min((in_layout(layout) for layout in LAYOUTS), key=seconds)
    name = f"ResNet-18 training step, {batch} images of {SIDE}×{SIDE}"
    return Case(name, ours, theirs, bound)
