"""A recurrent decoder that looks at a picture anew for every word."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.dense import Dense
from course_lib.layers.embedding import Embedding
from course_lib.layers.layer import Layer
from course_lib.layers.lstm import LSTMCell
from course_lib.layers.soft_attention import SoftAttention
from course_lib.operations.activations import tanh
from course_lib.operations.shapes import concatenate, stack

State = tuple[Node, Node]


class AttentionDecoder(Layer):
    """Words, one after another, from L features of a picture.

    In every step an LSTM's state asks for features, and the LSTM reads the answer
    beside the word before:

        zₜ, αₜ = attention(a, hₜ₋₁),    hₜ, cₜ = LSTM([E wₜ₋₁, zₜ], (hₜ₋₁, cₜ₋₁)),

    and the next word's logits are a dense layer of hₜ.

    Args:
        vocabulary_size: V, how many words there are.
        embedding_size: the size of a word's vector E w.
        feature_size: D, the size of a feature aᵢ.
        hidden_size: H, of the LSTM's state.
        attention_size: how many units score the features.
        rng: generator for the weights.

    Attributes:
        embedding, attention, cell, output: the layers above.
        initial_h, initial_c: dense layers from the features' mean to the first state.

    Source: Xu et al. (2015), Show, attend and tell, section 3.1.2. Left out are the
    gate β on zₜ and the deep output layer, equation 7, which reads the word and zₜ too.
    """

    def __init__(
        self,
        *,
        vocabulary_size: int,
        embedding_size: int,
        feature_size: int,
        hidden_size: int,
        attention_size: int,
        rng: np.random.Generator,
    ) -> None:
        self.embedding = Embedding(vocabulary_size, embedding_size, rng=rng)
        self.attention = SoftAttention(
            feature_size, hidden_size, attention_size, rng=rng
        )
        self.cell = LSTMCell(embedding_size + feature_size, hidden_size, rng=rng)
        self.output = Dense(hidden_size, vocabulary_size, rng=rng)
        self.initial_h = Dense(feature_size, hidden_size, rng=rng)
        self.initial_c = Dense(feature_size, hidden_size, rng=rng)

    def __call__(
        self, features: Node | ArrayLike, words: Node | ArrayLike
    ) -> tuple[Node, Node]:
        """The logits of each next word, where the words before are given, as they are
        in training.

        Args:
            features: of shape (N, L, D).
            words: integers of shape (T, N), from 0 to V − 1: the words to read, the
                first of which stands for "start".

        Returns:
            logits: of shape (T, N, V).
            weights: what was looked at for each, of shape (T, N, L).
        """
        features = features if isinstance(features, Node) else Node(features)
        state = self.start(features)
        steps = []
        for word in words.value if isinstance(words, Node) else np.asarray(words):
            logits, weights, state = self.step(features, Node(word), state)
            steps.append((logits, weights))
        logits, weights = (apply(stack, *each) for each in zip(*steps, strict=True))
        return logits, weights

    def start(self, features: Node) -> State:
        """The state h and c before the first word, from the features' mean."""
        mean = features.mean(axis=1)
        return apply(tanh, self.initial_h(mean)), apply(tanh, self.initial_c(mean))

    def step(
        self, features: Node, word: Node | ArrayLike, state: State
    ) -> tuple[Node, Node, State]:
        """One word further.

        Args:
            features: of shape (N, L, D).
            word: integers of shape (N,), the word before.
            state: h and c, of shape (N, H) each.

        Returns:
            logits: of the next word, of shape (N, V).
            weights: of the features, of shape (N, L).
            state: h and c for the next step.
        """
        h, _ = state
        context, weights = self.attention(features, h)
        x = apply(concatenate, self.embedding(word), context, axis=1)
        h, c = self.cell(x, state)
        return self.output(h), weights, (h, c)
