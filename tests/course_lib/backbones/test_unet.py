"""U-Net: the sizes of its maps, what crosses over, and which images it takes."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import unet
from course_lib.graph import Node, backpropagate
from tests.course_lib.backbones.tables.unet import parameters


def tiny(**settings):
    return unet(
        **{"width": 2, "depth": 2, **settings}, rng=np.random.default_rng(0)
    ).eval()


def test_maps_have_the_sizes_that_the_papers_figure_shows():
    rows = {row.name: row for row in summary(tiny(depth=4), (1, 1, 572, 572)).rows}
    sizes = [
        rows[name].output_shapes[0][2]
        for name in (
            *("down.0.conv1", "down.0.conv2", "down.1.conv2", "down.2.conv2"),
            *("down.3.conv2", "bottom.conv1", "bottom.conv2"),
            *("up.3", "merge.3.conv2", "up.2", "merge.2.conv2"),
            *("up.1", "merge.1.conv2", "up.0", "merge.0.conv2", "head"),
        )
    ]
    assert sizes[:7] == [570, 568, 280, 136, 64, 30, 28]
    assert sizes[7:] == [56, 52, 104, 100, 200, 196, 392, 388, 388]
    assert len([r for r in rows.values() if r.parameters]) == 23


@pytest.mark.parametrize(("height", "width"), [(4, 4), (12, 8), (16, 36)])
def test_padded_maps_are_as_large_as_the_image(height, width):
    x = np.zeros((1, 1, height, width))
    assert tiny(padding="same").predict(x).shape == (1, 2, height, width)


def test_cropped_maps_lose_what_the_convolutions_take():
    assert tiny().predict(np.zeros((1, 1, 44, 48))).shape == (1, 2, 4, 8)


@pytest.mark.parametrize(
    ("padding", "size", "message"),
    [
        ("same", (16, 18), "multiples of 4, which can be halved 2 times"),
        ("same", (18, 16), "multiples of 4, which"),
        ("valid", (46, 44), "multiples of 4 less 4, which can be halved 2 times"),
    ],
)
def test_a_map_that_cannot_be_halved_is_refused(padding, size, message):
    network = tiny(padding=padding)
    with pytest.raises(ValueError, match=message):
        network.predict(np.zeros((1, 1, *size)))


def test_only_a_skip_lets_the_highest_level_see_single_pixels():
    """Without what crosses over, the pixel's way leads through the bottom: its signal
    is gone when the bottom is cut, with a skip it is not."""
    for skip in (True, False):
        network = tiny(padding="same", skip=skip)
        for parameter in network.bottom.parameters():
            parameter.value[...] = 0
        x = Node(np.random.default_rng(1).normal(size=(1, 1, 8, 8)))
        y = network(x)
        gradient = backpropagate(y, [x], gradient=np.ones(y.shape))[x]
        assert np.any(gradient != 0) == skip


def test_what_crosses_over_stands_first_and_comes_from_the_middle():
    network = tiny(depth=1)
    x = np.random.default_rng(1).normal(size=(1, 1, 20, 24))
    across = network.down[0](Node(x))
    assert across.shape == (1, 2, 16, 20)
    bottom = network.bottom(network.pool(across))
    above = network.up[0](bottom)
    assert above.shape == (1, 2, 8, 12)
    joined = np.concatenate([across.value[:, :, 4:12, 4:16], above.value], axis=1)
    expected = network.head(network.merge[0](joined)).value
    np.testing.assert_array_equal(network(x).value, expected)


def test_dropout_stands_at_the_bottom_in_training():
    network = tiny(padding="same", dropout=1.0)
    x = np.random.default_rng(1).normal(size=(1, 1, 8, 8))
    network.train()
    dropped = network(x).value
    for parameter in network.bottom.parameters():
        parameter.value[...] = 0
    np.testing.assert_array_equal(dropped, network.predict(x))


def test_the_papers_widths_make_31_million_parameters():
    assert parameters(2, 1, 64, 4) == 31_030_658
