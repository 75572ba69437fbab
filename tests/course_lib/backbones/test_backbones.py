"""Every published network, by its file's table: add a row there, it is tested here."""

import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

import course_lib.backbones
from course_lib.analysis import summary
from course_lib.graph import Node, backpropagate
from course_lib.layers import Layer
from tests.course_lib.backbones.row import Zeros, relative_error, shapes_of

TABLES = Path(__file__).parent / "tables"
ROWS = [
    row
    for path in sorted(TABLES.glob("*.py"))
    for row in import_module(f"{__package__}.tables.{path.stem}").ROWS
]
LONGEST = 150  # lines of a network's file
AFFORDABLE = 2e9  # multiply-adds: what passes in a second

every_row = pytest.mark.parametrize("row", ROWS, ids=str)
every_small = pytest.mark.parametrize("row", [r for r in ROWS if r.small], ids=str)


def test_every_network_has_a_row():
    public = [getattr(course_lib.backbones, n) for n in course_lib.backbones.__all__]
    networks = {f.__name__ for f in public if inspect.isfunction(f)}
    assert networks == {row.name for row in ROWS}


@every_row
def test_the_published_network_has_the_published_parameters(row):
    network = row.make(Zeros())
    assert sum(p.value.size for p in network.parameters()) == row.parameters
    with torch.device("meta"):
        theirs = row.torch()
    shapes = {row.key(k): tuple(v.shape) for k, v in theirs.state_dict().items()}
    assert {k: v.shape for k, v in network.state_dict().items()} == shapes


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.mult_adds and r.mult_adds[0] < AFFORDABLE], ids=str
)
def test_the_published_network_has_the_published_mult_adds(row):
    """`benchmarks.backbones` counts those of the larger networks."""
    published, tolerance = row.mult_adds
    shapes = [(1, *shape) for shape in shapes_of(row.shape)]
    assert abs(summary(row.make(Zeros()), *shapes).mult_adds - published) <= tolerance


@every_small
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_weights_give_torchs_output_and_gradients(row, training, seed):
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    theirs = row.torch_small().double().train(training)
    ours = row.small(rng).train(training)
    states = dict(theirs.state_dict())
    ours.load_state_dict({row.key(k): v for k, v in states.items()})
    xs = [rng.normal(size=shape) for shape in shapes_of(row.small_shape)]
    tensors = [torch.tensor(x, requires_grad=True) for x in xs]
    expected = theirs(*tensors)
    dy = rng.normal(size=expected.shape)
    expected.backward(torch.tensor(dy))

    nodes = [Node(x) for x in xs]
    y = ours(*nodes)
    gradients = backpropagate(y, nodes, gradient=dy)
    assert relative_error(y.value, expected.detach()) <= 1e-9
    for node, tensor in zip(nodes, tensors, strict=True):
        assert relative_error(gradients[node], tensor.grad) <= 1e-9
    named = dict(ours.named_parameters())
    for name, parameter in theirs.named_parameters():
        actual = gradients[named.pop(row.key(name))]
        # A bias before a batch norm has the gradient 0, of which both compute noise.
        assert relative_error(actual, parameter.grad, floor=1e-6) <= 1e-9, name
    assert not named
    theirs_now = {row.key(k): v.detach() for k, v in theirs.state_dict().items()}
    for name, buffer in ours.state_dict().items():
        assert relative_error(buffer, theirs_now[name]) <= 1e-9, name


@every_small
def test_a_saved_network_gives_the_same_bits(row, tmp_path):
    network = row.small(np.random.default_rng(0))
    again = row.small(np.random.default_rng(1))
    xs = [np.random.default_rng(2).normal(size=s) for s in shapes_of(row.small_shape)]
    network(*xs)  # moves the running statistics
    network.save(tmp_path / "network.npz")
    assert not np.array_equal(again.predict(*xs), network.predict(*xs))
    again.load(tmp_path / "network.npz")
    np.testing.assert_array_equal(again.predict(*xs), network.predict(*xs))


@every_small
def test_a_seed_gives_the_same_network(row):
    first, second = (row.small(np.random.default_rng(3)) for _ in range(2))
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        np.testing.assert_array_equal(a.value, b.value)
    assert isinstance(first, Layer)


@every_small
def test_float32_stays_float32(row):
    network = row.small(np.random.default_rng(0)).astype(np.float32)
    xs = [np.ones(s, np.float32) for s in shapes_of(row.small_shape)]
    y = network(*xs)
    assert y.value.dtype == np.float32
    gradients = backpropagate(y.sum())
    assert {dx.dtype for dx in gradients.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "path", sorted(Path(course_lib.backbones.__path__[0]).glob("*.py")), ids=str
)
def test_a_network_fits_on_two_pages(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
