"""SlowFast: published figures, the frames that a pathway sees, and what is refused."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from course_lib.analysis.summary import summary
from course_lib.backbones import slowfast
from course_lib.graph import Node, backpropagate
from course_lib.layers import Layer
from tests.course_lib.backbones.tables.slowfast import full, parameters


def tiny(**settings):
    settings = {
        "num_classes": 4,
        "depths": (1, 1, 1, 1),
        "width": 8,
        "tau": 8,
        "alpha": 4,
        **settings,
    }
    return slowfast(**settings, rng=np.random.default_rng(0))


def test_the_counts_that_follow_from_the_papers_table():
    assert (parameters(5), parameters(7)) == (34_480_216, 34_566_488)


@pytest.mark.parametrize(
    ("settings", "published"), [((16, 8, 5), 36.1), ((8, 4, 7), 65.7)]
)
def test_the_published_mult_adds(settings, published):
    """Of the network in torch, which ours equals, for 64 frames of 256×256."""
    counts = []

    def count(layer, inputs, output):
        counts.append(output.numel() * math.prod(layer.weight.shape[1:]))

    with torch.device("meta"):  # shapes alone
        network = full(*settings)
        for layer in network.modules():
            if isinstance(layer, (nn.Conv3d, nn.Linear)):
                layer.register_forward_hook(count)
        network(torch.empty(1, 3, 64, 256, 256))
    assert round(sum(counts) / 1e9, 1) == published


def test_maps_have_the_sizes_of_the_papers_table():
    network = tiny(tau=16, alpha=8)
    rows = summary(network, (1, 3, 64, 224, 224), depth=2).rows
    shapes = {row.name: row.output_shapes[0][1:] for row in rows}
    for name, frames, channels in (("slow", 4, 8), ("fast", 32, 1)):
        assert shapes[f"{name}_stem.0"] == (channels, frames, 112, 112)
        assert shapes[f"{name}_stem.3"] == (channels, frames, 56, 56)
        for stage, size in enumerate((56, 28, 14, 7)):
            wide = 4 * channels * 2**stage
            expected = (wide, frames, size, size)
            assert shapes[f"{name}_stages.{stage}.0"] == expected
    assert shapes["laterals.0.0"] == (2, 4, 56, 56)
    assert shapes["laterals.3.0"] == (32, 4, 14, 14)


def frames_with_gradient(network):
    x = Node(np.random.default_rng(1).normal(size=(2, 3, 16, 16, 24)))
    y = network(x)
    dy = np.random.default_rng(2).normal(size=y.shape)
    gradient = backpropagate(y, [x], gradient=dy)[x]
    return np.flatnonzero(np.abs(gradient).sum(axis=(0, 1, 3, 4)))


def test_each_pathway_sees_its_own_frames():
    """What the fast one sees reaches the slow one too, through the laterals."""
    fast = [0, 2, 4, 6, 8, 10, 12, 14]
    network = tiny()
    assert frames_with_gradient(network).tolist() == fast
    weight = network.fc.weight.value
    assert weight.shape == (4, 256 + 32)
    weight[:, 256:] = 0
    assert frames_with_gradient(network).tolist() == fast
    for lateral in network.laterals:
        lateral[0].weight.value[...] = 0
    assert frames_with_gradient(network).tolist() == [0, 8]


def test_only_the_slow_pathways_last_stages_convolve_in_time():
    network = tiny()
    frames = {
        name: [stage[0].conv1.weight.shape[2] for stage in stages]
        for name, stages in (
            ("slow", network.slow_stages),
            ("fast", network.fast_stages),
        )
    }
    assert frames == {"slow": [1, 1, 3, 3], "fast": [3, 3, 3, 3]}


def test_clips_of_any_size_whose_frames_divide():
    network = tiny()
    for shape in [(1, 3, 8, 16, 40), (2, 3, 24, 33, 17)]:
        assert network.predict(np.zeros(shape)).shape == (shape[0], 4)
    for shape in [(2, 8, 3, 32, 32), (2, 3, 12, 32, 32), (3, 8, 32, 32)]:
        with pytest.raises(ValueError, match="T a multiple of 8"):
            network(np.zeros(shape))


def test_a_stage_that_halves_and_keeps_the_channels_projects_its_shortcut():
    """With β = 1/2 a slow stage gets as many channels as it makes."""
    network = tiny(beta=1 / 2)
    first = network.slow_stages[1][0]
    assert first.conv1.channels[0] == first.conv3.channels[1]
    assert network.predict(np.zeros((1, 3, 8, 32, 32))).shape == (1, 4)


@pytest.mark.parametrize(
    "settings",
    [
        {"tau": 8, "alpha": 3},
        {"tau": 4, "alpha": 8},
        {"width": 12},
        {"beta": 0.0},
    ],
)
def test_settings_that_do_not_divide_are_refused(settings):
    with pytest.raises(ValueError, match="to be whole numbers from 1 on"):
        tiny(**settings)


class Halve(Layer):
    """In dropout's place."""

    def __call__(self, x):
        return x * 0.5


def test_dropout_stands_before_the_last_layer():
    network = tiny()
    x = np.random.default_rng(1).normal(size=(1, 3, 8, 16, 16))
    whole = network.predict(x)
    network.dropout = Halve()
    np.testing.assert_array_equal(network.predict(x), whole / 2)  # the bias is zero
