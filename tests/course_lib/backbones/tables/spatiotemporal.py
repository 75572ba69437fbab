from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from course_lib.backbones import Conv3dNet
from tests.course_lib.backbones.row import Row

NAMES = ("1a", "2a", "3a", "3b", "4a", "4b", "5a", "5b")
WIDTHS = (64, 128, 256, 256, 512, 512, 512, 512)
SMALL_STAGES = ((2,), (3,), (3, 4), (5, 4), (4, 5))
SMALL_WIDTHS = (2, 3, 3, 4, 5, 4, 4, 5)


class TorchC3D(nn.Module):
    """Figure 3 under the names of the authors' program. A last window that sticks out
    sees what is there: −∞ put after the end changes nothing."""

    def __init__(self, classes, widths=WIDTHS, features=512 * 4 * 4, hidden=4096):
        super().__init__()
        before = 3
        for name, width in zip(NAMES, widths, strict=True):
            setattr(self, f"conv{name}", nn.Conv3d(before, width, 3, padding=1))
            before = width
        self.fc6 = nn.Linear(features, hidden)
        self.fc7 = nn.Linear(hidden, hidden)
        self.fc8 = nn.Linear(hidden, classes)

    def forward(self, x):
        for name in NAMES:
            x = getattr(self, f"conv{name}")(x).relu()
            if name in ("1a", "2a", "3b", "4b", "5b"):
                time = 1 if name == "1a" else 2
                after = [x.shape[4] % 2, x.shape[3] % 2, x.shape[2] % time]
                ends = [end for n in after for end in (0, n)]
                x = functional.pad(x, ends, value=-torch.inf)
                x = functional.max_pool3d(x, (time, 2, 2))
        x = self.fc6(x.flatten(1)).relu()
        return self.fc8(self.fc7(x).relu())


def key(name):
    """conv3b is stages.2.2."""
    layer, kind = name.split(".")
    if layer.startswith("conv"):
        layer = f"stages.{int(layer[4]) - 1}.{'ab'.index(layer[5]) * 2}"
    return f"{layer}.{kind}"


def parameters(classes):
    """By formula: 27·C·O + O for a convolution of C channels to O; the dense layers."""
    convolutions = sum(27 * c * o + o for c, o in pairwise((3, *WIDTHS)))
    sizes = (512 * 1 * 4 * 4, 4096, 4096, classes)
    dense = sum(a * b + b for a, b in pairwise(sizes))
    return convolutions + dense


def row(classes, **small):
    return Row(
        "conv3d_net",
        parameters(classes),
        (3, 16, 112, 112),
        lambda: TorchC3D(classes),
        **small,
        settings={"num_classes": classes},
        mult_adds=(38.5e9, 0.05e9),
        key=key,
        source="78.4 M for 101 classes and 38.5 G: Tran et al. (2017), table 1 of "
        '"ConvNet architecture search for spatiotemporal feature learning"',
    )


ROWS = [
    row(
        487,
        small=lambda rng: Conv3dNet(
            num_classes=4,
            stages=SMALL_STAGES,
            hidden=6,
            size=(9, 35, 20),
            dropout=0.0,
            rng=rng,
        ),
        torch_small=lambda: TorchC3D(4, SMALL_WIDTHS, 5 * 1 * 2 * 1, 6),
        small_shape=(3, 3, 9, 35, 20),
    ),
    row(101),
]
