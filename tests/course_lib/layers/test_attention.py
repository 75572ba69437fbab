"""Attention in layers: weights that sum to one, and that find what matters."""

import numpy as np
import pytest
import torch

from course_lib.graph import Node, apply, backpropagate
from course_lib.layers import (
    AttentionDecoder,
    Embedding,
    SoftAttention,
    SpatialAttention,
    SqueezeExcitation,
)
from course_lib.operations.losses import cross_entropy
from course_lib.optimizers import Adam


def rng_and_features(seed=0):
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=(5, 7, 4))


def decoder(rng, words=6):
    return AttentionDecoder(
        vocabulary_size=words,
        embedding_size=3,
        feature_size=4,
        hidden_size=8,
        attention_size=6,
        rng=rng,
    )


# Soft attention


def test_soft_weights_are_positive_and_sum_to_one():
    rng, features = rng_and_features()
    context, weights = SoftAttention(4, 3, 6, rng=rng)(features, np.ones((5, 3)))
    assert (weights.value > 0).all()
    np.testing.assert_allclose(weights.value.sum(axis=1), 1, rtol=1e-15)
    mean = np.einsum("nl,nld->nd", weights.value, features)
    np.testing.assert_allclose(context.value, mean, rtol=1e-13)


def test_soft_attention_follows_the_features_wherever_they_stand():
    rng, features = rng_and_features()
    layer, state = SoftAttention(4, 3, 6, rng=rng), rng.normal(size=(5, 3))
    order = [3, 1, 6, 0, 2, 5, 4]
    context, weights = layer(features, state)
    shuffled_context, shuffled = layer(features[:, order], state)
    np.testing.assert_allclose(shuffled.value, weights.value[:, order], rtol=1e-13)
    np.testing.assert_allclose(shuffled_context.value, context.value, rtol=1e-13)


def test_another_state_looks_elsewhere():
    rng, features = rng_and_features()
    layer = SoftAttention(4, 3, 6, rng=rng)
    _, first = layer(features, rng.normal(size=(5, 3)))
    _, second = layer(features, rng.normal(size=(5, 3)))
    assert np.abs(first.value - second.value).max() > 0.05


@pytest.mark.parametrize(
    ("features", "state"),
    [((5, 4), (5, 3)), ((5, 7, 4), (6, 3)), ((5, 4, 3, 3), (5, 3))],
)
def test_soft_attention_refuses_a_picture_or_another_batch(features, state):
    layer = SoftAttention(4, 3, 6, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"SoftAttention: .*\(N, L, D\).*picture"):
        layer(np.ones(features), np.ones(state))


# The decoder


def test_the_decoders_steps_are_its_call():
    rng, features = rng_and_features()
    layer, words = decoder(rng), rng.integers(6, size=(3, 5))
    logits, weights = layer(features, words)
    state = layer.start(Node(features))
    for t, word in enumerate(words):
        step_logits, step_weights, state = layer.step(Node(features), word, state)
        np.testing.assert_array_equal(logits.value[t], step_logits.value)
        np.testing.assert_array_equal(weights.value[t], step_weights.value)
    np.testing.assert_allclose(weights.value.sum(axis=2), 1, rtol=1e-15)


def test_predict_takes_words_too():
    rng, features = rng_and_features()
    layer, words = decoder(rng), rng.integers(6, size=(3, 5))
    logits, _ = layer(features, words)
    np.testing.assert_array_equal(layer.predict(features, words)[0], logits.value)


def test_the_decoder_learns_where_to_look():
    """A row of seven squares, one of which is marked: its third and fourth feature name
    the word to say. What counts must be found, since it is elsewhere in each."""
    rng = np.random.default_rng(0)
    n, words = 64, 2
    said, place = rng.integers(words, size=n), rng.integers(7, size=n)
    features = 0.1 * rng.normal(size=(n, 7, 4))
    features[np.arange(n), :, 2 + rng.integers(words, size=n)] += 1  # misleads
    features[np.arange(n), place] = 0
    features[np.arange(n), place, 0] = 1
    features[np.arange(n), place, 2 + said] = 1
    layer = decoder(rng, words)
    optimizer = Adam(layer.parameters(), lr=0.03)
    start = np.zeros((1, n), int)
    for _ in range(150):
        logits, weights = layer(features, start)
        loss = apply(cross_entropy, logits[0], labels=said)
        optimizer.step(backpropagate(loss))
    assert loss.value < 0.1
    assert weights.value[0, np.arange(n), place].mean() > 0.8


# Channels and places


class OfConvolutions(torch.nn.Module):
    """Squeeze and excitation as torchvision has it: of 1×1 convolutions."""

    def __init__(self, channels, squeeze_channels):
        super().__init__()
        self.fc1 = torch.nn.Conv2d(channels, squeeze_channels, 1)
        self.fc2 = torch.nn.Conv2d(squeeze_channels, channels, 1)

    def forward(self, x):
        z = torch.nn.functional.adaptive_avg_pool2d(x, 1)
        return torch.sigmoid(self.fc2(torch.relu(self.fc1(z)))) * x


def test_one_by_one_convolutions_are_the_same_with_two_more_axes():
    rng = np.random.default_rng(0)
    layer, x = SqueezeExcitation(6, 2, rng=rng), rng.normal(size=(3, 6, 5, 4))
    module = OfConvolutions(6, 2).double()
    shapes = {name: tensor.shape for name, tensor in module.state_dict().items()}
    state = layer.state_dict().items()
    module.load_state_dict(
        {name: torch.tensor(array.reshape(shapes[name])) for name, array in state}
    )
    expected = module(torch.tensor(x)).detach()
    np.testing.assert_allclose(layer(x).value, expected, rtol=1e-13)


def test_a_channels_weight_is_one_number_for_all_its_places():
    rng = np.random.default_rng(0)
    layer, x = SqueezeExcitation(6, 2, rng=rng), rng.normal(size=(3, 6, 5, 4))
    weights = layer.weights(x).value
    assert weights.shape == (3, 6, 1, 1)
    assert ((weights > 0) & (weights < 1)).all()
    np.testing.assert_allclose(layer(x).value, weights * x, rtol=1e-15)
    np.testing.assert_allclose(layer(x[:, :, ::-1]).value, weights * x[:, :, ::-1])


def test_a_places_weight_is_one_number_for_all_its_channels():
    rng = np.random.default_rng(0)
    layer, x = SpatialAttention(3, rng=rng), rng.normal(size=(3, 6, 5, 4))
    weights = layer.weights(x).value
    assert weights.shape == (3, 1, 5, 4)
    assert ((weights > 0) & (weights < 1)).all()
    np.testing.assert_allclose(layer(x).value, weights * x, rtol=1e-15)
    order = [4, 0, 3, 5, 1, 2]
    np.testing.assert_allclose(layer.weights(x[:, order]).value, weights, rtol=1e-13)


# Embeddings


def test_padding_is_zero_and_stays():
    rng = np.random.default_rng(0)
    layer = Embedding(6, 4, padding_idx=2, rng=rng)
    assert repr(layer) == "Embedding(6, 4, padding_idx=2)"
    assert not layer.weight.value[2].any()
    assert (layer.weight.value[[0, 1, 3, 4, 5]] != 0).all()
    y = layer([2, 3, 2])
    gradients = backpropagate(y, gradient=np.ones((3, 4)))
    np.testing.assert_array_equal(
        gradients[layer.weight], [[0] * 4] * 3 + [[1] * 4] + [[0] * 4] * 2
    )


def test_a_node_of_whole_numbers_will_do():
    layer = Embedding(6, 4, rng=np.random.default_rng(0))
    expected = layer.weight.value[[5, 0]]
    np.testing.assert_array_equal(layer(Node([5, 0])).value, expected)
    np.testing.assert_array_equal(layer.predict([5, 0]), expected)
    with pytest.raises(ValueError, match=r"Embedding: .* whole numbers"):
        layer(Node([0.5]))


@pytest.mark.parametrize("padding_idx", [-1, 6])
def test_padding_that_is_no_row_is_refused(padding_idx):
    with pytest.raises(ValueError, match=r"Embedding: padding_idx .* 0 to 5"):
        Embedding(6, 4, padding_idx=padding_idx, rng=np.random.default_rng(0))
