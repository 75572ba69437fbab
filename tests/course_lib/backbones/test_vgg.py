"""VGG: the depths and the maps of table 1, and the sizes it takes."""

import numpy as np
import pytest

from course_lib import backbones
from course_lib.analysis import summary
from course_lib.layers import Conv2d, Dense, Dropout

SMALL = {"width": 2, "hidden": 6, "num_classes": 5}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("name", "depth", "kernels_of_1"),
    [
        ("vgg11", 11, 0),
        ("vgg11_lrn", 11, 0),
        ("vgg13", 13, 0),
        ("vgg16_1x1", 16, 3),
        ("vgg16", 16, 0),
        ("vgg19", 19, 0),
    ],
)
def test_its_name_says_its_depth(rng, name, depth, kernels_of_1):
    layers = getattr(backbones, name)(**SMALL, rng=rng).layers()
    weights = [layer for layer in layers if isinstance(layer, (Conv2d, Dense))]
    assert len(weights) == depth
    sizes = [w.kernel_size for w in weights if isinstance(w, Conv2d)]
    assert sorted(sizes) == [1] * kernels_of_1 + [3] * (len(sizes) - kernels_of_1)


def test_stages_halve_the_maps_and_double_the_channels(rng):
    rows = summary(backbones.vgg16(**SMALL, rng=rng), (1, 3, 224, 224)).rows
    maps = [row.output_shapes[0][1:] for row in rows if row.type == "MaxPool2d"]
    stages = zip((2, 4, 8, 16, 16), (112, 56, 28, 14, 7), strict=True)
    assert maps == [(channels, side, side) for channels, side in stages]


def test_local_response_normalization_comes_after_the_first_relu(rng):
    kinds = [type(x).__name__ for x in backbones.vgg11_lrn(**SMALL, rng=rng).features]
    assert kinds[:4] == ["Conv2d", "ReLU", "LocalResponseNorm", "MaxPool2d"]
    assert kinds.count("LocalResponseNorm") == 1


def test_the_smallest_images(rng):
    network = backbones.vgg11(**SMALL, rng=rng)
    assert network(np.zeros((2, 3, 32, 41))).shape == (2, 5)
    with pytest.raises(ValueError, match="Has the image been halved too often"):
        network(np.zeros((2, 3, 31, 32)))


def test_fewer_stages_take_smaller_images(rng):
    network = backbones.VGG(((3,), (3, 3)), **SMALL, pooled=1, rng=rng)
    assert network(np.zeros((2, 3, 4, 5))).shape == (2, 5)


def test_it_leaves_out_hidden_units_of_the_dense_layers(rng):
    layers = list(backbones.vgg11(**SMALL, rng=rng).classifier)
    assert [i for i, layer in enumerate(layers) if isinstance(layer, Dropout)] == [2, 5]
    assert {layers[2].p, layers[5].p} == {0.5}


def test_weights_before_a_relu_start_by_hes_rule(rng):
    settings = {"width": 32, "hidden": 128, "pooled": 1}
    state = backbones.vgg11(**settings, rng=rng).state_dict()
    hidden = {name: w for name, w in state.items() if w.ndim > 1}
    hidden.pop("classifier.6.weight")
    for name, w in hidden.items():
        assert w.std() == pytest.approx(np.sqrt(2 / w[0].size), rel=0.05), name


def test_no_class_is_likelier_at_first(rng):
    w = backbones.vgg11(**SMALL | {"hidden": 300}, rng=rng).classifier[6].weight
    assert w.value.std() == pytest.approx(0.01, rel=0.05)
