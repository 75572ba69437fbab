"""A network's table against published counts, hooks in torch, and counts by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from course_lib.analysis import summary
from course_lib.analysis.mult_adds import mult_adds
from course_lib.graph import Node, Parameter, apply
from course_lib.layers import LSTM, Dense, Layer, ReLU, Sequential
from course_lib.operations import convolution, matrices
from course_lib.operations.attention import scaled_dot_product_attention
from course_lib.operations.gru import gru
from course_lib.operations.lstm import lstm
from course_lib.operations.rnn import rnn
from tests.course_lib.analysis.networks import Conv, Residual, lenet, small

RNG = np.random.default_rng(0)


def test_lenet_has_its_published_count():
    table = summary(lenet(RNG), (1, 1, 28, 28))
    assert table.parameters == 61_706
    rows = [row for row in table.rows if row.parameters]
    assert [row.parameters for row in rows] == [156, 2_416, 48_120, 10_164, 850]
    assert [row.mult_adds for row in rows] == [117_600, 240_000, 48_000, 10_080, 840]
    assert [row.output_shapes for row in table.rows][2:4] == [
        ((1, 6, 14, 14),),
        ((1, 16, 10, 10),),
    ]
    assert table.mult_adds == 416_520
    assert [row.name for row in table.rows] == [str(i) for i in range(12)]


def test_it_prints_as_a_table():
    network = Sequential(Dense(5, 70, rng=RNG), ReLU(), Dense(70, 3, rng=RNG))
    assert str(summary(network, (4, 5))) == (
        "layer  type   output  parameters  mult-adds\n"
        "───────────────────────────────────────────\n"
        "0      Dense  4×70           420      1,400\n"
        "1      ReLU   4×70             0          0\n"
        "2      Dense  4×3            213        840\n"
        "───────────────────────────────────────────\n"
        "total                        633      2,240"
    )


class Scaled(Layer):
    """With a Parameter, a product and a number of its own, and one layer unused."""

    def __init__(self, inner):
        self.scale = Parameter(np.ones((4, 4)))
        self.inner = inner
        self.spare = Dense(2, 3, rng=RNG)

    def __call__(self, x):
        return self.inner(x @ self.scale).sum()


def test_layers_of_layers_have_a_row_for_what_is_their_own():
    table = summary(Sequential(Scaled(Dense(4, 6, rng=RNG))), (5, 4))
    rows = [(row.name, row.type, row.parameters, row.mult_adds) for row in table.rows]
    assert rows == [
        ("0", "Scaled", 16, 5 * 16),
        ("0.inner", "Dense", 30, 5 * 24),
        ("0.spare", "Dense", 9, 0),
    ]
    assert table.parameters == 16 + 30 + 9
    lines = str(table).splitlines()
    assert lines[2].split() == ["0", "Scaled", "number", "16", "80"]
    assert lines[4].split() == ["0.spare", "Dense", "not", "called", "9", "0"]


def test_a_shared_layer_counts_once_but_works_twice():
    dense = Dense(4, 4, rng=RNG)
    table = summary(Sequential(dense, ReLU(), dense), (3, 4))
    assert [(row.parameters, row.mult_adds) for row in table.rows] == [
        (20, 48),
        (0, 0),
        (0, 48),
    ]
    assert (table.parameters, table.mult_adds) == (20, 96)


def test_depth_adds_up_what_lies_deeper():
    block = Residual(Dense(4, 4, rng=RNG), Sequential(Dense(4, 4, rng=RNG), ReLU()))
    network = Sequential(Dense(2, 4, rng=RNG), block)
    for depth, names in [
        (0, [""]),
        (1, ["0", "1"]),
        (2, ["0", "1.inner"]),
        (3, ["0", "1.inner.0", "1.inner.1"]),
        (4, ["0", "1.inner.0", "1.inner.1.0", "1.inner.1.1"]),
        (None, ["0", "1.inner.0", "1.inner.1.0", "1.inner.1.1"]),
    ]:
        table = summary(network, (3, 2), depth=depth)
        assert [row.name for row in table.rows] == names
        assert sum(row.parameters for row in table.rows) == table.parameters == 52
        assert sum(row.mult_adds for row in table.rows) == table.mult_adds == 120


def test_the_network_is_left_as_it_was():
    network = small(RNG)
    network[1].eval()
    state = network.state_dict()
    summary(network, (2, 2, 8, 9))
    assert [layer.training for layer in network.layers()] == [True] * 2 + [False] + [
        True
    ] * 3
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, state[name])


def test_it_looks_in_evaluation_mode_at_inputs_of_the_networks_type():
    seen = []

    class Spy(Layer):
        def __call__(self, x):
            seen.append((self.training, x.dtype, x.shape))
            return Node(x)

    network = Sequential(Spy(), Dense(2, 3, rng=RNG)).astype(np.float32)
    summary(network, (5, 2))
    summary(Spy(), np.ones((3, 1), int))
    summary(Spy(), (7,))
    assert seen == [
        (False, np.float32, (5, 2)),
        (False, np.int64, (3, 1)),
        (False, np.float64, (7,)),
    ]


def test_several_outputs_have_a_shape_each():
    network = LSTM(3, 5, rng=RNG)
    [row] = summary(network, (7, 2, 3)).rows
    assert row.output_shapes == ((7, 2, 5), (1, 2, 5), (1, 2, 5))
    assert row.mult_adds == 7 * 2 * 4 * 5 * (3 + 5)
    assert row.parameters == 4 * 5 * (3 + 5 + 2)
    assert "7×2×5 1×2×5 1×2×5" in str(summary(network, (7, 2, 3)))


def nodes(*shapes):
    return [Node(np.ones(shape)) for shape in shapes]


def products(operation, *shapes, **settings):
    found = apply(operation, *nodes(*shapes), **settings)
    return mult_adds(found[0] if isinstance(found, tuple) else found)


def test_products_of_matrices():
    assert products(matrices.matmul, (6, 5, 2, 3), (3, 4)) == 6 * 5 * 2 * 3 * 4
    assert products(matrices.dense, (7, 3), (4, 3), (4,)) == 7 * 3 * 4


@pytest.mark.parametrize(
    ("axes", "settings"),
    [
        (1, {"stride": 2}),
        (2, {"stride": (2, 1), "padding": (1, 2), "groups": 2}),
        (2, {"dilation": 2, "groups": 4}),
        (3, {"padding": 1}),
    ],
)
def test_products_of_convolutions_are_those_of_their_loop(axes, settings):
    """As many as a loop over outputs, input channels of the group and the kernel."""
    size, kernel = (9, 8, 7)[:axes], (3, 2, 2)[:axes]
    groups = settings.get("groups", 1)
    shapes = [(3, 4, *size), (8, 4 // groups, *kernel), (8,)]
    operation = getattr(convolution, f"conv{axes}d")
    y, _ = operation(*[np.ones(shape) for shape in shapes], **settings)
    expected = y.size * (4 // groups) * math.prod(kernel)
    assert products(operation, *shapes, **settings) == expected


@pytest.mark.parametrize("groups", [1, 2])
def test_products_of_a_transposed_convolution_are_those_of_the_convolution(groups):
    y = Node(np.ones((3, 6, 9, 11)))
    y.call = SimpleNamespace(
        name="conv_transpose2d",
        inputs=nodes((3, 4, 4, 5), (4, 6 // groups, 3, 3), (6,)),
    )
    assert mult_adds(y) == 3 * 4 * 4 * 5 * (6 // groups) * 9


@pytest.mark.parametrize(("operation", "gates"), [(rnn, 1), (gru, 3), (lstm, 4)])
def test_products_of_recurrent_layers(operation, gates):
    t, n, d, h = 7, 5, 3, 2
    states = [(n, h)] * (2 if operation is lstm else 1)
    weights = [(gates * h, d), (gates * h, h), (gates * h,), (gates * h,)]
    found = products(operation, (t, n, d), *states, *weights)
    assert found == t * n * gates * h * (d + h)


def test_products_of_attention():
    shapes = [(2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6)]
    found = products(scaled_dot_product_attention, *shapes)
    assert found == 2 * 3 * (5 * 7 * 4 + 5 * 7 * 6)


def test_what_papers_do_not_count():
    x = Node(np.ones((3, 4)))
    assert mult_adds(x) == 0
    assert mult_adds(x * x + x) == 0


def test_a_table_agrees_with_hooks_in_torch():
    torch_network = torch.nn.Sequential(
        torch.nn.Conv2d(2, 6, 3, stride=2, padding=1, groups=2),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(6 * 5 * 4, 7),
    )
    shapes = []
    for module in torch_network:
        module.register_forward_hook(lambda m, i, y: shapes.append(tuple(y.shape)))
    torch_network(torch.zeros(3, 2, 9, 8))
    from course_lib.layers import Flatten

    network = Sequential(
        Conv(6, 1, 3, 3, rng=RNG, stride=2, padding=1, groups=2),
        ReLU(),
        Flatten(),
        Dense(6 * 5 * 4, 7, rng=RNG),
    )
    table = summary(network, (3, 2, 9, 8))
    assert [row.output_shapes for row in table.rows] == [(shape,) for shape in shapes]
    expected = [sum(p.numel() for p in m.parameters()) for m in torch_network]
    assert [row.parameters for row in table.rows] == expected
