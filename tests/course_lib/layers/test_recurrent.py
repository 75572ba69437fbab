"""Recurrent layers: the fast form and the readable one, padding, truncation, time."""

import gc

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from course_lib.graph import Node, apply, backpropagate
from course_lib.layers import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from course_lib.operations.sequences import unstack
from course_lib.operations.shapes import stack
from tests.course_lib.layers.row import flat

CELLS = [
    (RNNCell, {}),
    (RNNCell, {"nonlinearity": "relu", "bias": False}),
    (LSTMCell, {}),
    (LSTMCell, {"bias": False}),
    (GRUCell, {}),
    (GRUCell, {"bias": False}),
]
LAYERS = [(RNN, torch.nn.RNN), (LSTM, torch.nn.LSTM), (GRU, torch.nn.GRU)]
STEPS, BATCH, INPUTS, UNITS = 7, 5, 3, 4

every_cell = pytest.mark.parametrize(
    ("cls", "settings"), CELLS, ids=lambda x: getattr(x, "__name__", "")
)
every_layer = pytest.mark.parametrize(
    ("cls", "torch_cls"), LAYERS, ids=lambda x: x.__name__
)
both_seeds = pytest.mark.parametrize("seed", [0, 1])


def assert_close(actual, expected, tolerance=1e-12):
    expected = np.asarray(expected)
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= tolerance * np.abs(expected).max()


def pair(cls, torch_cls, rng, **settings):
    """A layer, and torch's with the same weights."""
    module = torch_cls(INPUTS, UNITS, **settings).double()
    layer = cls(INPUTS, UNITS, **settings, rng=rng)
    layer.load_state_dict(module.state_dict())
    return layer, module


def assert_gradients_equal(gradients, layer, module, xs, tensors):
    for x, tensor in zip(xs, tensors, strict=True):
        assert_close(gradients[x], tensor.grad)
    theirs = dict(module.named_parameters())
    for name, parameter in layer.named_parameters():
        assert_close(gradients[parameter], theirs[name].grad)


def initial(cell, rng, n=BATCH):
    """A random state, and the nodes it consists of."""
    parts = [Node(rng.normal(size=(n, UNITS))) for _ in range(cell.states)]
    return cell.pack(parts), parts


# The fast form and the readable one


@every_cell
@both_seeds
@pytest.mark.parametrize("truncate", [None, 1, 3, STEPS, STEPS + 1])
def test_one_operation_computes_what_the_steps_do(cls, settings, seed, truncate):
    rng = np.random.default_rng(seed)
    cell = cls(INPUTS, UNITS, **settings, rng=rng)
    x = Node(rng.normal(size=(STEPS, BATCH, INPUTS)))
    state, parts = initial(cell, rng)
    chain = cell.unroll(apply(unstack, x), state, truncate=truncate)
    together = zip(*map(cell.unpack, chain), strict=True)
    readable = tuple(apply(stack, *each) for each in together)
    fast = cell.unpack(cell.through_time(x, state, truncate=truncate))
    dys = tuple(rng.normal(size=y.shape) for y in readable)
    expected = backpropagate(readable, [x, *parts], gradient=dys)
    gradients = backpropagate(fast, [x, *parts], gradient=dys)
    for ours, theirs in zip(fast, readable, strict=True):
        assert_close(ours.value, theirs.value)
    for node in [x, *parts, *cell.parameters()]:
        assert_close(gradients[node], expected[node])


@every_layer
def test_a_layers_cells_share_its_parameters(cls, torch_cls):
    rng = np.random.default_rng(0)
    layer = cls(INPUTS, UNITS, num_layers=2, bidirectional=True, rng=rng)
    assert list(layer.cells) == ["l0", "l0_reverse", "l1", "l1_reverse"]
    for name, parameter in layer.named_parameters():
        kind, cell = name.split("_l")
        assert getattr(layer.cells[f"l{cell}"], kind) is parameter
        assert parameter.name == name
    layer.astype(np.float32)
    x = rng.normal(size=(STEPS, BATCH, INPUTS)).astype(np.float32)
    output, _ = layer(x)
    lowest = layer.cells["l0"].through_time(x)
    assert {y.value.dtype for y in flat((output, lowest))} == {np.dtype(np.float32)}


@every_cell
def test_a_state_is_zero_at_first(cls, settings):
    rng = np.random.default_rng(0)
    cell = cls(INPUTS, UNITS, **settings, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    zeros = cell.pack([Node(np.zeros((BATCH, UNITS)))] * cell.states)
    for given, default in [
        (cell(x[0], zeros), cell(x[0])),
        (cell.unroll(x, zeros)[-1], cell.unroll(x)[-1]),
        (cell.through_time(x, zeros), cell.through_time(x)),
    ]:
        for a, b in zip(flat(given), flat(default), strict=True):
            np.testing.assert_array_equal(a.value, b.value)


@every_cell
def test_weights_start_within_torchs_limits(cls, settings):
    cell = cls(10, 100, **settings, rng=np.random.default_rng(0))
    assert len(cell.parameters()) == (4 if settings.get("bias", True) else 2)
    for parameter in cell.parameters():
        assert 0.09 < np.abs(parameter.value).max() < 0.1
        assert abs(parameter.value.mean()) < 0.02


# Time


@pytest.fixture
def no_collector():
    """Nothing here runs in circles, and the collector would look through all that the
    test run holds again and again."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("form", ["unroll", "through_time"])
def test_twenty_thousand_steps_backpropagate(form):
    """No input, and a weight just below 1, by which each step shrinks the state."""
    cell = RNNCell(1, 1, nonlinearity="relu", rng=np.random.default_rng(0))
    for parameter, value in zip(cell.parameters(), [0, 0.9999, 0, 0], strict=True):
        parameter.value[...] = value
    steps = 20_000
    h = Node(np.array([[3.0]]))
    states = getattr(cell, form)(np.zeros((steps, 1, 1)), h)
    last = states[-1]
    gradients = backpropagate(last, [h])
    assert_close(last.value, [[3 * 0.9999**steps]], 1e-9)
    assert_close(gradients[h], [[0.9999**steps]], 1e-9)
    slope = [[3 * steps * 0.9999 ** (steps - 1)]]
    assert_close(gradients[cell.weight_hh], slope, 1e-9)


def test_the_states_tell_the_gradient_at_every_time():
    """Of a chain hₜ = w·hₜ₋₁ the loss h_T has the gradients w^(T−t)."""
    cell = RNNCell(1, 1, nonlinearity="relu", bias=False, rng=np.random.default_rng(0))
    cell.weight_hh.value[...] = 0.5
    cell.weight_ih.value[...] = 0
    states = cell.unroll(np.zeros((4, 1, 1)), Node(np.ones((1, 1))))
    gradients = backpropagate(states[-1], states)
    assert [gradients[h].item() for h in states] == [1 / 8, 1 / 4, 1 / 2, 1]


def test_the_cell_state_is_a_shortcut():
    """With open forget gates a gradient passes 40 steps of an LSTM's cell nearly whole,
    where weights as small make a plain network's vanish."""
    rng = np.random.default_rng(0)
    lstm, plain = LSTMCell(1, 2, rng=rng), RNNCell(1, 2, rng=rng)
    for cell in [lstm, plain]:
        for parameter in cell.parameters():
            parameter.value[...] *= 0.01
    lstm.bias_ih.value[2:4] = 50  # σ(50) = 1 in float64
    x = rng.normal(size=(40, 3, 1))
    states = lstm.unroll(x)
    _, c = states[-1]
    _, c_first = states[0]
    through_cells = backpropagate(c.sum(), [c_first])[c_first]
    np.testing.assert_allclose(through_cells, 1, atol=0.05)
    hs = plain.unroll(x)
    assert np.abs(backpropagate(hs[-1].sum(), hs[:1])[hs[0]]).max() < 1e-20


@every_layer
@both_seeds
@pytest.mark.parametrize("k", [1, 2, 5])
def test_truncation_is_torchs_with_detached_states(cls, torch_cls, seed, k):
    """Chunk after chunk, each from the last one's state without its past."""
    rng = np.random.default_rng(seed)
    layer, module = pair(cls, torch_cls, rng, num_layers=2)
    layer.truncate = k
    x, h = rng.normal(size=(STEPS, BATCH, INPUTS)), rng.normal(size=(2, BATCH, UNITS))
    h = [Node(h + i) for i in range(layer.cells["l0"].states)]
    tensor = torch.tensor(x, requires_grad=True)
    h_tensors = [torch.tensor(each.value, requires_grad=True) for each in h]
    state, chunks = h_tensors, []
    for chunk in tensor.split(k):
        state = tuple(state) if len(state) > 1 else state[0]
        y, state = module(chunk, state)
        chunks.append(y)
        last = flat(state)
        state = [part.detach() for part in last]
    x = Node(x)
    ys = flat(layer(x, tuple(h) if len(h) > 1 else h[0]))
    expected = (torch.cat(chunks), *last)
    dys = tuple(rng.normal(size=y.shape) for y in ys)
    gradients = backpropagate(ys, [x, *h], gradient=dys)
    torch.autograd.backward(expected, [torch.tensor(dy) for dy in dys])
    for y, their_y in zip(ys, expected, strict=True):
        assert_close(y.value, their_y.detach())
    assert_gradients_equal(gradients, layer, module, [x, *h], [tensor, *h_tensors])


def test_a_truncated_gradient_reaches_its_chunk_and_no_further():
    rng = np.random.default_rng(0)
    layer = GRU(INPUTS, UNITS, bidirectional=True, truncate=3, rng=rng)
    x = Node(rng.normal(size=(STEPS, BATCH, INPUTS)))
    output, _ = layer(x)
    dx = backpropagate(output[4, :, :UNITS].sum(), [x])[x]  # forward: steps 0, 3 and 6
    np.testing.assert_array_equal(np.abs(dx).max((1, 2)) > 0, [0, 0, 0, 1, 1, 0, 0])
    dx = backpropagate(output[2, :, UNITS:].sum(), [x])[x]  # in reverse: 6, 3 and 0
    np.testing.assert_array_equal(np.abs(dx).max((1, 2)) > 0, [0, 0, 1, 1, 0, 0, 0])


# Batches of sequences that differ in length

LENGTHS = [4, 7, 1, 6, 4]


@every_layer
@both_seeds
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"num_layers": 2, "bidirectional": True},
        {"num_layers": 2, "bidirectional": True, "batch_first": True},
    ],
)
def test_a_padded_batch_is_torchs_packed_one(cls, torch_cls, seed, settings):
    rng = np.random.default_rng(seed)
    layer, module = pair(cls, torch_cls, rng, **settings)
    batch_first = layer.batch_first
    shape = (BATCH, STEPS + 1) if batch_first else (STEPS + 1, BATCH)  # one is too long
    x = Node(rng.normal(size=(*shape, INPUTS)))
    h = [rng.normal(size=(len(layer.cells), BATCH, UNITS)) for _ in range(2)]
    h = [Node(each) for each in h[: layer.cells["l0"].states]]
    tensor, *h_tensors = [torch.tensor(n.value, requires_grad=True) for n in [x, *h]]
    ys = flat(layer(x, tuple(h) if h[1:] else h[0], lengths=LENGTHS))
    packed = pack_padded_sequence(
        tensor, torch.tensor(LENGTHS), batch_first=batch_first, enforce_sorted=False
    )
    y, last = module(packed, tuple(h_tensors) if h[1:] else h_tensors[0])
    y, _ = pad_packed_sequence(y, batch_first=batch_first, total_length=STEPS + 1)
    expected = (y, *flat(last))
    dys = tuple(rng.normal(size=y.shape) for y in ys)
    gradients = backpropagate(ys, [x, *h], gradient=dys)
    torch.autograd.backward(expected, [torch.tensor(dy) for dy in dys])
    for y, their_y in zip(ys, expected, strict=True):
        assert_close(y.value, their_y.detach())
    assert_gradients_equal(gradients, layer, module, [x, *h], [tensor, *h_tensors])


@every_layer
def test_each_sequence_of_a_padded_batch_is_as_if_alone(cls, torch_cls):
    rng = np.random.default_rng(0)
    layer = cls(INPUTS, UNITS, num_layers=2, bidirectional=True, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    output, *last = flat(layer(x, lengths=LENGTHS))
    for n, length in enumerate(LENGTHS):
        alone, *last_alone = flat(layer(x[:length, n : n + 1]))
        assert_close(output.value[:length, n], alone.value[:, 0])
        assert not output.value[length:, n].any()
        for part, part_alone in zip(last, last_alone, strict=True):
            assert_close(part.value[:, n], part_alone.value[:, 0])


@every_layer
def test_what_stands_in_the_padding_does_not_matter(cls, torch_cls):
    rng = np.random.default_rng(0)
    layer = cls(INPUTS, UNITS, num_layers=2, bidirectional=True, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    runs = np.arange(STEPS)[:, None] < np.array(LENGTHS)
    results = []
    for padding in [0.0, np.nan]:
        node = Node(np.where(runs[:, :, None], x, padding))
        ys = flat(layer(node, lengths=LENGTHS))
        gradients = backpropagate(ys, [node], gradient=tuple(y.value for y in ys))
        results.append([*(y.value for y in ys), *gradients.values()])
        assert not gradients[node][~runs].any()
    for a, b in zip(*results, strict=True):
        np.testing.assert_array_equal(a, b)


@every_layer
def test_full_lengths_change_nothing(cls, torch_cls):
    rng = np.random.default_rng(0)
    layer = cls(INPUTS, UNITS, bidirectional=True, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    for a, b in zip(
        flat(layer(x)), flat(layer(x, lengths=[STEPS] * BATCH)), strict=True
    ):
        np.testing.assert_array_equal(a.value, b.value)


# Between layers


def test_dropout_falls_between_layers_in_training_only():
    rng = np.random.default_rng(0)
    layer, module = pair(LSTM, torch.nn.LSTM, rng, num_layers=2, dropout=0.4)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    module.eval()
    with torch.no_grad():
        expected = module(torch.tensor(x))[0].numpy()
    assert_close(layer.predict(x)[0], expected)
    first, second = layer(x)[0].value, layer(x)[0].value
    assert (first != second).all()
    _, (h, _) = layer(x)  # but what enters the first layer is whole
    _, (expected, _) = layer.predict(x)
    np.testing.assert_array_equal(h.value[0], expected[0])
    assert (h.value[1] != expected[1]).all()
    single = LSTM(INPUTS, UNITS, dropout=0.4, rng=rng)
    np.testing.assert_array_equal(single(x)[0].value, single.predict(x)[0])


# Where nothing may stay, and what is refused


@every_layer
def test_nothing_stays_from_one_batch_to_the_next(cls, torch_cls):
    rng = np.random.default_rng(0)
    layer = cls(INPUTS, UNITS, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    first, again = flat(layer(x)), flat(layer(x))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.value, b.value)


def test_a_state_goes_on_where_it_stopped():
    rng = np.random.default_rng(0)
    layer = LSTM(INPUTS, UNITS, num_layers=2, rng=rng)
    x = rng.normal(size=(STEPS, BATCH, INPUTS))
    whole, _ = layer(x)
    first, state = layer(x[:3])
    second, _ = layer(x[3:], state)
    assert_close(np.concatenate([first.value, second.value]), whole.value)


@pytest.mark.parametrize("x", [(5, 3), (5, 7, 4), (5,)])
@every_layer
def test_a_layer_refuses_other_inputs(cls, torch_cls, x):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=rf"{cls.__name__}: x .*\(T, N, D\).*D = 3"):
        cls(3, 4, rng=rng)(np.ones(x))
    with pytest.raises(ValueError, match=rf"{cls.__name__}: x .*\(N, T, D\).*D = 3"):
        cls(3, 4, batch_first=True, rng=rng)(np.ones(x))


@pytest.mark.parametrize("state", [(1, 7, 4), (2, 5, 4), (2, 7, 3), (7, 4)])
@every_layer
def test_a_layer_refuses_other_states(cls, torch_cls, state):
    layer = cls(INPUTS, UNITS, bidirectional=True, rng=np.random.default_rng(0))
    given = (np.ones(state), np.ones((2, 7, 4))) if cls is LSTM else np.ones(state)
    with pytest.raises(ValueError, match=rf"{cls.__name__}: the state.*\(2, 7, 4\)"):
        layer(np.ones((5, 7, 3)), given)


@pytest.mark.parametrize(
    "settings",
    [{"num_layers": 0}, {"truncate": 0}],
)
def test_settings_that_mean_nothing_are_refused(settings):
    with pytest.raises(ValueError, match=r"GRU: num_layers is .* expected 1 or more"):
        GRU(3, 4, **settings, rng=np.random.default_rng(0))


def test_an_unknown_nonlinearity_is_refused():
    with pytest.raises(ValueError, match=r"RNNCell: nonlinearity is 'sine'.*'relu'"):
        RNN(3, 4, nonlinearity="sine", rng=np.random.default_rng(0))
