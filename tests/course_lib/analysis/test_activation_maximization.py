"""An image that excites a unit: against closed forms, and a loop by hand."""

import numpy as np
import pytest

from course_lib.analysis import maximize_activation
from course_lib.layers import BatchNorm1d, Dense, Flatten, ReLU, Sequential
from tests.course_lib.analysis.networks import Conv, small

SHAPE = (2, 3, 4)


def linear(seed=0):
    return Sequential(Flatten(), Dense(24, 3, rng=np.random.default_rng(seed)))


def maximize(network, unit, image, **settings):
    arguments = {"steps": 20, "lr": 0.1, "rng": np.random.default_rng(0)} | settings
    return maximize_activation(network, unit, image=image, **arguments)


@pytest.mark.parametrize("seed", [0, 1])
def test_of_a_linear_unit_it_is_the_weight(seed):
    """x ← (1 − ηλ)x + ηg tends to g/λ, with g of unit root mean square."""
    network = linear(seed)
    image = np.random.default_rng(seed).normal(size=SHAPE)
    found = maximize(network, 2, image, steps=400, l2=0.5)
    w = network[1].weight.value[2].reshape(SHAPE)
    expected = w / np.sqrt(np.mean(w * w)) / 0.5
    np.testing.assert_allclose(found.image, expected, rtol=1e-6, atol=1e-6)
    b = network[1].bias.value[2]
    np.testing.assert_allclose(found.activations[-1], np.sum(w * expected) + b)
    np.testing.assert_allclose(found.activations[0], np.sum(w * image) + b)


def test_one_step_by_hand():
    network, image = linear(), np.random.default_rng(1).normal(size=SHAPE)
    before = image.copy()
    found = maximize(network, 1, image, steps=1, lr=0.2, l2=0.3)
    w = network[1].weight.value[1].reshape(SHAPE)
    g = w / np.sqrt(np.mean(w * w))
    np.testing.assert_allclose(found.image, image + 0.2 * (g - 0.3 * image), rtol=1e-13)
    np.testing.assert_array_equal(image, before)
    assert len(found.activations) == 2


def test_the_activation_grows():
    rng = np.random.default_rng(0)
    network, image = small(rng), 0.1 * rng.normal(size=(2, 8, 9))
    found = maximize(network, 0, image, jitter=1)
    assert found.activations[-1] > found.activations[0] + 1
    scores = network.predict(found.image[None])[0]
    assert scores.argmax() == 0
    np.testing.assert_allclose(found.activations[-1], scores[0], rtol=1e-13)


@pytest.mark.parametrize(("unit", "count"), [(3, 6), ((3, 1, 2), 1), ((3, 1), 3)])
def test_a_unit_may_be_a_channel_or_one_of_its_positions(unit, count):
    rng = np.random.default_rng(0)
    network, image = Conv(4, 2, 2, 2, rng=rng), rng.normal(size=SHAPE)
    found = maximize(network, unit, image, steps=0)
    outputs = network.predict(image[None])[0][unit]
    assert outputs.size == count
    np.testing.assert_allclose(found.activations, [outputs.mean()], rtol=1e-13)
    np.testing.assert_array_equal(found.image, image)


def test_jitter_moves_the_image_there_and_its_gradient_back():
    """The gradient of a linear unit comes from each of the places it is moved to."""
    network, image = linear(), np.zeros((1, 4, 6))
    network = Sequential(Flatten(), Dense(24, 3, rng=np.random.default_rng(0)))
    found = maximize(network, 0, image, steps=1, lr=1.0, jitter=2)
    shift = np.random.default_rng(0).integers(-2, 3, size=2)
    assert all(shift != 0)
    w = network[1].weight.value[0].reshape(1, 4, 6)
    g = np.roll(w / np.sqrt(np.mean(w * w)), (-shift[0], -shift[1]), axis=(1, 2))
    np.testing.assert_allclose(found.image, g, rtol=1e-13)


def test_one_seed_gives_one_image():
    network = small(np.random.default_rng(0))
    image = np.zeros((2, 8, 9))
    seeds = [0, 0, 1]
    first, again, other = (
        maximize(network, 1, image, jitter=2, rng=np.random.default_rng(s)).image
        for s in seeds
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_dead_unit_leaves_the_image():
    network = Sequential(linear(), ReLU())
    network[0][1].bias.value[...] = -1e6
    found = maximize(network, 0, np.ones(SHAPE))
    np.testing.assert_array_equal(found.image, np.ones(SHAPE))
    assert found.activations == [0.0] * 21


def test_the_network_is_in_evaluation_mode_and_stays_as_it_was():
    network = Sequential(*linear(), BatchNorm1d(3))
    before = network.state_dict()
    maximize(network, 0, np.ones(SHAPE))
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    assert all(layer.training for layer in network.layers())


def test_float32_stays_float32():
    network = linear().astype(np.float32)
    found = maximize(network, 0, np.ones(SHAPE, np.float32), l2=0.1)
    assert found.image.dtype == np.float32
