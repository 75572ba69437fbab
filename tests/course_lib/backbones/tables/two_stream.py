from collections import OrderedDict
from itertools import pairwise

from torch import nn

from course_lib.backbones import TwoStream
from tests.course_lib.backbones.row import Row

WIDTHS = (96, 256, 512, 512, 512)
SMALL_WIDTHS = (6, 3, 5, 4, 2)


def stream(channels, norms, classes=101, widths=WIDTHS, strides=(2, 2), dense=None):
    """A column of figure 1, from left to right."""
    dense = dense or (512 * 6 * 6, 4096, 2048)
    layers = OrderedDict()
    settings = [(7, strides[0], 0), (5, strides[1], 1), *[(3, 1, 1)] * 3]
    for i, (c, o) in enumerate(pairwise((channels, *widths)), 1):
        layers[f"conv{i}"] = nn.Conv2d(c, o, *settings[i - 1])
        layers[f"relu{i}"] = nn.ReLU()
        if i <= norms:
            layers[f"norm{i}"] = nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0)
        if i in (1, 2, 5):
            layers[f"pool{i}"] = nn.MaxPool2d(2)
    layers["flat"] = nn.Flatten()
    for i, (a, b) in enumerate(pairwise((*dense, classes)), 6):
        layers[f"full{i}"] = nn.Linear(a, b)
        if i < 8:
            layers[f"relu{i}"] = nn.ReLU()
    return nn.Sequential(layers)


class TorchTwoStream(nn.Module):
    def __init__(self, spatial, temporal):
        super().__init__()
        self.spatial, self.temporal = spatial, temporal

    def forward(self, frame, flow):
        p = self.spatial(frame).softmax(dim=1) + self.temporal(flow).softmax(dim=1)
        return (p / 2).log()


def parameters():
    """By formula, for both streams."""

    def one(channels):
        kernels = zip((7, 5, 3, 3, 3), pairwise((channels, *WIDTHS)), strict=True)
        total = sum(k * k * c * o + o for k, (c, o) in kernels)
        return total + sum(
            a * b + b for a, b in pairwise((512 * 6 * 6, 4096, 2048, 101))
        )

    return one(3) + one(2 * 10)


def torch_small():
    # Sizes: 33, 27, 13, 11, 5, 2 and 40, 34, 17, 15, 7, 3.
    settings = (4, SMALL_WIDTHS, (1, 1), (2 * 2 * 3, 7, 5))
    return TorchTwoStream(stream(1, 2, *settings), stream(6, 1, *settings))


ROWS = [
    Row(
        "two_stream",
        parameters(),
        ((3, 224, 224), (20, 224, 224)),
        lambda: TorchTwoStream(stream(3, 2), stream(20, 1)),
        lambda rng: TwoStream(
            num_classes=4,
            in_channels=1,
            flow_frames=3,
            size=(33, 40),
            widths=SMALL_WIDTHS,
            strides=(1, 1),
            hidden=(7, 5),
            dropout=0.0,
            rng=rng,
        ),
        torch_small,
        ((3, 1, 33, 40), (3, 6, 33, 40)),
        source="Simonyan and Zisserman (2014), figure 1: the widths; the count follows",
    )
]
