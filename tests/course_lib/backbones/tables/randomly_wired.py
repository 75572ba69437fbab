from itertools import pairwise

import numpy as np
import torch
from torch import nn

from course_lib.backbones import RandomlyWired
from course_lib.backbones.random_graphs import RandomGraph, watts_strogatz
from tests.course_lib.backbones.reference_models import with_drawn_norms
from tests.course_lib.backbones.row import Row


def drawn(seed):
    rng = np.random.default_rng(seed)
    return [watts_strogatz(rng=rng) for _ in range(3)]


# Of 60 seeds the one whose network is nearest to both of the paper's figures.
PUBLISHED = drawn(seed=54)
# Node 1 of the second has no edge: it takes the input, and is an output, too.
SMALL = [
    RandomGraph(5, ((0, 2), (0, 3), (1, 2), (1, 4), (2, 4))),
    RandomGraph(4, ((0, 2), (0, 3), (2, 3))),
]


def triplet(inputs, outputs, size, stride=1):
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(outputs))


class Stage(nn.Module):
    """Walks along the edges: each hands its share on to where it leads."""

    def __init__(self, graph, inputs, outputs):
        super().__init__()
        self.graph, self.outputs = graph, outputs
        targets = [j for _, j in graph.edges]
        self.operations = nn.ModuleList()
        self.weights = nn.ParameterDict()
        for node in range(graph.nodes):
            count = targets.count(node)
            n, stride = (outputs, 1) if count else (inputs, 2)
            self.operations.append(
                nn.Sequential(
                    nn.Conv2d(n, n, 3, stride, 1, groups=n, bias=False),
                    nn.Conv2d(n, outputs, 1, bias=False),
                    nn.BatchNorm2d(outputs),
                )
            )
            if count:
                self.weights[str(node)] = nn.Parameter(torch.randn(count))

    def forward(self, x):
        heard = {node: [] for node in range(self.graph.nodes)}
        ends = dict(heard)
        for node, operation in enumerate(self.operations):
            total = x
            if heard[node]:
                shares = torch.sigmoid(self.weights[str(node)])
                total = torch.tensordot(shares, torch.stack(heard[node]), dims=1)
            ends[node] = operation(torch.relu(total))
            for i, j in self.graph.edges:
                if i == node:
                    heard[j].append(ends[node])
        for i, _ in self.graph.edges:
            ends.pop(i, None)
        return torch.stack(list(ends.values())).mean(0)


class Reference(nn.Module):
    def __init__(self, graphs, channels, head, classes):
        super().__init__()
        self.conv1 = triplet(3, channels // 2, 3, 2)[1:]
        self.conv2 = triplet(channels // 2, channels, 3, 2)
        widths = [channels, *[channels * 2**i for i in range(len(graphs))]]
        self.stages = nn.Sequential(
            *[Stage(g, *pair) for g, pair in zip(graphs, pairwise(widths), strict=True)]
        )
        self.conv3 = triplet(widths[-1], head, 1)
        self.fc = nn.Linear(head, classes)

    def forward(self, x):
        x = self.conv3(self.stages(self.conv2(self.conv1(x))))
        return self.fc(torch.relu(x).mean((2, 3)))


def key(name):
    top, index, *rest = name.split(".")
    if top.startswith("conv"):
        return f"{top if index == '1' else top.replace('conv', 'bn')}.{rest[0]}"
    if top == "fc":
        return name
    if rest[0] == "weights":
        return f"stages.{index}.nodes.{rest[1]}.weights"
    _, node, part, kind = rest
    part = ("depthwise", "pointwise", "bn")[int(part)]
    return f"stages.{index}.nodes.{node}.{part}.{kind}"


ROWS = [
    Row(
        "randomly_wired",
        5_640_481,
        (3, 224, 224),
        lambda: Reference(PUBLISHED, 78, 1280, 1000),
        small=lambda rng: RandomlyWired(SMALL, width=6, head=9, num_classes=7, rng=rng),
        torch_small=lambda: with_drawn_norms(Reference(SMALL, 6, 9, 7)),
        small_shape=(3, 3, 26, 35),
        settings={"graphs": PUBLISHED},
        mult_adds=(583e6, 6.2e6),
        key=key,
        source="Xie et al. (2019), table 2: 5.6 ± 0.1 million, and 583 ± 6.2 million "
        "mult-adds; exactly, those of this wiring",
    )
]
