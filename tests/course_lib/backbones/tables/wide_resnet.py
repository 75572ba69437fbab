import re

from torch import nn

from course_lib.backbones import WideResNet
from tests.course_lib.backbones.reference_models import with_drawn_norms
from tests.course_lib.backbones.row import Row


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norms = nn.ModuleList([nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)])
        self.convs = nn.ModuleList(
            [
                nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            ]
        )
        self.project = None
        if inputs != outputs:
            self.project = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        start = end = x
        for norm, conv in zip(self.norms, self.convs, strict=True):
            before = norm(end).relu()
            if norm is self.norms[0] and self.project is not None:
                start = self.project(before)
            end = conv(before)
        return start + end


class Reference(nn.Module):
    """As the authors' program for Lua's torch builds it."""

    def __init__(self, depth, width, classes=10):
        super().__init__()
        sizes = [16, 16 * width, 32 * width, 64 * width]
        layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False)]
        for stage, outputs in enumerate(sizes[1:]):
            for place in range((depth - 4) // 6):
                inputs = outputs if place else sizes[stage]
                layers.append(Block(inputs, outputs, 2 if stage and not place else 1))
        layers += [nn.BatchNorm2d(sizes[-1]), nn.ReLU(), nn.AdaptiveAvgPool2d(1)]
        layers += [nn.Flatten(), nn.Linear(sizes[-1], classes)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


def key_for(depth):
    blocks = (depth - 4) // 6

    def key(name):
        index, rest = re.fullmatch(r"layers\.(\d+)\.(.*)", name).groups()
        stage, place = divmod(int(index) - 1, blocks)
        if stage < 0:
            return f"conv1.{rest}"
        if stage < 3:
            for theirs, ours in [("norms", "bn"), ("convs", "conv")]:
                rest = re.sub(
                    rf"{theirs}\.(\d)", lambda m, o=ours: f"{o}{int(m[1]) + 1}", rest
                )
            return f"stages.{stage}.{place}.{rest.replace('project', 'downsample')}"
        return f"{'bn1' if stage == 3 and place == 0 else 'fc'}.{rest}"

    return key


def row(name, depth, width, parameters, small_width):
    # As many blocks as the published network has, for the map of names is the same.
    return Row(
        name,
        parameters,
        (3, 32, 32),
        lambda: Reference(depth, width),
        small=lambda rng: WideResNet(depth, small_width, num_classes=7, rng=rng),
        torch_small=lambda: with_drawn_norms(Reference(depth, small_width, 7)),
        small_shape=(3, 3, 14, 9),
        key=key_for(depth),
        source="Zagoruyko and Komodakis (2016), table 4: 36.5 and 11.0 million; "
        "exactly, what the network of the authors' program has",
    )


ROWS = [
    row("wide_resnet28_10", 28, 10, 36_479_194, small_width=1),
    row("wide_resnet16_8", 16, 8, 10_961_370, small_width=2),
]
