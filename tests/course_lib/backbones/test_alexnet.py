"""AlexNet: its maps, the sizes it takes, and where it leaves units out."""

import numpy as np
import pytest

from course_lib.analysis import summary
from course_lib.backbones import alexnet
from course_lib.layers import Dropout, LocalResponseNorm

SMALL = {"channels": (4, 6, 8, 8, 2), "hidden": 12, "num_classes": 5}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_its_maps_are_those_of_figure_2(rng):
    rows = summary(alexnet(**SMALL, rng=rng), (1, 3, 224, 224)).rows
    maps = [r.output_shapes[0][2:] for r in rows if r.type in ("Conv2d", "MaxPool2d")]
    sides = [55, 27, 27, 13, 13, 13, 13, 6]
    assert maps == [(side, side) for side in sides]


def test_normalization_stands_between_the_first_two_relus_and_their_poolings(rng):
    network = alexnet(**SMALL, local_response=True, rng=rng)
    kinds = [type(layer).__name__ for layer in network.features]
    unit = ["Conv2d", "ReLU", "LocalResponseNorm", "MaxPool2d"]
    rest = [*["Conv2d", "ReLU"] * 3, "MaxPool2d"]
    assert kinds == [*unit, *unit, *rest]
    norms = [x for x in network.features if isinstance(x, LocalResponseNorm)]
    for norm in norms:  # section 3.3, α for the mean of 5 channels
        assert (norm.size, norm.k, norm.beta) == (5, 2, 0.75)
        assert norm.alpha == pytest.approx(5 * 1e-4)


@pytest.mark.parametrize(
    ("small_images", "smallest"), [(False, 63), (True, 15)], ids=["usual", "small"]
)
def test_the_smallest_images(rng, small_images, smallest):
    network = alexnet(**SMALL, small_images=small_images, rng=rng)
    assert network(np.zeros((2, 3, smallest, smallest + 9))).shape == (2, 5)
    with pytest.raises(ValueError, match="Has the image been halved too often"):
        network(np.zeros((2, 3, smallest - 1, smallest)))


def test_it_leaves_out_inputs_of_the_hidden_dense_layers(rng):
    layers = list(alexnet(**SMALL, rng=rng).classifier)
    assert [i for i, layer in enumerate(layers) if isinstance(layer, Dropout)] == [0, 3]
    assert {layers[0].p, layers[3].p} == {0.5}


def test_in_training_each_pass_is_another_and_in_evaluation_the_same(rng):
    network = alexnet(**SMALL, rng=rng)
    x = rng.normal(size=(3, 3, 63, 63))
    assert not np.array_equal(network(x).value, network(x).value)
    np.testing.assert_array_equal(network.predict(x), network.predict(x))


def test_weights_before_a_relu_start_by_hes_rule(rng):
    network = alexnet(channels=(48, 64, 64, 64, 32), hidden=128, pooled=3, rng=rng)
    names = [f"features.{i}" for i in (0, 3, 6, 8, 10)]
    names += [f"classifier.{i}" for i in (1, 4)]
    state = network.state_dict()
    for name in names:
        w = state[f"{name}.weight"]
        assert w.std() == pytest.approx(np.sqrt(2 / w[0].size), rel=0.05), name
        assert not state[f"{name}.bias"].any()


def test_no_class_is_likelier_at_first(rng):
    w = alexnet(**SMALL | {"hidden": 300}, rng=rng).classifier[6].weight
    assert w.value.std() == pytest.approx(0.01, rel=0.05)
