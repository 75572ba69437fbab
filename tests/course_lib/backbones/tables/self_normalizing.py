from itertools import pairwise

from torch import nn

from course_lib.backbones import SelfNormalizing
from tests.course_lib.backbones.row import Row


def reference(sizes):
    layers = [nn.Flatten()]
    for inputs, outputs in pairwise(sizes[:-1]):
        layers += [nn.Linear(inputs, outputs), nn.SELU(), nn.AlphaDropout(0.0)]
    return nn.Sequential(*layers, nn.Linear(*sizes[-2:]))


def key_for(depth):
    def key(name):
        index, kind = name.split(".")
        layer = int(index) // 3
        return f"fc.{kind}" if layer == depth else f"hidden.{layer}.0.{kind}"

    return key


def parameters(sizes):
    return sum((n + 1) * m for n, m in pairwise(sizes))


SIZES = (784, *[256] * 8, 10)

ROWS = [
    Row(
        "self_normalizing",
        parameters(SIZES),
        (1, 28, 28),
        lambda: reference(SIZES),
        small=lambda rng: SelfNormalizing(
            in_features=12, width=5, depth=8, num_classes=3, dropout=0.0, rng=rng
        ),
        torch_small=lambda: reference((12, *[5] * 8, 3)),
        small_shape=(4, 3, 4),
        key=key_for(8),
        source="(inputs + 1)·outputs of each layer: the paper prints no number",
    )
]
