"""DenseNet: what is appended, and the sizes of its maps."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import DenseNet, densenet121
from course_lib.backbones.densenet import DenseLayer
from course_lib.graph import Node
from course_lib.layers import Conv2d, Dense


def tiny(**settings):
    return DenseNet(
        **{"growth_rate": 2, "depths": (2, 1, 1, 1), "width": 4, **settings},
        num_classes=3,
        rng=np.random.default_rng(0),
    )


def maps(network, size):
    rows = summary(network, (1, 3, size, size), depth=1).rows
    return [row.output_shapes[0][1:3] for row in rows if row.name[:5] == "stage"]


def test_maps_have_the_sizes_of_table_1():
    # Dense blocks and transitions in turn: 4 + 2·2 channels, half of it, …
    assert maps(tiny(), 224) == [
        *((8, 56), (4, 28)),
        *((6, 28), (3, 14)),
        *((5, 14), (2, 7)),
        (4, 7),
    ]


def test_for_small_images_the_first_map_is_as_large_as_the_image():
    network = tiny(depths=(1, 1, 1), small_images=True)
    assert [size for _, size in maps(network, 32)] == [32, 16, 16, 8, 8]


def test_it_has_121_layers_with_weights():
    layers = densenet121(rng=np.random.default_rng(0)).layers()
    assert sum(isinstance(layer, (Conv2d, Dense)) for layer in layers) == 121


def test_for_cifar_it_has_the_parameters_of_table_2():
    """DenseNet-BC of 100 layers with k = 12: three stages of (100 − 4)/6 layers, and
    2k channels before."""
    network = DenseNet(
        12,
        (16, 16, 16),
        width=24,
        small_images=True,
        num_classes=10,
        rng=np.random.default_rng(0),
    )
    count = sum(p.value.size for p in network.parameters())
    assert round(count / 1e6, 1) == 0.8
    layers = [x for x in network.layers() if isinstance(x, (Conv2d, Dense))]
    assert len(layers) == 100


def test_a_layer_appends_to_its_input_and_keeps_it():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 5, 4, 6))
    y = DenseLayer(5, 2, rng=rng)(Node(x)).value
    assert y.shape == (3, 7, 4, 6)
    np.testing.assert_array_equal(y[:, :5], x)
    assert np.abs(y[:, 5:]).min() > 0


def test_dropout_leaves_out_what_is_appended_and_no_more():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 5, 4, 6))
    layer = DenseLayer(5, 2, dropout=1.0, rng=rng)
    y = layer(Node(x)).value
    np.testing.assert_array_equal(y[:, :5], x)
    assert not y[:, 5:].any()
    assert layer.predict(x)[:, 5:].all()


def test_the_network_hands_its_dropout_on():
    rates = [
        layer.dropout.p
        for layer in tiny(dropout=0.2).layers()
        if isinstance(layer, DenseLayer)
    ]
    assert rates == [0.2] * 5


@pytest.mark.parametrize("size", [(32, 32), (33, 47)])
def test_images_may_be_of_any_size_from_32_on(size):
    assert tiny().predict(np.ones((2, 3, *size))).shape == (2, 3)


def test_a_smaller_image_is_refused():
    with pytest.raises(ValueError, match="Has the image been halved too often"):
        tiny().predict(np.ones((2, 3, 16, 16)))
