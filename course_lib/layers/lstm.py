"""Long short-term memory: its cell, and layers of it."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.cell import Cell
from course_lib.layers.recurrent import Recurrent
from course_lib.operations.activations import sigmoid, tanh
from course_lib.operations.lstm import lstm
from course_lib.operations.shapes import split


class LSTMCell(Cell):
    """One step of long short-term memory, from x and (h, c) to (h', c').

        i, f, g, o = σ(a_i), σ(a_f), tanh(a_g), σ(a_o)
        c' = f·c + i·g
        h' = o·tanh(c'),    with a = W_ih x + b_ih + W_hh h + b_hh.

    Its arguments are those of `Cell`, and k = 4: the rows of i, f, g, o, as in torch.
    `operations.lstm.lstm` tells what the gates are for.
    """

    blocks = 4
    states = 2

    def step(self, x: Node | ArrayLike, state: tuple[Node, Node]) -> tuple[Node, Node]:
        """h' and c', of shape (N, H) each, from x of shape (N, D) and the pair h, c."""
        h, c = state
        from_input, from_state = self.weighted_sums(x, h)
        sizes = [self.hidden_size] * 4
        i, f, g, o = apply(split, from_input + from_state, sizes=sizes, axis=1)
        i, f, o = apply(sigmoid, i), apply(sigmoid, f), apply(sigmoid, o)
        c = f * c + i * apply(tanh, g)
        return o * apply(tanh, c), c

    def run(self, x: Node | ArrayLike, state: tuple[Node, Node]) -> tuple[Node, Node]:
        """h₁ … h_T and c₁ … c_T of shape (T, N, H), from x of shape (T, N, D)."""
        return apply(lstm, x, *state, *self.weights())


class LSTM(Recurrent):
    """Long short-term memory for sequences: layers of LSTMCells, as torch's LSTM.

        output, (h_n, c_n) = lstm(x)

    Its arguments are those of `Recurrent`. torch's proj_size is left out.
    """

    cell_type = LSTMCell
