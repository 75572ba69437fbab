"""The plain recurrent network: its cell, and layers of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.cell import Cell, describe
from course_lib.layers.recurrent import Recurrent
from course_lib.operations.activations import relu, tanh
from course_lib.operations.rnn import rnn


class RNNCell(Cell):
    """One step of a plain recurrent network, h' = φ(W_ih x + b_ih + W_hh h + b_hh).

    Args:
        input_size, hidden_size: D and H.
        bias: whether there are biases.
        nonlinearity: φ, "tanh" or "relu".
        rng: generator for the weights.

    Attributes:
        weight_ih, weight_hh: Parameters of shapes (H, D) and (H, H).
        bias_ih, bias_hh: Parameters of shape (H,).
    """

    blocks = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        bias: bool = True,
        nonlinearity: str = "tanh",
        rng: np.random.Generator,
    ) -> None:
        super().__init__(input_size, hidden_size, bias=bias, rng=rng)
        if nonlinearity not in {"tanh", "relu"}:
            raise ValueError(
                f"RNNCell: nonlinearity is {nonlinearity!r}, expected 'tanh' or 'relu'"
            )
        self.nonlinearity = nonlinearity

    def step(self, x: Node | ArrayLike, state: Node) -> Node:
        """h' of shape (N, H), from x of shape (N, D) and h."""
        from_input, from_state = self.weighted_sums(x, state)
        activation = tanh if self.nonlinearity == "tanh" else relu
        return apply(activation, from_input + from_state)

    def run(self, x: Node | ArrayLike, state: Node) -> Node:
        """h₁ … h_T of shape (T, N, H), from x of shape (T, N, D) and h₀."""
        return apply(rnn, x, state, *self.weights(), nonlinearity=self.nonlinearity)

    def __repr__(self) -> str:
        sizes = self.input_size, self.hidden_size
        return describe(self, *sizes, bias=True, nonlinearity="tanh")


class RNN(Recurrent):
    """A plain recurrent network for sequences: layers of RNNCells, as torch's RNN.

        output, h_n = rnn(x)

    Its arguments are those of `Recurrent`, and `nonlinearity`: "tanh" or "relu".
    """

    cell_type = RNNCell
    nonlinearity = "tanh"

    def _defaults(self) -> dict[str, Any]:
        return super()._defaults() | {"nonlinearity": "tanh"}
