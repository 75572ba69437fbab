"""MobileNet: its maps, and the parameters and products that the paper counts."""

import numpy as np
import pytest

from course_lib.analysis import summary
from course_lib.backbones import mobilenet_v1
from course_lib.backbones.mobilenet import BLOCKS, ConvolutionUnit
from tests.course_lib.backbones.row import Zeros

WITHOUT_FIVE = BLOCKS[:6] + BLOCKS[11:]


@pytest.mark.parametrize(
    ("settings", "resolution", "millions", "million_mult_adds"),
    [
        # Table 4: what depthwise separable convolutions save.
        ({"block": ConvolutionUnit}, 224, 29.3, 4866),
        # Table 5: a shallower network, without the five blocks of 512 channels.
        ({"blocks": WITHOUT_FIVE}, 224, 2.9, 307),
        # Table 6: the width multiplier.
        ({}, 224, 4.2, 569),
        ({"width": 0.75}, 224, 2.6, 325),
        ({"width": 0.5}, 224, 1.3, 149),
        ({"width": 0.25}, 224, 0.5, 41),
        # Table 7: the resolution multiplier.
        ({}, 192, 4.2, 418),
        ({}, 160, 4.2, 290),
        ({}, 128, 4.2, 186),
    ],
)
def test_counts_of_the_paper(settings, resolution, millions, million_mult_adds):
    network = mobilenet_v1(**settings, rng=Zeros()).astype(np.float32)
    found = summary(network, (1, 3, resolution, resolution))
    assert found.parameters / 1e6 == pytest.approx(millions, abs=0.05)
    # Two of them are cut off, not rounded.
    assert found.mult_adds / 1e6 == pytest.approx(million_mult_adds, abs=1, rel=3e-4)


def test_its_maps_are_those_of_table_1():
    rows = summary(mobilenet_v1(width=0.25, rng=Zeros()), (1, 3, 224, 224)).rows
    shapes = [row.output_shapes[0] for row in rows if row.type == "Conv2d"]
    sides = [112, *[112, 112], *[56] * 4, *[28] * 4, *[14] * 12, *[7] * 4]
    assert [shape[2:] for shape in shapes] == [(side, side) for side in sides]
    channels = [8, 8, 16, 16, 32, 32, 32, 32, 64, 64, 64, 64, *[128] * 12, *[256] * 3]
    assert [shape[1] for shape in shapes] == channels


def test_small_images_keep_their_size_at_first():
    settings = {"width": 0.25, "blocks": ((64, 1), (128, 2)), "small_images": True}
    rows = summary(mobilenet_v1(**settings, rng=Zeros()), (1, 3, 32, 24)).rows
    maps = [row.output_shapes[0][2:] for row in rows if row.type == "Conv2d"]
    assert maps == [(32, 24)] * 3 + [(16, 12)] * 2


def test_images_of_any_size():
    network = mobilenet_v1(width=0.25, num_classes=5, rng=np.random.default_rng(0))
    for size in [(1, 1), (33, 70)]:
        assert network(np.zeros((2, 3, *size))).shape == (2, 5)


def test_a_depthwise_convolution_keeps_channels_apart():
    rng = np.random.default_rng(0)
    depthwise = mobilenet_v1(width=0.25, rng=rng).features[2].depthwise[0]
    x = rng.normal(size=(3, 16, 9, 7))
    changed = x.copy()
    changed[:, 5] += 1
    differs = np.any(depthwise(x).value != depthwise(changed).value, axis=(0, 2, 3))
    assert np.flatnonzero(differs).tolist() == [5]
