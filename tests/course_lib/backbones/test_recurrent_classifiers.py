"""Recurrent classifiers: sequences that differ in length, and tokens."""

import numpy as np
import pytest
import torch
from torch import nn

from course_lib.backbones import (
    RecurrentClassifier,
    lstm_classifier,
    rnn_classifier,
)
from course_lib.graph import Node, backpropagate
from course_lib.layers import GRU

LENGTHS = np.array([6, 1, 4])
SIZES = {"num_classes": 4, "input_size": 3, "hidden_size": 5}

both = pytest.mark.parametrize("make", [rnn_classifier, lstm_classifier])
each_way = pytest.mark.parametrize(
    "settings", [{}, {"bidirectional": True, "num_layers": 2}, {"batch_first": True}]
)


@both
@each_way
def test_a_padded_sequence_is_classified_as_it_is_alone(make, settings):
    network = make(**SIZES, **settings, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(6, 3, 3))
    padded = np.full_like(x, np.nan)
    alone = []
    for n, length in enumerate(LENGTHS):
        sequence = x[:length, n : n + 1]
        padded[:length, n] = sequence[:, 0]
        first = settings.get("batch_first", False)
        alone.append(network(sequence.swapaxes(0, 1) if first else sequence).value[0])
    padded = padded.swapaxes(0, 1) if settings.get("batch_first") else padded
    np.testing.assert_allclose(network(padded, LENGTHS).value, alone, rtol=1e-13)
    np.testing.assert_allclose(network.predict(padded, LENGTHS), alone, rtol=1e-13)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_tokens_of_several_lengths_are_torchs(kind, layers):
    torch.manual_seed(layers)
    embedding = nn.Embedding(7, 3).double()
    recurrent = getattr(nn, kind)(3, 5, layers, bidirectional=True).double()
    fc = nn.Linear(10, 4).double()
    tokens = np.random.default_rng(0).integers(7, size=(6, 3))
    packed = nn.utils.rnn.pack_padded_sequence(
        embedding(torch.tensor(tokens)), LENGTHS, enforce_sorted=False
    )
    _, state = recurrent(packed)
    h = state[0] if kind == "LSTM" else state
    expected = fc(torch.cat([h[-2], h[-1]], dim=1))
    dy = np.random.default_rng(1).normal(size=(3, 4))
    expected.backward(torch.tensor(dy))

    make = rnn_classifier if kind == "RNN" else lstm_classifier
    network = make(
        **SIZES,
        vocabulary=7,
        num_layers=layers,
        bidirectional=True,
        rng=np.random.default_rng(0),
    )
    theirs = {"embedding": embedding, "recurrent": recurrent, "fc": fc}
    pairs = {
        f"{name}.{k}": v
        for name, module in theirs.items()
        for k, v in module.named_parameters()
    }
    network.load_state_dict({k: v.detach() for k, v in pairs.items()})
    y = network(tokens, LENGTHS)
    gradients = backpropagate(y, gradient=dy)
    np.testing.assert_allclose(y.value, expected.detach(), rtol=1e-12)
    for name, parameter in network.named_parameters():
        np.testing.assert_allclose(
            gradients[parameter], pairs[name].grad, rtol=1e-10, atol=1e-14
        )
    np.testing.assert_array_equal(network.predict(tokens, LENGTHS), y.value)


@both
def test_nothing_is_left_of_the_batch_before(make):
    network = make(**SIZES, rng=np.random.default_rng(0))
    first, second = np.random.default_rng(1).normal(size=(2, 6, 3, 3))
    before = network(second).value
    network(first)
    np.testing.assert_array_equal(network(second).value, before)


def test_the_order_of_steps_matters_and_that_of_sequences_does_not():
    network = lstm_classifier(**SIZES, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(6, 3, 3))
    y = network(x).value
    np.testing.assert_allclose(network(x[:, ::-1]).value, y[::-1], rtol=1e-13)
    assert not np.allclose(network(x[::-1]).value, y)


def test_gradients_reach_the_first_step_unless_they_are_cut():
    x = Node(np.random.default_rng(1).normal(size=(6, 3, 3)))
    for truncate, reached in [(None, 6), (2, 2)]:
        network = rnn_classifier(
            **SIZES, truncate=truncate, rng=np.random.default_rng(0)
        )
        y = network(x)
        gradient = backpropagate(y, [x], gradient=np.ones(y.shape))[x]
        steps = [np.any(step != 0) for step in gradient]
        assert steps == [False] * (6 - reached) + [True] * reached


def test_a_gru_classifies_too():
    network = RecurrentClassifier(GRU, **SIZES, rng=np.random.default_rng(0))
    assert network.predict(np.zeros((6, 3, 3))).shape == (3, 4)


def test_inputs_of_another_size_are_refused():
    network = rnn_classifier(**SIZES, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"expected \(T, N, D\) with D = 3"):
        network(np.zeros((6, 3, 4)))
