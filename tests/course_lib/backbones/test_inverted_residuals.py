"""MobileNetV2: its maps, its widths, and its bottleneck with and without a ReLU6."""

import numpy as np
import pytest
import torch

from course_lib.analysis import summary
from course_lib.backbones import MobileNetV2, mobilenet_v2
from course_lib.backbones.inverted_residuals import InvertedResidual, multiple_of_8
from course_lib.graph import Node, backpropagate
from course_lib.layers import Dropout
from tests.course_lib.backbones.reference_models import models
from tests.course_lib.backbones.row import Zeros, relative_error
from tests.course_lib.backbones.tables.inverted_residuals import (
    SMALL,
    STAGES,
    WIDTH,
    small_reference,
)


def test_its_maps_are_those_of_table_2():
    network = mobilenet_v2(width=0.35, rng=Zeros())
    rows = summary(network, (1, 3, 224, 224), depth=2).rows
    maps = [
        row.output_shapes[0][2:] for row in rows if row.name.startswith("features.")
    ]
    sides = [112, 112, *[56] * 2, *[28] * 3, *[14] * 7, *[7] * 5]
    assert maps == [(side, side) for side in sides]


@pytest.mark.parametrize("width", [0.35, 0.5, 0.75, 1.4])
def test_widths_are_rounded_as_torchvisions(width):
    with torch.device("meta"):
        theirs = models.mobilenet_v2(width_mult=width).state_dict()
    ours = mobilenet_v2(width=width, rng=Zeros()).state_dict()
    assert {k: v.shape for k, v in ours.items()} == {
        k: tuple(v.shape) for k, v in theirs.items()
    }


def test_multiples_of_8():
    for channels in np.arange(1, 200, 0.3):
        assert multiple_of_8(channels) == models._utils._make_divisible(channels, 8)


@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_a_bottleneck_that_is_not_linear(training):
    rng = np.random.default_rng(0)
    theirs = small_reference().double()
    for block in theirs.features[1:-1]:
        block.conv.append(torch.nn.ReLU6())
    settings = {"width": WIDTH, "stages": STAGES, **SMALL, "linear": False}
    ours = MobileNetV2(**settings, rng=rng).train(training)
    ours.load_state_dict(theirs.train(training).state_dict())
    x = Node(rng.normal(size=(3, 3, 22, 31)))
    tx = torch.tensor(x.value, requires_grad=True)
    y, expected = ours(x), theirs(tx)
    expected.sum().backward()
    assert relative_error(y.value, expected.detach()) <= 1e-9
    assert relative_error(backpropagate(y.sum(), [x])[x], tx.grad) <= 1e-9


@pytest.mark.parametrize(
    ("out_channels", "stride", "residual"), [(6, 1, True), (6, 2, False), (8, 1, False)]
)
def test_a_block_adds_its_input_where_the_shapes_agree(out_channels, stride, residual):
    rng = np.random.default_rng(0)
    block = InvertedResidual(6, out_channels, stride=stride, rng=rng)
    block.conv[3].weight.value[:] = 0  # the last batch norm: F(x) = 0
    x = rng.normal(size=(3, 6, 8, 4))
    expected = x if residual else np.zeros((3, out_channels, 8 // stride, 4 // stride))
    np.testing.assert_array_equal(block(Node(x)).value, expected)


def test_small_images_keep_their_size_at_first():
    settings = {"stages": ((1, 16, 1, 1), (6, 24, 1, 2)), "small_images": True}
    network = mobilenet_v2(**settings, last_channels=32, rng=Zeros())
    rows = summary(network, (1, 3, 32, 24), depth=2).rows
    shapes = [r.output_shapes[0][1:] for r in rows if r.name.startswith("features.")]
    assert shapes == [(32, 32, 24), (16, 32, 24), (24, 16, 12), (32, 16, 12)]


def test_images_of_any_size():
    network = mobilenet_v2(width=0.35, num_classes=5, rng=np.random.default_rng(0))
    for size in [(1, 1), (33, 70)]:
        assert network(np.zeros((2, 3, *size))).shape == (2, 5)


def test_it_leaves_out_inputs_of_the_dense_layer():
    layers = list(mobilenet_v2(width=0.35, rng=Zeros()).classifier)
    assert isinstance(layers[0], Dropout)
    assert layers[0].p == 0.2
