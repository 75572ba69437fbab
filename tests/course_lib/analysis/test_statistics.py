"""Statistics by layer against NumPy's on the layers' own outputs, and torch's hooks."""

import numpy as np
import pytest
import torch

from course_lib.analysis import distribution, layer_statistics
from course_lib.graph import apply
from course_lib.layers import BatchNorm1d, Dense, Layer, ReLU, Sequential, Sigmoid, Tanh
from course_lib.operations.losses import cross_entropy
from tests.course_lib.analysis.networks import Residual, small


def make_network(*middle):
    rng = np.random.default_rng(0)
    return Sequential(Dense(4, 6, rng=rng), *middle, Dense(6, 3, rng=rng))


def make_batch():
    rng = np.random.default_rng(1)
    return rng.normal(size=(50, 4)), rng.integers(3, size=50)


def test_activations_and_gradients_equal_those_of_torchs_hooks():
    network, (x, labels) = make_network(Tanh(), ReLU()), make_batch()
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.ReLU(), torch.nn.Linear(6, 3)
    ).double()
    state = {name: torch.tensor(a) for name, a in network.state_dict().items()}
    theirs.load_state_dict(
        {
            name.replace("2.", "3.") if "2." in name else name: a
            for name, a in state.items()
        }
    )
    outputs = []
    for module in theirs:
        module.register_forward_hook(
            lambda module, given, y: (y.retain_grad(), outputs.append(y))[0]
        )
    loss = torch.nn.functional.cross_entropy(
        theirs(torch.tensor(x)), torch.tensor(labels)
    )
    loss.backward()
    found = layer_statistics(network, x, loss=cross_entropy, labels=labels)
    assert [layer.name for layer in found] == ["0", "1", "2", "3"]
    assert [layer.type for layer in found] == ["Dense", "Tanh", "ReLU", "Dense"]
    for layer, y in zip(found, outputs, strict=True):
        assert layer.shape == tuple(y.shape)
        for mine, tensor in [(layer.activation, y.detach()), (layer.gradient, y.grad)]:
            np.testing.assert_allclose(
                [mine.mean, mine.std, mine.norm, mine.zeros],
                [
                    float(tensor.mean()),
                    float(tensor.std(correction=0)),
                    float(tensor.norm()),
                    float((tensor == 0).double().mean()),
                ],
                rtol=1e-10,
                atol=1e-16,
            )
        np.testing.assert_allclose(layer.values, y.detach(), rtol=1e-12)


def test_a_distribution_by_hand():
    found = distribution(np.array([[3.0, 0.0], [-1.0, 0.0]]))
    assert (found.mean, found.zeros) == (0.5, 0.5)
    np.testing.assert_allclose([found.std, found.norm], [1.5, np.sqrt(10)])


class Fixed(Layer):
    """Applies a layer to values that are given."""

    def __init__(self, layer, values):
        self.layer, self.given = layer, values

    def __call__(self, x):
        return self.layer(x * 0.0 + float(1) * np.array(self.given))


@pytest.mark.parametrize(
    ("layer", "values", "saturated"),
    [
        (Tanh(), [1.4, 1.5, -1.4, -1.5], 0.5),  # tanh 1.472 = 0.9
        (Sigmoid(), [2.9, 3.0, -2.9, -3.0], 0.5),  # σ(2.944) = 0.95
        (ReLU(), [0.0, -1.0, 5.0, 9.0], None),
    ],
    ids=["tanh", "sigmoid", "relu"],
)
def test_saturation_is_counted_near_the_limits(layer, values, saturated):
    network = Fixed(layer, values)
    [found] = layer_statistics(network, np.ones((3, 4)))
    assert found.saturated == saturated


def test_dead_features_give_zero_for_every_sample():
    network, (x, _) = make_network(ReLU()), make_batch()
    network[0].bias.value[[1, 4]] = -100
    dense, relu, _ = layer_statistics(network, x)
    assert dense.dead == 0
    assert relu.dead == 2 / 6
    assert 2 / 6 < relu.activation.zeros < 1
    network = small(np.random.default_rng(0))
    network[0].bias.value[3] = -100
    images = np.random.default_rng(2).normal(size=(5, 2, 8, 9))
    assert [layer.dead for layer in layer_statistics(network, images)][:3] == [
        0,
        0.25,
        0.25,
    ]


def test_without_a_loss_there_are_no_gradients():
    x, _ = make_batch()
    assert [y.gradient for y in layer_statistics(make_network(ReLU()), x)] == [None] * 3


def test_layers_of_layers_are_listed_on_request():
    network, (x, _) = make_network(Residual(ReLU())), make_batch()
    names = [layer.name for layer in layer_statistics(network, x)]
    assert names == ["0", "1.inner.0", "2"]
    names = [layer.name for layer in layer_statistics(network, x, inner=True)]
    assert names == ["", "0", "1", "1.inner", "1.inner.0", "2"]


def test_what_gives_several_is_left_out():
    class Pair(Layer):
        def __call__(self, x):
            return x, x * 2.0

    class Second(Layer):
        def __call__(self, pair):
            return pair[1] * 1.0

    x, _ = make_batch()
    assert [y.name for y in layer_statistics(Sequential(Pair(), Second()), x)] == ["1"]


def test_it_looks_in_the_networks_own_mode_and_changes_nothing():
    network, (x, _) = make_network(BatchNorm1d(6)), make_batch()
    before = network.state_dict()
    training = layer_statistics(network, x)[1]
    np.testing.assert_allclose([training.activation.mean], 0, atol=1e-12)
    np.testing.assert_allclose(training.activation.std, 1, rtol=1e-3)
    network.eval()
    evaluation = layer_statistics(network, x)[1]
    assert abs(evaluation.activation.std - 1) > 0.01
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_vanishing_gradients_are_seen():
    rng = np.random.default_rng(0)
    layers = []
    for _ in range(10):
        layers += [Dense(6, 6, rng=rng), Sigmoid()]
    network, x = Sequential(*layers), rng.normal(size=(20, 6))

    def total(y, *, labels):
        return y.sum(), lambda dy: np.full_like(y, dy)

    found = layer_statistics(network, x, loss=total)
    norms = [layer.gradient.norm for layer in found if layer.type == "Sigmoid"]
    assert norms == sorted(norms)
    assert norms[0] < 1e-4 * norms[-1]
    assert apply(total, network(x), labels=None).shape == ()
