"""LeNet-5: its maps, and the one size of images that it takes."""

import numpy as np
import pytest

from course_lib.analysis import summary
from course_lib.backbones import lenet5
from course_lib.layers import MaxPool2d, ReLU


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_its_maps_are_those_of_figure_2(rng):
    rows = summary(lenet5(rng=rng), (1, 1, 32, 32)).rows
    shapes = {row.name: row.output_shapes for row in rows if row.name != "activation"}
    assert shapes == {
        "c1": ((1, 6, 28, 28),),
        "s2": ((1, 6, 14, 14),),
        "c3": ((1, 16, 10, 10),),
        "s4": ((1, 16, 5, 5),),
        "c5": ((1, 120, 1, 1),),
        "flatten": ((1, 120),),
        "f6": ((1, 84),),
        "output": ((1, 10),),
    }


def test_a_border_of_zeros_makes_28_pixels_32(rng):
    padded = lenet5(padding=2, rng=rng)
    published = lenet5(rng=rng)
    published.load_state_dict(padded.state_dict())
    x = rng.normal(size=(3, 1, 28, 28))
    border = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)))
    np.testing.assert_allclose(padded.predict(x), published.predict(border), rtol=1e-12)


@pytest.mark.parametrize(
    ("shape", "padding", "expected"),
    [
        ((3, 1, 28, 28), 0, "32, 32"),  # MNIST without its padding
        ((3, 1, 32, 32), 2, "28, 28"),
        ((3, 1, 33, 33), 0, "32, 32"),  # would fit, but leave a row and a column out
        ((3, 1, 32, 48), 0, "32, 32"),
        ((3, 1024), 0, "32, 32"),
    ],
)
def test_it_takes_one_size(rng, shape, padding, expected):
    with pytest.raises(
        ValueError, match=rf"LeNet5: x has shape .* \(N, C, {expected}\)"
    ):
        lenet5(padding=padding, rng=rng)(np.zeros(shape))


def test_its_activations_and_poolings_can_be_exchanged(rng):
    network = lenet5(activation=ReLU, pooling=MaxPool2d, rng=rng)
    rows = summary(network, (1, 1, 32, 32)).rows
    kinds = [row.type for row in rows if row.name in ("activation", "s2", "s4")]
    relu, pool = "ReLU", "MaxPool2d"
    assert kinds == [relu, pool, relu, pool, relu, relu]


def test_weights_start_by_glorots_rule(rng):
    for name, parameter in lenet5(rng=rng).named_parameters():
        w = parameter.value
        if name.endswith("bias"):
            assert not w.any()
        else:
            kernel = w[0, 0].size
            limit = np.sqrt(6 / (kernel * (w.shape[0] + w.shape[1])))
            assert 0.95 * limit < np.abs(w).max() < limit
