import importlib

import torch
from torch import nn

from course_lib.backbones import VGG
from tests.course_lib.backbones.reference_models import models, with_drawn_norms
from tests.course_lib.backbones.row import Row

ours = importlib.import_module("course_lib.backbones.vgg")
theirs = models.vgg
SMALL = {"width": 4, "hidden": 12, "pooled": 2, "num_classes": 7}


def features(column, *, width=64, batch_norm=False):
    """torchvision's convolutions; its table lacks the columns A-LRN and C."""
    base = {"A-LRN": "A", "C": "D"}.get(column, column)
    table = [c if c == "M" else c * width // 64 for c in theirs.cfgs[base]]
    layers = theirs.make_layers(table, batch_norm=batch_norm)
    if column == "A-LRN":
        layers.insert(2, nn.LocalResponseNorm(5, alpha=5 * 1e-4, beta=0.75, k=2.0))
    if column == "C":
        for index in (14, 21, 28):  # the third convolutions of D's stages
            channels = layers[index].in_channels
            layers[index] = nn.Conv2d(channels, channels, 1)
    return layers


def small_reference(column, batch_norm):
    with torch.device("meta"):  # without memory for what is exchanged
        network = theirs.VGG(nn.Identity(), init_weights=False, dropout=0.0)
    network.features = features(column, width=SMALL["width"], batch_norm=batch_norm)
    network.avgpool = nn.AdaptiveAvgPool2d(2)
    for index, inputs, outputs in [(0, 32 * 2 * 2, 12), (3, 12, 12), (6, 12, 7)]:
        network.classifier[index] = nn.Linear(inputs, outputs)
        nn.init.normal_(network.classifier[index].weight, 0, 0.01)  # torchvision's own
    return with_drawn_norms(network)


def row(name, column, parameters, giga_mult_adds=None, *, batch_norm=False):
    """`batch_norm` is of the small network, for which torchvision has it too."""
    settings = {**SMALL, "local_response": column == "A-LRN", "batch_norm": batch_norm}
    return Row(
        name,
        parameters,
        (3, 224, 224),
        lambda: theirs.VGG(features(column), init_weights=False),
        small=lambda rng: VGG(
            getattr(ours, column[0]), **settings, dropout=0.0, rng=rng
        ),
        torch_small=lambda: small_reference(column, batch_norm),
        small_shape=(3, 3, 96, 65),
        mult_adds=giga_mult_adds and (giga_mult_adds * 1e9, 0.0005e9),
        source="torchvision; for columns it lacks, the kernels' sizes in table 1",
    )


ROWS = [
    row("vgg11", "A", 132_863_336, 7.609),
    row("vgg11_lrn", "A-LRN", 132_863_336),
    row("vgg13", "B", 133_047_848, 11.308, batch_norm=True),
    row("vgg16_1x1", "C", 133_638_952),
    row("vgg16", "D", 138_357_544, 15.470),
    row("vgg19", "E", 143_667_240, 19.632),
]
