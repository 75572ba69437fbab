"""Wide ResNet: counts by formula, what passes a block unchanged, which depths exist."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import WideResNet
from course_lib.backbones.wide_resnet import PreActivationBlock
from course_lib.graph import Node
from course_lib.layers import Conv2d, Dense


def parameters(depth, width, classes=10):
    """By a formula: with c channels, a block has 18c² weights and 2·2c of batch norms,
    but the first of a stage, which comes from a channels: 9ac + 9c² + ac, 2a + 2c."""
    blocks = (depth - 4) // 6
    count, a = 3 * 9 * 16, 16
    for c in (16 * width, 32 * width, 64 * width):
        projection = a * c if a != c else 0
        count += 9 * a * c + 9 * c * c + projection + 2 * a + 2 * c
        count += (blocks - 1) * (18 * c * c + 4 * c)
        a = c
    return count + 2 * a + (a + 1) * classes


def test_the_formula_gives_the_published_numbers():
    """Table 4, in millions."""
    table = {
        (40, 1): 0.6,
        (40, 2): 2.2,
        (40, 4): 8.9,
        (40, 8): 35.7,
        (28, 10): 36.5,
        (28, 12): 52.5,
        (22, 8): 17.2,
        (22, 10): 26.8,
        (16, 8): 11.0,
        (16, 10): 17.1,
    }
    ours = {key: round(parameters(*key) / 1e6, 1) for key in table}
    assert ours == table


@pytest.mark.parametrize(("depth", "width"), [(10, 1), (16, 2), (22, 3)])
def test_a_network_has_as_many_parameters_as_the_formula_says(depth, width):
    network = WideResNet(depth, width, num_classes=7, rng=np.random.default_rng(0))
    count = sum(p.value.size for p in network.parameters())
    assert count == parameters(depth, width, classes=7)


@pytest.mark.parametrize("depth", [10, 16, 28])
def test_the_depth_is_the_number_of_convolutions(depth):
    """Two in each of 3N blocks, the first, and three projections: 6N + 4."""
    layers = WideResNet(depth, 2, rng=np.random.default_rng(0)).layers()
    assert sum(isinstance(layer, Conv2d) for layer in layers) == depth
    assert sum(isinstance(layer, Dense) for layer in layers) == 1


@pytest.mark.parametrize("depth", [27, 4, -2, 12])
def test_other_depths_are_refused(depth):
    with pytest.raises(ValueError, match=f"depth is {depth}, expected 10, 16, 22, 28"):
        WideResNet(depth, 1, rng=np.random.default_rng(0))


def test_maps_have_the_sizes_of_table_1():
    network = WideResNet(10, 2, rng=np.random.default_rng(0))
    rows = summary(network, (1, 3, 32, 32), depth=1).rows
    shapes = [row.output_shapes[0][1:] for row in rows]
    assert shapes[0] == (16, 32, 32)
    assert shapes[1:4] == [(32, 32, 32), (64, 16, 16), (128, 8, 8)]


@pytest.mark.parametrize("size", [(1, 1), (5, 8), (33, 40)])
def test_images_may_be_of_any_size(size):
    network = WideResNet(10, 1, in_channels=2, rng=np.random.default_rng(0))
    assert network.predict(np.ones((2, 2, *size))).shape == (2, 10)


def test_what_enters_a_block_passes_it_unchanged():
    """With nothing learned in F, y is x, below zero too: no ReLU follows the sum."""
    rng = np.random.default_rng(0)
    block = PreActivationBlock(4, 4, rng=rng)
    block.conv2.weight.value[...] = 0
    x = rng.normal(size=(3, 4, 5, 6))
    np.testing.assert_array_equal(block(Node(x)).value, x)


def test_dropout_stands_between_the_convolutions():
    """All left out there, F is 0, and in evaluation nothing is. Half left out, F is 0
    nearly nowhere: a convolution follows."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 5, 6))
    without, half = (PreActivationBlock(4, 4, dropout=p, rng=rng) for p in (1.0, 0.5))
    np.testing.assert_array_equal(without(Node(x)).value, x)
    assert np.all(without.predict(x) != x)
    assert np.mean(half(Node(x)).value != x) > 0.95
    assert np.any(half(Node(x)).value != half.predict(x))


def test_the_network_hands_its_dropout_on():
    network = WideResNet(10, 1, dropout=0.3, rng=np.random.default_rng(0))
    blocks = [x for x in network.layers() if isinstance(x, PreActivationBlock)]
    assert [block.dropout.p for block in blocks] == [0.3] * 3


def test_a_block_that_halves_needs_a_projection_though_the_channels_stay():
    block = PreActivationBlock(4, 4, stride=2, rng=np.random.default_rng(0))
    assert block(Node(np.ones((3, 4, 5, 6)))).shape == (3, 4, 3, 3)
