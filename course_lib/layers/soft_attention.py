"""Soft attention: which part of a picture matters, for what is to be said next."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter, apply
from course_lib.layers.dense import Dense
from course_lib.layers.layer import Layer
from course_lib.operations.activations import tanh
from course_lib.operations.softmax import softmax


class SoftAttention(Layer):
    """z = Σ αᵢ·aᵢ: the mean of L features, weighted as a state asks for them.

    A small network scores each feature aᵢ for the state h, and softmax makes weights of
    the scores, which are positive and sum to 1:

        eᵢ = v·tanh(W_a aᵢ + W_h h + b),    α = softmax(e).

    Choosing one feature instead, "hard" attention, has no gradient.

    Args:
        feature_size: D, the size of a feature aᵢ.
        state_size: H, the size of the state h.
        attention_size: how many units score.
        rng: generator for the weights.

    Attributes:
        features, state: the dense layers W_a and W_h. (Each has a bias; b is the sum.)
        score: Parameter v of shape (attention_size,). A bias would change nothing:
            softmax knows differences only.

    Source: Xu et al. (2015), Show, attend and tell, equations 4 to 6 and 13; the
    network that scores is that of Bahdanau, Cho and Bengio (2015), appendix A.1.2.
    """

    def __init__(
        self,
        feature_size: int,
        state_size: int,
        attention_size: int,
        *,
        rng: np.random.Generator,
    ) -> None:
        self.features = Dense(feature_size, attention_size, rng=rng)
        self.state = Dense(state_size, attention_size, rng=rng)
        score = initializers.glorot_uniform((1, attention_size), rng)[0]
        self.score = Parameter(score, "score")

    def __call__(
        self, features: Node | ArrayLike, state: Node | ArrayLike
    ) -> tuple[Node, Node]:
        """Attend to features for a state.

        Args:
            features: of shape (N, L, D). Those of a picture (N, C, H, W) are
                `x.reshape(N, C, H * W).transpose(0, 2, 1)`.
            state: of shape (N, H).

        Returns:
            context: z, of shape (N, D).
            weights: α, of shape (N, L).

        Raises:
            ValueError: the shapes do not fit together.
        """
        features = features if isinstance(features, Node) else Node(features)
        state = state if isinstance(state, Node) else Node(state)
        if len(features.shape) != 3 or features.shape[:1] != state.shape[:-1]:
            raise ValueError(
                f"SoftAttention: features have shape {features.shape}, the state "
                f"{state.shape}; expected (N, L, D) and (N, H). Are the features still "
                "a picture?"
            )
        n, length, size = features.shape
        asked = self.state(state).reshape(n, 1, -1)
        hidden = apply(tanh, self.features(features) + asked)
        weights = apply(softmax, (hidden * self.score).sum(axis=2))
        context = weights.reshape(n, 1, length) @ features
        return context.reshape(n, size), weights

    def __repr__(self) -> str:
        attention_size, feature_size = self.features.weight.shape
        _, state_size = self.state.weight.shape
        return f"SoftAttention({feature_size}, {state_size}, {attention_size})"
