import torch

from course_lib.layers import (
    AttentionDecoder,
    Embedding,
    SoftAttention,
    SpatialAttention,
    SqueezeExcitation,
)
from tests.course_lib.layers.row import Row


class TorchSqueezeExcitation(torch.nn.Module):
    def __init__(self, channels, squeeze_channels):
        super().__init__()
        self.fc1 = torch.nn.Linear(channels, squeeze_channels)
        self.fc2 = torch.nn.Linear(squeeze_channels, channels)

    def forward(self, x):
        s = torch.sigmoid(self.fc2(torch.relu(self.fc1(x.flatten(2).mean(2)))))
        return torch.einsum("nc,nc...->nc...", s, x)


class TorchSpatialAttention(torch.nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        same = kernel_size // 2
        self.conv = torch.nn.Conv2d(2, 1, kernel_size, padding=same, bias=False)

    def forward(self, x):
        maps = torch.stack([x.mean(1), x.max(1).values], 1)
        return torch.sigmoid(self.conv(maps)) * x


class TorchSoftAttention(torch.nn.Module):
    def __init__(self, feature_size, state_size, attention_size):
        super().__init__()
        self.features = torch.nn.Linear(feature_size, attention_size)
        self.state = torch.nn.Linear(state_size, attention_size)
        self.score = torch.nn.Parameter(torch.randn(attention_size))

    def forward(self, features, state):
        e = torch.tanh(self.features(features) + self.state(state)[:, None])
        weights = torch.softmax(e @ self.score, dim=1)
        return torch.einsum("nl,nld->nd", weights, features), weights


class TorchAttentionDecoder(torch.nn.Module):
    def __init__(self, words, embedding, features, hidden, attention):
        super().__init__()
        self.embedding = torch.nn.Embedding(words, embedding)
        self.attention = TorchSoftAttention(features, hidden, attention)
        self.cell = torch.nn.LSTMCell(embedding + features, hidden)
        self.output = torch.nn.Linear(hidden, words)
        self.initial_h = torch.nn.Linear(features, hidden)
        self.initial_c = torch.nn.Linear(features, hidden)

    def forward(self, features, words):
        mean = features.mean(1)
        h, c = torch.tanh(self.initial_h(mean)), torch.tanh(self.initial_c(mean))
        steps = []
        for word in words:
            context, weights = self.attention(features, h)
            h, c = self.cell(torch.cat([self.embedding(word), context], 1), (h, c))
            steps.append((self.output(h), weights))
        return tuple(map(torch.stack, zip(*steps, strict=True)))


def integers(rng, shape):
    return rng.integers(6, size=shape)


def features_and_words(rng, shape):
    """Features of three axes, and words, which have two."""
    return rng.normal(size=shape) if len(shape) == 3 else integers(rng, shape)


ROWS = [
    Row(
        lambda rng: SqueezeExcitation(4, 3, rng=rng),
        (5, 4, 3, 2),
        lambda: TorchSqueezeExcitation(4, 3),
        (5, 4, 3, 2),
        repr="SqueezeExcitation(4, 3)",
    ),
    Row(
        lambda rng: SqueezeExcitation(2, 3, rng=rng),
        (3, 2, 4, 5, 6),
        lambda: TorchSqueezeExcitation(2, 3),
        (3, 2, 4, 5, 6),
        repr="SqueezeExcitation(2, 3)",
    ),
    *[
        Row(
            lambda rng, size=size: SpatialAttention(size, rng=rng),
            (5, 4, 6, 9),
            lambda size=size: TorchSpatialAttention(size),
            (5, 4, 6, 9),
            repr=f"SpatialAttention({size})",
        )
        for size in [7, 3]
    ],
    Row(
        lambda rng: SoftAttention(4, 3, 6, rng=rng),
        [(5, 7, 4), (5, 3)],
        lambda: TorchSoftAttention(4, 3, 6),
        [(5, 4), (5, 7)],
        repr="SoftAttention(4, 3, 6)",
    ),
    Row(
        lambda rng: AttentionDecoder(
            vocabulary_size=6,
            embedding_size=2,
            feature_size=4,
            hidden_size=3,
            attention_size=5,
            rng=rng,
        ),
        [(5, 7, 4), (2, 5)],
        lambda: TorchAttentionDecoder(6, 2, 4, 3, 5),
        [(2, 5, 6), (2, 5, 7)],
        repr="AttentionDecoder(Embedding(6, 2), SoftAttention(4, 3, 5), LSTMCell(6, 3),"
        " Dense(3, 6), Dense(4, 3), Dense(4, 3))",
        draw=features_and_words,
    ),
    Row(
        lambda rng: Embedding(6, 4, rng=rng),
        (5, 2),
        lambda: torch.nn.Embedding(6, 4),
        (5, 2, 4),
        repr="Embedding(6, 4)",
        draw=integers,
    ),
]
