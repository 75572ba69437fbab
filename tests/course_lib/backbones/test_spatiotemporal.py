"""C3D: the sizes of its maps, its counts, and what time means to it."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import conv3d_net
from course_lib.layers import Layer
from tests.course_lib.backbones.tables.spatiotemporal import SMALL_STAGES, parameters


def tiny(**settings):
    settings = {
        "num_classes": 4,
        "stages": SMALL_STAGES,
        "hidden": 6,
        "size": (16, 32, 24),
        **settings,
    }
    return conv3d_net(**settings, rng=np.random.default_rng(0))


def test_the_published_counts():
    """78.4 M for UCF101's 101 classes; Sports-1M, where it was trained, has 487."""
    assert parameters(101) == 78_409_573
    assert parameters(487) == 79_991_015


def test_maps_have_the_papers_sizes():
    network = tiny(size=(16, 112, 112), stages=((1,), (1,), (1, 1), (1, 1), (1, 1)))
    rows = summary(network, (1, 3, 16, 112, 112)).rows
    pooled = [row.output_shapes[0][2:] for row in rows if row.type == "MaxPool3d"]
    assert pooled == [
        (16, 56, 56),
        (8, 28, 28),
        (4, 14, 14),
        (2, 7, 7),
        (1, 4, 4),
    ]


def test_the_papers_mult_adds():
    """38.5 G: every weight of a convolution at each place of its map."""
    places = 16 * 112 * 112
    convolutions = [
        *((3, 64, 1), (64, 128, 4), (128, 256, 32), (256, 256, 32)),
        *((256, 512, 256), (512, 512, 256), (512, 512, 2048), (512, 512, 2048)),
    ]
    total = sum(27 * c * o * places // n for c, o, n in convolutions)
    total += 8192 * 4096 + 4096 * 4096 + 4096 * 487
    assert round(total / 1e9, 1) == 38.5


def test_time_runs_one_way():
    """A clip played backwards is another clip; with kernels that are symmetric in time,
    and frames that come in twos, it would be the same."""
    network = tiny()
    x = np.random.default_rng(1).normal(size=(1, 3, 16, 32, 24))
    assert not np.allclose(network.predict(x), network.predict(x[:, :, ::-1]))
    for stage in network.stages:
        for parameter in stage.parameters():
            if parameter.value.ndim == 5:
                w = parameter.value
                w[...] = w + w[:, :, ::-1]
    backwards = network.predict(x[:, :, ::-1])
    np.testing.assert_allclose(network.predict(x), backwards, rtol=1e-10)


def test_clips_of_another_size_are_refused():
    network = tiny()
    for shape in [(1, 16, 3, 32, 24), (1, 3, 16, 24, 32), (3, 16, 32, 24)]:
        with pytest.raises(ValueError, match=r"with \(3, 16, 32, 24\) after N"):
            network(np.zeros(shape))


class Halve(Layer):
    """In dropout's place: what passes it twice is a quarter."""

    def __call__(self, x):
        return x * 0.5


def test_dropout_follows_both_hidden_layers():
    network = tiny()
    x = np.random.default_rng(1).normal(size=(2, 3, 16, 32, 24))
    whole = network.predict(x)
    network.dropout = Halve()
    np.testing.assert_array_equal(network.predict(x), whole / 4)  # biases are zero
