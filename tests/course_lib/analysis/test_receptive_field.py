"""Receptive fields by recursion against published ones, and against gradients."""

import numpy as np
import pytest

from course_lib.analysis import measure_receptive_field, receptive_fields
from course_lib.graph import apply
from course_lib.layers import (
    AvgPool2d,
    Dense,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
)
from course_lib.operations.convolution import conv2d
from course_lib.operations.shapes import concatenate
from tests.course_lib.analysis.networks import Conv, Residual, lenet


def rng():
    return np.random.default_rng(0)


def chain(*dilations):
    return Sequential(
        *[Conv(3, 3, 3, 3, rng=rng(), dilation=d, padding=d) for d in dilations]
    )


@pytest.mark.parametrize(
    ("dilations", "sizes"),
    [((1, 2, 4, 8), [3, 7, 15, 31]), ((1, 2, 3), [3, 7, 13])],
)
def test_dilations_have_the_fields_of_the_lecture(dilations, sizes):
    found = receptive_fields(chain(*dilations), (1, 3, 40, 41))
    assert [field.size for field in found] == [(size, size) for size in sizes]
    assert {field.jump for field in found} == {(1, 1)}
    measured = measure_receptive_field(
        chain(*dilations), (1, 3, 40, 41), samples=1, rng=rng()
    )
    assert measured.size == found[-1].size


def test_lenet_has_its_fields():
    found = receptive_fields(lenet(rng()), (1, 1, 28, 28))
    assert [(f.name, f.type, f.size[0], f.jump[0], f.first[0]) for f in found] == [
        ("0", "Conv", 5, 1, -2),
        ("1", "Tanh", 5, 1, -2),
        ("2", "AvgPool2d", 6, 2, -2),
        ("3", "Conv", 14, 2, -2),
        ("4", "Tanh", 14, 2, -2),
        ("5", "AvgPool2d", 16, 4, -2),
    ]  # and none after the flattening


class Branches(Layer):
    """Two paths of different width side by side."""

    def __init__(self, *paths):
        self.paths = list(paths)

    def __call__(self, x):
        return apply(concatenate, *[path(x) for path in self.paths], axis=1)


NETWORKS = {
    "strides": Sequential(
        Conv(4, 2, 3, 2, rng=rng(), stride=(2, 1), padding=(1, 0)),
        ReLU(),
        Conv(5, 4, 2, 3, rng=rng(), stride=(1, 2), dilation=(3, 1)),
        MaxPool2d(3, stride=2, padding=1),
    ),
    "even kernel, padded to the same size": Sequential(
        Conv(4, 2, 4, 3, rng=rng(), padding="same"), AvgPool2d((2, 3))
    ),
    "residual": Sequential(
        Conv(3, 2, 2, 2, rng=rng(), stride=2),
        Residual(Conv(3, 3, 3, 5, rng=rng(), padding=(1, 2)), ReLU()),
    ),
    "branches": Branches(
        Conv(2, 2, 3, 1, rng=rng(), padding=(1, 0)),
        Conv(2, 2, 1, 5, rng=rng(), padding=(0, 2)),
    ),
    "dilated pooling": MaxPool2d((2, 3), stride=1, dilation=(3, 2)),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_the_computed_field_is_the_measured_one(network):
    shape = (2, 2, 31, 29)
    field = receptive_fields(network, shape)[-1]
    if isinstance(network, Branches):
        assert field.type == "Conv"  # the branches themselves have a row each
        assert len(receptive_fields(network, shape)) == 2
        network = Sequential(network, ReLU())
        field = receptive_fields(network, shape)[-1]
        assert field.size == (3, 5)
    outputs = network.predict(np.zeros(shape)).shape[2:]
    for position in [tuple(n // 2 for n in outputs), (2, 3)]:
        measured = measure_receptive_field(
            network, shape, position=position, samples=60, rng=rng()
        )
        first = np.add(field.first, np.multiply(position, field.jump))
        assert measured.first == tuple(first)
        assert measured.size == field.size


def test_at_the_border_a_part_of_the_field_is_padding():
    network = chain(1, 2)
    field = receptive_fields(network, (1, 3, 20, 20))[-1]
    assert field.first == (-3, -3)
    measured = measure_receptive_field(
        network, (1, 3, 20, 20), position=(0, 1), samples=1, rng=rng()
    )
    assert (measured.first, measured.size) == ((0, 0), (4, 5))


def test_one_and_three_axes():
    network = Sequential(Conv(2, 3, 4, rng=rng(), stride=3))
    [field] = receptive_fields(network, (1, 3, 20))
    assert (field.size, field.jump, field.first) == ((4,), (3,), (0,))
    network = Conv(2, 3, 1, 2, 3, rng=rng(), padding=(0, 1, 1))
    [field] = receptive_fields(network, (1, 3, 5, 6, 7))
    assert (field.size, field.first) == ((1, 2, 3), (0, -1, -1))
    measured = measure_receptive_field(network, (1, 3, 5, 6, 7), samples=1, rng=rng())
    assert measured.size == (1, 2, 3)
    np.testing.assert_allclose(measured.effective_size**3, 6, atol=1e-9)


class Turned(Layer):
    """Neither a window nor entry by entry."""

    def __call__(self, x):
        return x.mean(axis=(2, 3), keepdims=True)


def test_there_is_none_where_not_a_window_is_seen():
    conv = Conv(2, 2, 3, 3, rng=rng(), padding=1)
    strided = Conv(2, 2, 3, 3, rng=rng(), padding=1, stride=2)

    class Gate(Layer):
        def __init__(self):
            self.conv, self.mean = conv, Turned()

        def __call__(self, x):
            y = self.conv(x)
            return y * self.mean(y)

    found = receptive_fields(Sequential(Gate(), ReLU(), strided), (1, 2, 8, 8))
    assert [field.name for field in found] == ["0.conv"]
    network = Sequential(strided, Flatten(), Dense(32, 3, rng=rng()), ReLU())
    assert [field.name for field in receptive_fields(network, (1, 2, 8, 8))] == ["0"]


@pytest.mark.parametrize("settings", [{"stride": 2}, {"padding": 1}, {"dilation": 2}])
def test_there_is_none_where_the_settings_are_not_known(settings):
    class Written(Layer):
        """Calls the operation itself."""

        def __init__(self):
            self.conv = Conv(2, 2, 3, 3, rng=rng())

        def __call__(self, x):
            return apply(conv2d, x, self.conv.weight, self.conv.bias, **settings)

    assert receptive_fields(Sequential(Written(), ReLU()), (1, 2, 8, 8)) == []
    assert measure_receptive_field(
        Written(), (1, 2, 8, 8), samples=1, rng=rng()
    ).size == ((5, 5) if "dilation" in settings else (3, 3))


def test_what_is_computed_from_parameters_alone_sees_nothing():
    class Standardized(Layer):
        """A convolution whose weights and biases are computed from others."""

        def __init__(self):
            self.conv = Conv(2, 2, 3, 3, rng=rng())
            self.relu = ReLU()

        def __call__(self, x):
            w, b = self.conv.weight * 2.0, self.relu(self.conv.bias)
            return apply(conv2d, x, w, b) * (w.sum() + 1.0)

    network = Sequential(Standardized(), ReLU())
    found = receptive_fields(network, (1, 2, 8, 8))
    assert [(field.name, field.size) for field in found] == [("1", (3, 3))]


def test_a_last_window_that_sticks_out_moves_nothing():
    pool = MaxPool2d(2, stride=2, ceil_mode=True)
    [field] = receptive_fields(pool, (1, 1, 5, 6))
    assert (field.size, field.jump, field.first) == ((2, 2), (2, 2), (0, 0))


def test_paths_that_move_differently_have_no_field():
    class Crossed(Layer):
        """Rows by one path, every second row by the other."""

        def __init__(self):
            self.every = Conv(1, 1, 3, 1, rng=rng())
            self.second = Conv(1, 1, 2, 1, rng=rng(), stride=(2, 1))
            self.last = ReLU()

        def __call__(self, x):
            return self.last(self.every(x) + self.second(x))

    found = receptive_fields(Crossed(), (1, 1, 4, 3))
    assert [field.name for field in found] == ["every", "second"]


def test_the_effective_field_is_smaller_and_grows_as_a_root():
    """Luo et al.: of n layers with equal weights the field grows as n, its effective
    part as √n."""
    sizes = []
    for layers in [4, 16]:
        network = chain(*[1] * layers)
        for layer in network:
            layer.weight.value[...] = 1 / 27
        measured = measure_receptive_field(
            network, (1, 3, 61, 61), samples=1, rng=rng()
        )
        assert measured.size == (2 * layers + 1, 2 * layers + 1)
        assert measured.effective_size < measured.size[0]
        sizes.append(measured.effective_size)
    # A sum of n steps from {−1, 0, 1} has the variance 2n/3: a disc of radius r with
    # e^(−r²/2σ²) = 0.0455 has the area π·2σ²·ln(1/0.0455).
    expected = np.sqrt(2 * np.pi * (2 * 16 / 3) * np.log(1 / 0.0455))
    np.testing.assert_allclose(sizes[1], expected, rtol=0.03)
    np.testing.assert_allclose(sizes[1] / sizes[0], 2, rtol=0.1)


def test_the_gradient_is_a_mean_over_inputs_of_a_sum_over_channels():
    network = Conv(1, 2, 1, 1, rng=rng())
    draws = np.random.default_rng(7)
    expected = 0.0
    for _ in range(3):
        draws.normal(size=(5, 2, 3, 3))
        weights = draws.normal(size=(5, 1))
        expected += np.abs(weights * network.weight.value[0, :, 0, 0]).sum() / 5 / 3
    measured = measure_receptive_field(
        network, (5, 2, 3, 3), samples=3, rng=np.random.default_rng(7)
    )
    assert measured.gradient.shape == (3, 3)
    np.testing.assert_allclose(measured.gradient[1, 1], expected, rtol=1e-13)
    assert measured.effective_size == 1


def test_dead_units_are_named():
    network = Sequential(Conv(1, 1, 3, 3, rng=rng()), ReLU())
    network[0].bias.value[...] = -1e3
    with pytest.raises(ValueError, match=r"^measure_receptive_field: .*dead"):
        measure_receptive_field(network, (1, 1, 5, 5), samples=2, rng=rng())


def test_the_network_is_in_evaluation_mode_meanwhile():
    modes = []

    class Spy(Layer):
        def __call__(self, x):
            modes.append(self.training)
            return x

    network = Sequential(Conv(1, 1, 3, 3, rng=rng()), Spy())
    receptive_fields(network, (1, 1, 5, 5))
    measure_receptive_field(network, (1, 1, 5, 5), samples=1, rng=rng())
    assert modes == [False, False]
    assert all(layer.training for layer in network.layers())
