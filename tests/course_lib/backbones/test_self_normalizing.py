"""Self-normalizing networks: mean 0 and variance 1, however deep."""

import numpy as np
import pytest

from course_lib.backbones import SelfNormalizing


def moments(network, x):
    """The mean and the variance over all activations of each hidden layer."""
    x = network.flatten(x)
    found = []
    for layer in network.hidden:
        x = layer(x)
        found.append((x.value.mean(), x.value.var()))
    return np.array(found)


def deep(seed, **settings):
    rng = np.random.default_rng(seed)
    network = SelfNormalizing(in_features=64, depth=32, rng=rng, **settings)
    return network, rng


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_activations_keep_mean_0_and_variance_1(seed, dropout):
    network, rng = deep(seed, dropout=dropout)
    means, variances = moments(network, rng.normal(size=(200, 4, 16))).T
    assert np.abs(means).max() < 0.03
    assert np.abs(variances - 1).max() < 0.1


def test_activations_return_to_them():
    """Theorem 1: inputs of another mean and variance are drawn to the fixed point."""
    network, rng = deep(0, dropout=0.0)
    means, variances = moments(network, rng.normal(0.3, 1.5, size=(200, 64))).T
    assert variances[0] > 1.5
    assert abs(means[0]) > 0.1
    assert abs(means[-1]) < 0.03
    assert abs(variances[-1] - 1) < 0.1


def test_settings_are_sizes():
    network = SelfNormalizing(
        in_features=6,
        num_classes=3,
        width=5,
        depth=2,
        dropout=0.1,
        rng=np.random.default_rng(0),
    )
    assert [dropout.p for _, _, dropout in network.hidden] == [0.1, 0.1]
    shapes = {name: p.shape for name, p in network.named_parameters()}
    assert shapes == {
        "hidden.0.0.weight": (5, 6),
        "hidden.0.0.bias": (5,),
        "hidden.1.0.weight": (5, 5),
        "hidden.1.0.bias": (5,),
        "fc.weight": (3, 5),
        "fc.bias": (3,),
    }


def test_dropout_is_drawn_in_training_only():
    network = SelfNormalizing(
        in_features=6, width=50, depth=3, dropout=0.5, rng=np.random.default_rng(0)
    )
    x = np.ones((4, 6))
    assert np.abs(network(x).value - network(x).value).max() > 0.01
    np.testing.assert_array_equal(network.predict(x), network.predict(x))
