"""SE-ResNet: what squeeze-and-excitation adds, and where."""

import numpy as np
import pytest

from course_lib.backbones import ResNet, SEBottleneck
from course_lib.backbones.residual_blocks import Bottleneck
from course_lib.graph import Node
from tests.course_lib.backbones.tables import resnet, se_resnet

[ROW] = se_resnet.ROWS
[RESNET50] = [row for row in resnet.ROWS if row.name == "resnet50"]


def size(network):
    return sum(p.value.size for p in network.parameters())


def added(stages):
    """By the paper's equation 5, 2/r Σ N·C² weights for stages of N blocks of C
    channels; and biases."""
    weights = 2 * sum(n * c * c for n, c in stages) // 16
    return weights, sum(n * (c + c // 16) for n, c in stages)


def test_it_adds_what_the_papers_equation_counts_and_the_biases():
    plain, weighed = (
        ResNet(block, (2, 1), width=8, rng=np.random.default_rng(0))
        for block in (Bottleneck, SEBottleneck)
    )
    assert size(weighed) - size(plain) == sum(added([(2, 32), (1, 64)]))


def test_with_biases_and_without_it_has_the_published_28_1_million():
    weights, biases = added([(3, 256), (4, 512), (6, 1024), (3, 2048)])
    assert round(weights / 1e6, 1) == 2.5
    assert ROW.parameters == RESNET50.parameters + weights + biases
    assert round(ROW.parameters / 1e6, 1) == 28.1
    assert round((ROW.parameters - biases) / 1e6, 1) == 28.1


@pytest.mark.parametrize("reduction", [2, 8])
def test_the_reduction_sets_the_waist(reduction):
    block = SEBottleneck(3, 4, reduction=reduction, rng=np.random.default_rng(0))
    assert block.se.fc1.weight.shape == (16 // reduction, 16)
    assert block.se.fc2.weight.shape == (16, 16 // reduction)


def test_with_all_weights_at_1_it_is_the_network_without():
    settings = {"num_classes": 3, "width": 4}
    rng = np.random.default_rng(0)
    plain = ResNet(Bottleneck, (1, 2), **settings, rng=rng)
    weighed = ResNet(SEBottleneck, (1, 2), **settings, rng=rng)
    own = {k: v for k, v in weighed.state_dict().items() if ".se." in k}
    weighed.load_state_dict(plain.state_dict() | own)
    x = rng.normal(size=(3, 3, 33, 32))
    y = plain.predict(x)
    assert np.abs(weighed.predict(x) - y).max() > 0.01 * np.abs(y).max()
    for layer in weighed.layers():
        if isinstance(layer, SEBottleneck):
            layer.se.fc2.weight.value[...] = 0
            layer.se.fc2.bias.value[...] = 40  # σ(40) = 1
    np.testing.assert_allclose(weighed.predict(x), y, rtol=1e-12)


@pytest.mark.parametrize("shortcut", [True, False])
def test_x_is_added_after_the_channels_are_weighed(shortcut):
    """With all weights at 0 there is x alone, or nothing."""
    rng = np.random.default_rng(0)
    block = SEBottleneck(16, 4, shortcut=shortcut, rng=rng)
    block.se.fc2.bias.value[...] = -1000
    x = rng.normal(size=(3, 16, 5, 6))
    expected = np.maximum(x, 0) if shortcut else np.zeros_like(x)
    np.testing.assert_array_equal(block(Node(x)).value, expected)
