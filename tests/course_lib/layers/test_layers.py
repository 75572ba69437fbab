"""Every layer, by its family's table: add a row there, and it is tested here."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

import course_lib.layers
from course_lib.gradient_check import directional_check
from course_lib.graph import Node, backpropagate
from course_lib.layers import Dense, Layer, ReLU, Sequential, Sigmoid, Tanh
from tests.course_lib.layers.row import as_list, flat

TABLES = Path(__file__).parent / "tables"
ROWS = [
    row
    for path in sorted(TABLES.glob("*.py"))
    for row in import_module(f"{__package__}.tables.{path.stem}").ROWS
]

every_row = pytest.mark.parametrize("row", ROWS, ids=str)
both_seeds = pytest.mark.parametrize("seed", [0, 1])


def test_every_layer_has_a_row():
    rng = np.random.default_rng(0)
    rows = {type(row.make(rng)).__name__ for row in ROWS}
    assert rows == set(course_lib.layers.__all__) - {"Layer"}


@every_row
@both_seeds
def test_a_layer_equals_torchs(row, seed):
    rng = np.random.default_rng(seed)
    layer, module = row.make(rng), row.torch().double()
    layer.load_state_dict(module.state_dict())
    inputs = row.inputs(rng)
    dys = tuple(rng.normal(size=shape) for shape in as_list(row.output_shape))
    xs, nodes = as_nodes(inputs)
    ys = flat(layer(*xs))
    tensors = [torch.tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    expected = flat(module(*tensors))
    gradients = backpropagate(ys, nodes, gradient=dys)
    torch.autograd.backward(expected, [torch.tensor(dy) for dy in dys])
    for y, their_y in zip(ys, expected, strict=True):
        assert_close(y.value, their_y.detach())
    for x, tensor in zip(xs, tensors, strict=True):
        if isinstance(x, Node):
            assert_close(gradients[x], tensor.grad)
    theirs = dict(module.named_parameters())
    for name, parameter in layer.named_parameters():
        assert_close(gradients[parameter], theirs.pop(name).grad)
    assert not theirs


@every_row
@both_seeds
def test_backward_agrees_with_differences(row, seed):
    rng = np.random.default_rng(seed)
    layer, inputs = row.make(rng), row.inputs(rng)
    is_float = [x.dtype.kind == "f" for x in inputs]

    def function(*nodes):
        moved = iter(nodes)
        return flat(
            layer(
                *[
                    next(moved) if f else x
                    for x, f in zip(inputs, is_float, strict=True)
                ]
            )
        )

    floats = [x for x, f in zip(inputs, is_float, strict=True) if f]
    check = directional_check(function, *floats, rng=rng)
    assert check.error < 1e-8, str(check)


@every_row
def test_float32_stays_float32(row):
    rng = np.random.default_rng(0)
    layer = row.make(Float32(rng)).astype(np.float32)
    xs, nodes = as_nodes(
        x.astype(np.float32) if x.dtype.kind == "f" else x for x in row.inputs(rng)
    )
    ys = flat(layer(*xs))
    assert {y.value.dtype for y in ys} == {np.dtype(np.float32)}
    ones = tuple(np.ones(y.shape) for y in ys)
    gradients = backpropagate(ys, nodes, gradient=ones)
    assert {dx.dtype for dx in gradients.values()} <= {np.dtype(np.float32)}


@every_row
def test_a_layer_says_what_it_is(row):
    layer = row.make(np.random.default_rng(0))
    assert repr(layer) == row.repr
    assert isinstance(layer, Layer)


def test_dense_draws_its_weight_and_starts_its_bias_at_zero():
    shapes = []

    def ramp(shape, rng):
        shapes.append(shape)
        return np.arange(6.0).reshape(shape)

    layer = Dense(2, 3, initializer=ramp, rng=np.random.default_rng(0))
    assert shapes == [(3, 2)]
    np.testing.assert_equal(layer.weight.value, [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_equal(layer.bias.value, [0, 0, 0])
    np.testing.assert_equal(layer(np.array([[1.0, 10.0]])).value, [[10, 32, 54]])


def test_dense_layers_of_one_generator_differ_and_of_one_seed_agree():
    rng = np.random.default_rng(0)
    first, second = Dense(4, 3, rng=rng), Dense(4, 3, rng=rng)
    again = Dense(4, 3, rng=np.random.default_rng(0))
    assert (first.weight.value != second.weight.value).all()
    np.testing.assert_equal(first.weight.value, again.weight.value)


def test_sequential_is_a_sequence():
    layers = [ReLU(), Tanh(), Sigmoid()]
    network = Sequential(*layers)
    assert len(network) == 3
    assert list(network) == layers
    assert network[0] is layers[0]
    assert network[-1] is layers[2]
    x = np.ones((2, 3))
    np.testing.assert_equal(Sequential().predict(x), x)


def test_an_error_names_the_layer_it_comes_from():
    rng = np.random.default_rng(0)
    network = Sequential(ReLU(), Sequential(Dense(4, 3, rng=rng), Dense(2, 5, rng=rng)))
    with pytest.raises(
        ValueError, match=r"dense: x has shape \(6, 3\), w \(5, 2\)"
    ) as e:
        network(np.ones((6, 4)))
    assert e.value.__notes__ == [
        "in layer 1 of Sequential: Dense(2, 5)",
        "in layer 1 of Sequential: Sequential(Dense(4, 3), Dense(2, 5))",
    ]


@pytest.mark.parametrize("item", [[ReLU()], ReLU, np.tanh])
def test_sequential_refuses_what_is_no_layer(item):
    with pytest.raises(TypeError, match=r"Sequential: item 1 is .*star missing"):
        Sequential(Tanh(), item)


def as_nodes(inputs):
    """The inputs, those of floats as nodes; and these nodes alone."""
    xs = [Node(x) if x.dtype.kind == "f" else x for x in inputs]
    return xs, [x for x in xs if isinstance(x, Node)]


class Float32:
    """A generator whose numbers are float32."""

    def __init__(self, rng):
        self.rng = rng

    def __getattr__(self, name):
        draw = getattr(self.rng, name)
        return lambda *args, **kwargs: draw(*args, **kwargs).astype(np.float32)


def assert_close(actual, expected):
    expected = np.asarray(expected)
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= 1e-12 * np.abs(expected).max()
