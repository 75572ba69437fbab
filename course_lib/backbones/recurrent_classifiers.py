"""Recurrent classifiers: a sequence is read to its end, then the last state is judged.

Elman (1990), "Finding structure in time", for the plain network; Hochreiter and
Schmidhuber (1997), "Long short-term memory", with a forget gate as in Gers et al.
(2000).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node
from course_lib.layers import GRU, LSTM, RNN, Dense, Embedding, Identity, Layer


class RecurrentClassifier(Layer):
    """y = W hᵀ + b of the state h in which the last layer is after the last step.

    The sizes by default are those of a small image that is read row by row: 28 steps,
    each of 28 pixels.

    Args:
        recurrent: the layer that reads: RNN, LSTM or GRU.
        num_classes: size of the output.
        input_size: D, the size of what comes at each step.
        hidden_size: H, the size of a state.
        vocabulary: where sequences consist of tokens, how many there are; each then has
            a learned vector of D entries.
        rng: generator for the initial weights, and for dropout.
        settings: further ones of the recurrent layer, such as num_layers,
            bidirectional, batch_first, dropout and truncate. In two directions, the
            states at both ends stand side by side.
    """

    def __init__(
        self,
        recurrent: type[RNN | LSTM | GRU],
        *,
        num_classes: int = 10,
        input_size: int = 28,
        hidden_size: int = 128,
        vocabulary: int | None = None,
        rng: np.random.Generator,
        **settings: Any,
    ) -> None:
        self.embedding: Layer = Identity()
        if vocabulary is not None:
            self.embedding = Embedding(vocabulary, input_size, rng=rng)
        self.recurrent = recurrent(input_size, hidden_size, rng=rng, **settings)
        self.directions = 2 if self.recurrent.bidirectional else 1
        self.fc = Dense(self.directions * hidden_size, num_classes, rng=rng)

    def __call__(
        self, x: Node | ArrayLike, lengths: Node | ArrayLike | None = None
    ) -> Node:
        """Logits of shape (N, num_classes).

        Args:
            x: sequences of shape (T, N, D), or of tokens, (T, N); with batch_first,
                (N, T, D) and (N, T).
            lengths: the N sequences' lengths, whole numbers from 1 to T, where some are
                shorter than T: what stands past a sequence's end does not matter.
        """
        if isinstance(lengths, Node):  # from `predict`; a Node holds floats
            lengths = lengths.value.astype(np.intp)
        _, state = self.recurrent(self.embedding(x), lengths=lengths)
        h = state[0] if isinstance(state, tuple) else state  # an LSTM's is a pair h, c
        last = h[-self.directions :].transpose(1, 0, 2)
        return self.fc(last.reshape(len(last.value), -1))


def rnn_classifier(**settings: Any) -> RecurrentClassifier:
    """A plain recurrent network as a classifier; settings as for
    `RecurrentClassifier`, and `nonlinearity`."""
    return RecurrentClassifier(RNN, **settings)


def lstm_classifier(**settings: Any) -> RecurrentClassifier:
    """Long short-term memory as a classifier; settings as for `RecurrentClassifier`."""
    return RecurrentClassifier(LSTM, **settings)
