from itertools import pairwise

import torch
from torch import nn

from course_lib.backbones import Siren
from tests.course_lib.backbones.row import Row
from tests.course_lib.backbones.tables.self_normalizing import parameters


class Reference(nn.Module):
    """f(x), with names as in the authors' program: net.0.0, net.1.0, …"""

    def __init__(self, *sizes, frequency=30.0):
        super().__init__()
        self.net = nn.Sequential(
            *[nn.Sequential(nn.Linear(*pair)) for pair in pairwise(sizes)]
        )
        self.frequency = frequency

    def forward(self, x):
        *sines, last = self.net
        for layer in sines:
            x = torch.sin(self.frequency * layer(x))
        return last(x)


def key(name):
    """The last of the five layers is the linear one."""
    _, layer, _, kind = name.split(".")
    return f"linear.{kind}" if layer == "4" else f"sines.{layer}.linear.{kind}"


ROWS = [
    Row(
        "siren",
        parameters((2, 256, 256, 256, 256, 1)),
        (2,),
        lambda: Reference(2, 256, 256, 256, 256, 1),
        small=lambda rng: Siren(
            in_features=2, out_features=3, width=7, frequency=4.0, rng=rng
        ),
        torch_small=lambda: Reference(2, 7, 7, 7, 7, 3, frequency=4.0),
        small_shape=(5, 2),
        key=key,
        source="(inputs + 1)·outputs of each layer of the authors' program for images",
    )
]
