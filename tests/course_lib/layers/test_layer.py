"""What all layers share: names, modes, sharing, and the state."""

import zipfile

import numpy as np
import pytest
import torch

from course_lib.graph import GradientError, Node, Parameter, apply, backpropagate
from course_lib.layers import Dense, Flatten, Layer, ReLU, Sequential, Sigmoid, Tanh
from course_lib.operations import losses


@pytest.fixture
def rng():
    return np.random.default_rng(0)


class Siamese(Layer):
    """One encoder for two inputs, and a list of heads."""

    def __init__(self, rng):
        self.encoder = Sequential(Dense(4, 3, rng=rng), Tanh())
        self.heads = [Dense(3, 2, rng=rng), Dense(3, 5, rng=rng)]
        self.scale = Parameter([2.0], "scale")

    def __call__(self, a, b):
        distance = self.encoder(a) - self.encoder(b)
        return self.heads[0](distance * self.scale)


def network_and_torchs(rng):
    ours = Sequential(
        Flatten(),
        Dense(12, 7, rng=rng),
        ReLU(),
        Sequential(Dense(7, 5, rng=rng), Tanh(), Dense(5, 6, rng=rng)),
        Sigmoid(),
        Dense(6, 3, rng=rng),
    )
    theirs = torch.nn.Sequential(
        torch.nn.Flatten(),
        torch.nn.Linear(12, 7),
        torch.nn.ReLU(),
        torch.nn.Sequential(
            torch.nn.Linear(7, 5), torch.nn.Tanh(), torch.nn.Linear(5, 6)
        ),
        torch.nn.Sigmoid(),
        torch.nn.Linear(6, 3),
    ).double()
    return ours, theirs


# The state.


@pytest.mark.parametrize("seed", [0, 1])
def test_a_state_of_torch_gives_torchs_loss_and_gradients(seed):
    rng = np.random.default_rng(seed)
    ours, theirs = network_and_torchs(rng)
    ours.load_state_dict(theirs.state_dict())
    x, labels = rng.normal(size=(5, 3, 4)), np.array([2, 0, 1, 1, 2])
    loss = apply(losses.cross_entropy, ours(x), labels=labels)
    gradients = backpropagate(loss)
    expected = torch.nn.functional.cross_entropy(
        theirs(torch.tensor(x)), torch.tensor(labels)
    )
    expected.backward()
    np.testing.assert_allclose(loss.value, expected.item(), rtol=1e-13)
    pairs = zip(ours.named_parameters(), theirs.named_parameters(), strict=True)
    for (name, parameter), (their_name, tensor) in pairs:
        assert name == their_name
        error = np.abs(gradients[parameter] - tensor.grad.numpy()).max()
        assert error <= 1e-12 * tensor.grad.abs().max().item()


def test_names_and_shapes_line_up_with_torchs(rng):
    ours, theirs = network_and_torchs(rng)
    expected = {name: tuple(x.shape) for name, x in theirs.state_dict().items()}
    assert {name: x.shape for name, x in ours.state_dict().items()} == expected
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({k: torch.tensor(x) for k, x in ours.state_dict().items()})


def test_a_shared_layer_has_both_names_in_the_state_as_in_torch(rng):
    dense = Dense(3, 3, rng=rng)
    ours = Sequential(dense, Tanh(), dense)
    linear = torch.nn.Linear(3, 3).double()
    theirs = torch.nn.Sequential(linear, torch.nn.Tanh(), linear)
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_equal(dense.weight.value, linear.weight.detach().numpy())
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [name for name, _ in ours.named_parameters()] == ["0.weight", "0.bias"]
    assert len(ours.parameters()) == 2


@pytest.mark.parametrize("name", ["weights.npz", "weights"])
def test_a_state_survives_the_disk(rng, tmp_path, name):
    network, _ = network_and_torchs(rng)
    other, _ = network_and_torchs(rng)
    network.save(tmp_path / name)
    other.load(tmp_path / name)
    np.testing.assert_equal(other.state_dict(), network.state_dict())
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with zipfile.ZipFile(tmp_path / name) as archive:
        assert sorted(archive.namelist()) == sorted(
            f"{key}.npy" for key in network.state_dict()
        )


def test_a_file_with_pickled_objects_is_not_opened(rng, tmp_path):
    layer = Dense(3, 2, rng=rng)
    np.savez(tmp_path / "state.npz", weight=np.array([{}], object), bias=np.zeros(2))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        layer.load(tmp_path / "state.npz")


def test_a_state_is_a_copy(rng):
    layer = Dense(3, 2, rng=rng)
    layer.state_dict()["weight"][...] = 0
    assert layer.weight.value.all()
    zeros = {"weight": np.zeros((2, 3)), "bias": np.ones(2)}
    array = layer.weight.value
    layer.load_state_dict(zeros)
    zeros["weight"][...] = 5
    assert layer.weight.value is array  # optimizers hold on to it
    assert not array.any()


def test_a_state_that_does_not_fit_changes_nothing(rng):
    layer = Dense(3, 2, rng=rng)
    before = layer.state_dict()
    good = {"weight": np.zeros((2, 3)), "bias": np.zeros(2)}
    for state, message in [
        ({"weight": good["weight"]}, r"missing \['bias'\], unknown \[\]"),
        ({**good, "gamma": 1.0}, r"missing \[\], unknown \['gamma'\]"),
        (
            {**good, "bias": np.zeros(3)},
            r"bias has shape \(3,\), expected \(2,\).*other widths",
        ),
    ]:
        with pytest.raises(ValueError, match=message):
            layer.load_state_dict(state)
        np.testing.assert_equal(layer.state_dict(), before)


# Names, modes and sharing.


def test_parameters_are_named_by_attribute_list_index_and_position(rng):
    assert [name for name, _ in Siamese(rng).named_parameters()] == [
        "scale",
        "encoder.0.weight",
        "encoder.0.bias",
        "heads.0.weight",
        "heads.0.bias",
        "heads.1.weight",
        "heads.1.bias",
    ]


def test_a_layer_used_twice_gets_the_sum_of_both_gradients(rng):
    """Dense twice with one weight: the gradient of W W x by W has two terms."""
    dense = Dense(3, 3, rng=rng)
    x = rng.normal(size=(5, 3))
    shared = backpropagate(Sequential(dense, Tanh(), dense)(x).sum())
    twin = Dense(3, 3, rng=rng)
    twin.load_state_dict(dense.state_dict())
    apart = backpropagate(Sequential(dense, Tanh(), twin)(x).sum())
    for name in ["weight", "bias"]:
        total = apart[getattr(dense, name)] + apart[getattr(twin, name)]
        np.testing.assert_allclose(shared[getattr(dense, name)], total, rtol=1e-13)


def test_modes_reach_every_layer_within(rng):
    network = Siamese(rng)
    assert len(network.layers()) == 6
    assert network.eval() is network
    assert not any(layer.training for layer in network.layers())
    assert network.train() is network
    assert all(layer.training for layer in network.layers())


class Moody(Layer):
    """Adds one in training only, and can fail."""

    def __call__(self, x):
        if np.isnan(x.value).any():
            raise ArithmeticError("not a number")
        return x + (1 if self.training else 0)


def test_predict_is_evaluation_without_recording_and_puts_the_modes_back():
    network = Sequential(Moody(), Sequential(Moody(), Moody()))
    network[1].eval()
    modes = [layer.training for layer in network.layers()]
    np.testing.assert_equal(network.predict([1.0, 2.0]), [1, 2])
    assert [layer.training for layer in network.layers()] == modes
    with pytest.raises(ArithmeticError):
        network.predict([np.nan])
    assert [layer.training for layer in network.layers()] == modes
    y, _ = network.forward([1.0])
    assert y == 2  # recording again, and one layer in training


def test_predict_leaves_no_graph_behind():
    calls = []

    class Watched(Layer):
        def __call__(self, x):
            y = x * 2
            calls.append(y.call)
            return y

    Watched().predict([1.0])
    assert calls == [None]


def test_predict_agrees_with_the_call(rng):
    network, _ = network_and_torchs(rng)
    x = rng.normal(size=(5, 3, 4))
    np.testing.assert_equal(network.predict(x), network(x).value)
    assert isinstance(network.predict(x), np.ndarray)


def test_forward_is_the_layer_as_one_operation(rng):
    layer = Dense(4, 3, rng=rng)
    x, dy = rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
    y, backward = layer.forward(x)
    dx, gradients = backward(dy)
    np.testing.assert_allclose(y, x @ layer.weight.value.T, rtol=1e-14)
    np.testing.assert_allclose(dx, dy @ layer.weight.value, rtol=1e-14)
    np.testing.assert_allclose(gradients[layer.weight], dy.T @ x, rtol=1e-14)
    np.testing.assert_allclose(gradients[layer.bias], dy.sum(axis=0), rtol=1e-14)


def test_forward_twice_keeps_both_backwards_apart(rng):
    """A layer with a cache would answer for its last input."""
    layer = Sequential(Dense(4, 3, rng=rng), Tanh())
    first, second, dy = rng.normal(size=(3, 5, 4)), rng.normal(size=(5, 4)), 1
    _, backward = layer.forward(first[0])
    expected, _ = backward(np.ones((5, 3)) * dy)
    _, backward = layer.forward(first[0])
    layer.forward(second)
    np.testing.assert_equal(backward(np.ones((5, 3)))[0], expected)


def test_forward_of_several_inputs_returns_as_many_gradients(rng):
    network = Siamese(rng)
    a, b = rng.normal(size=(2, 5, 4))
    y, backward = network.forward(a, b)
    (da, db), gradients = backward(np.ones_like(y))
    assert da.shape == db.shape == (5, 4)
    assert gradients[network.scale].shape == (1,)
    with pytest.raises(GradientError):  # the second head was not used
        gradients[network.heads[1].weight]


class Statistics(Layer):
    """Returns a tuple within a tuple, and remembers the mean of what it saw."""

    def __init__(self):
        self.scale = Parameter([2.0, 3.0])
        self.mean = np.zeros(2)
        self.count = np.array(0)

    def __call__(self, x):
        y = x * self.scale
        if self.training:
            self.mean[...] = x.value.mean(axis=0)
            self.count += 1
        return y, (y.sum(axis=1), x * x)


def test_several_outputs_come_in_their_structure_and_go_back_in_it(rng):
    layer, x = Statistics(), rng.normal(size=(4, 2))
    dys = rng.normal(size=(4, 2)), (rng.normal(size=4), rng.normal(size=(4, 2)))
    (y, (total, squares)), backward = layer.forward(x)
    np.testing.assert_equal(y, x * [2, 3])
    np.testing.assert_allclose(total, x @ [2, 3], rtol=1e-15)
    np.testing.assert_equal(squares, x * x)
    dx, gradients = backward(dys)
    dy = dys[0] + dys[1][0][:, None]
    np.testing.assert_allclose(dx, dy * [2, 3] + 2 * x * dys[1][1], rtol=1e-14)
    np.testing.assert_allclose(gradients[layer.scale], (dy * x).sum(0), rtol=1e-14)
    first, (second, _) = layer.predict(x)
    np.testing.assert_equal([first, second], [y, total])


def test_an_array_is_a_buffer_saved_and_loaded_but_not_learned(rng):
    network = Sequential(Statistics())
    network[0](Node(np.array([[1.0, 2.0], [3.0, 4.0]])))
    state = network.state_dict()
    assert state.keys() == {"0.scale", "0.mean", "0.count"}
    assert [p.shape for p in network.parameters()] == [(2,)]
    again = Sequential(Statistics())
    mean, count = again[0].mean, again[0].count
    again.load_state_dict(state)
    assert again[0].mean is mean
    np.testing.assert_equal(mean, [2, 3])
    assert count == 1
    assert count.dtype == np.int64
    with pytest.raises(ValueError, match=r"missing \['0.count'\]"):
        again.load_state_dict({"0.scale": [1, 2], "0.mean": [1, 2]})


def test_astype_converts_what_is_of_floating_point():
    network = Sequential(Statistics(), Dense(2, 3, rng=np.random.default_rng(0)))
    assert network.astype(np.float32) is network
    types = {name: array.dtype for name, array in network.state_dict().items()}
    assert types.pop("0.count") == np.int64
    assert set(types.values()) == {np.dtype(np.float32)}
    assert len(types) == 4


def test_a_layer_without_a_call_says_so():
    class Unfinished(Layer):
        pass

    with pytest.raises(NotImplementedError, match="Unfinished does not define"):
        Unfinished()(1)
