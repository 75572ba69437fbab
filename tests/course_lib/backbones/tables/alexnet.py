import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, conv2d, max_pool2d, pad, relu

from course_lib.backbones import AlexNet
from course_lib.backbones.alexnet import TWO_TOWERS
from tests.course_lib.backbones.reference_models import models
from tests.course_lib.backbones.row import Row

SMALL = {"num_classes": 7, "channels": (4, 6, 10, 8, 2), "hidden": 12, "pooled": 2}
SMALL_SHAPE = (3, 3, 72, 95)
TOWERS = {"groups": 2, "local_response": True}


PLACES = {
    "conv1": "features.0",
    "conv2": "features.4",
    "conv3": "features.8",
    "conv4": "features.10",
    "conv5": "features.12",
    "fc6": "classifier.1",
    "fc7": "classifier.4",
    "fc8": "classifier.6",
}


def small_reference():
    """torchvision's, its weights exchanged for smaller ones."""
    with torch.device("meta"):  # without memory for what is exchanged
        network = models.AlexNet(dropout=0.0)
    before = 3
    convolutions = [m for m in network.features if isinstance(m, nn.Conv2d)]
    for old, channels in zip(convolutions, SMALL["channels"], strict=True):
        new = nn.Conv2d(before, channels, old.kernel_size, old.stride, old.padding)
        network.features[[*network.features].index(old)] = new
        before = channels
    network.avgpool = nn.AdaptiveAvgPool2d(SMALL["pooled"])
    for index, inputs, outputs in [(1, 2 * 2 * 2, 12), (4, 12, 12), (6, 12, 7)]:
        network.classifier[index] = nn.Linear(inputs, outputs)
    return network


class TwoTowers(nn.Module):
    """The network of 2012, in the words of its sections 3.3 to 3.5."""

    def __init__(self, channels, hidden, classes, pooled=6):
        super().__init__()
        c1, c2, c3, c4, c5 = channels
        self.conv1 = nn.Conv2d(3, c1, 11, stride=4, padding=2)
        self.conv2 = nn.Conv2d(c1 // 2, c2, 5)
        self.conv3 = nn.Conv2d(c2, c3, 3, padding=1)
        self.conv4 = nn.Conv2d(c3 // 2, c4, 3)
        self.conv5 = nn.Conv2d(c4 // 2, c5, 3)
        self.fc6 = nn.Linear(c5 * pooled**2, hidden)
        self.fc7 = nn.Linear(hidden, hidden)
        self.fc8 = nn.Linear(hidden, classes)
        self.pooled = pooled

    def forward(self, x):
        x = max_pool2d(normalized(relu(self.conv1(x))), 3, 2)
        x = max_pool2d(normalized(relu(towers(self.conv2, x))), 3, 2)
        x = relu(towers(self.conv4, relu(self.conv3(x))))
        x = max_pool2d(relu(towers(self.conv5, x)), 3, 2)
        x = adaptive_avg_pool2d(x, self.pooled).flatten(1)
        return self.fc8(relu(self.fc7(relu(self.fc6(x)))))


def normalized(a):
    """b = a/(k + α Σ a²)^β over 5 channels."""
    squares = pad(a * a, (0, 0, 0, 0, 2, 2)).unfold(1, 5, 1).sum(-1)
    return a / (2 + 1e-4 * squares) ** 0.75


def towers(layer, x):
    """Each half of the kernels sees half of the channels."""
    halves = zip(x.chunk(2, 1), layer.weight.chunk(2), layer.bias.chunk(2), strict=True)
    return torch.cat([conv2d(*half, padding="same") for half in halves], 1)


def key(name):
    layer, kind = name.split(".")
    return f"{PLACES[layer]}.{kind}"


ROWS = [
    Row(
        "alexnet",
        61_100_840,
        (3, 224, 224),
        models.alexnet,
        small=lambda rng: AlexNet(**SMALL, dropout=0.0, rng=rng),
        torch_small=small_reference,
        small_shape=SMALL_SHAPE,
        mult_adds=(0.714e9, 0.0005e9),
        source="torchvision",
    ),
    Row(
        "alexnet",
        60_965_224,
        (3, 224, 224),
        lambda: TwoTowers(TWO_TOWERS, 4096, 1000),
        small=lambda rng: AlexNet(**SMALL, **TOWERS, dropout=0.0, rng=rng),
        torch_small=lambda: TwoTowers(SMALL["channels"], 12, 7, pooled=2),
        small_shape=SMALL_SHAPE,
        settings={"channels": TWO_TOWERS, **TOWERS},
        key=key,
        source="Krizhevsky et al. (2012), section 3.5: 60 million, of which the sizes "
        "given there tell the exact number",
    ),
]
