from torch import nn

from course_lib.backbones import LeNet5
from tests.course_lib.backbones.row import Row

NAMES = {"0": "c1", "3": "c3", "6": "c5", "9": "f6", "11": "output"}


def reference(channels=1, padding=0, classes=10):
    return nn.Sequential(
        *[nn.Conv2d(channels, 6, 5, padding=padding), nn.Tanh(), nn.AvgPool2d(2)],
        *[nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)],
        *[nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten()],
        *[nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, classes)],
    )


def key(name):
    index, kind = name.split(".")
    return f"{NAMES[index]}.{kind}"


ROWS = [
    Row(
        "lenet5",
        61_706,
        (1, 32, 32),
        reference,
        small=lambda rng: LeNet5(in_channels=2, padding=2, num_classes=7, rng=rng),
        torch_small=lambda: reference(channels=2, padding=2, classes=7),
        small_shape=(3, 2, 28, 28),  # the only size it takes
        key=key,
        source="LeCun et al. (1998), section II.B, but for C3, S2, S4 and the output: "
        "there 60,000",
    )
]
