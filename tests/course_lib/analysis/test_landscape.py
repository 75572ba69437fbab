"""Slices through a loss against the loss itself, and the rules of their directions."""

import numpy as np
import pytest

from course_lib.analysis import (
    direction_to,
    filter_normalized_direction,
    loss_slice,
)
from course_lib.layers import BatchNorm2d, Dense, Flatten, ReLU, Sequential
from course_lib.operations.losses import cross_entropy, mse
from tests.course_lib.analysis.networks import Conv


def make_network(seed=0):
    rng = np.random.default_rng(seed)
    network = Sequential(
        Conv(4, 2, 3, 2, rng=rng),
        BatchNorm2d(4),
        ReLU(),
        Flatten(),
        Dense(4 * 3 * 5, 3, rng=rng),
    )
    network(rng.normal(3, 2, size=(30, 2, 5, 6)))  # running averages
    return network


def make_samples(n=300):
    rng = np.random.default_rng(5)
    return rng.normal(size=(n, 2, 5, 6)), rng.integers(3, size=n)


@pytest.mark.parametrize("seed", [0, 1])
def test_each_filter_of_a_direction_is_as_long_as_the_networks(seed):
    network = make_network(seed)
    direction = filter_normalized_direction(network, rng=np.random.default_rng(seed))
    assert list(direction) == network.parameters()
    draws = np.random.default_rng(seed)
    for name, p in network.named_parameters():
        d = direction[p]
        assert d.shape == p.shape
        if name in ("0.weight", "4.weight"):
            drawn = draws.normal(size=p.shape)
            for i in range(len(d)):
                np.testing.assert_allclose(
                    np.linalg.norm(d[i]), np.linalg.norm(p.value[i]), rtol=1e-13
                )
                cosine = np.sum(d[i] * drawn[i]) / np.linalg.norm(d[i])
                np.testing.assert_allclose(cosine, np.linalg.norm(drawn[i]), rtol=1e-13)
        else:  # biases, γ and β stay where they are
            assert not d.any()


def test_a_slice_is_the_loss_at_weights_that_are_moved():
    network, (x, labels) = make_network(), make_samples()
    rng = np.random.default_rng(3)
    d, e = (filter_normalized_direction(network, rng=rng) for _ in range(2))
    steps = [-0.5, 0.0, 0.3, 1.0]
    line = loss_slice(network, cross_entropy, x, labels, directions=[d], steps=steps)
    plane = loss_slice(
        network, cross_entropy, x, labels, directions=[d, e], steps=steps
    )
    assert line.shape == (4,)
    assert plane.shape == (4, 4)
    for i, alpha in enumerate(steps):
        for j, beta in enumerate(steps):
            moved = make_network()
            pairs = zip(moved.parameters(), network.parameters(), strict=True)
            for theirs, p in pairs:
                theirs.value += alpha * d[p] + beta * e[p]
            expected, _ = cross_entropy(moved.predict(x), labels=labels)
            np.testing.assert_allclose(plane[i, j], expected, rtol=1e-12)
    np.testing.assert_allclose(line, plane[:, 1], rtol=1e-13)


def test_weights_are_put_back_to_the_same_bits_and_buffers_stay():
    network, (x, labels) = make_network(), make_samples(7)
    before = network.state_dict()
    direction = filter_normalized_direction(network, rng=np.random.default_rng(0))
    settings = {"directions": [direction], "steps": [0.1, 1e17]}
    loss_slice(network, cross_entropy, x, labels, **settings)

    def failing(y, *, labels):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        loss_slice(network, failing, x, labels, **settings)
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    assert all(layer.training for layer in network.layers())


def test_at_the_end_of_a_direction_stand_the_other_weights():
    network, other, (x, labels) = make_network(), make_network(1), make_samples(20)
    for name in ["running_mean", "running_var"]:
        getattr(other[1], name)[...] = getattr(network[1], name)
    direction = direction_to(network, other.state_dict())
    found = loss_slice(
        network, cross_entropy, x, labels, directions=[direction], steps=[0, 1]
    )
    for value, each in zip(found, [network, other], strict=True):
        expected, _ = cross_entropy(each.predict(x), labels=labels)
        np.testing.assert_allclose(value, expected, rtol=1e-10)


def test_a_quadratic_loss_has_a_parabola_for_a_slice():
    rng = np.random.default_rng(0)
    network = Sequential(Dense(4, 2, rng=rng))
    x = rng.normal(size=(50, 4))
    direction = filter_normalized_direction(network, rng=rng)
    found = loss_slice(
        network, mse, x, network.predict(x), directions=[direction], steps=[-2, 0, 1, 2]
    )
    curvature = np.mean((x @ direction[network[0].weight].T) ** 2)
    np.testing.assert_allclose(found, curvature * np.array([4, 0, 1, 4]), atol=1e-15)


def test_scaling_a_layer_up_and_the_next_down_does_not_change_the_slice():
    """What the filter-wise scaling is for: the two networks are the same function."""
    losses = []
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(6, 4)), rng.normal(size=(3, 6))
    x, labels = rng.normal(size=(40, 4)), rng.integers(3, size=40)
    for scale in [1.0, 10.0]:
        network = Sequential(Dense(4, 6, rng=rng), ReLU(), Dense(6, 3, rng=rng))
        network[0].weight.value[...] = weights[0] * scale
        network[2].weight.value[...] = weights[1] / scale
        direction = filter_normalized_direction(network, rng=np.random.default_rng(1))
        steps = np.linspace(-1, 1, 5)
        losses.append(
            loss_slice(
                network, cross_entropy, x, labels, directions=[direction], steps=steps
            )
        )
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-12)


def test_float32_stays_float32():
    network = make_network().astype(np.float32)
    direction = filter_normalized_direction(network, rng=np.random.default_rng(0))
    assert {d.dtype for d in direction.values()} == {np.dtype(np.float32)}
