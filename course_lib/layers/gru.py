"""The gated recurrent unit: its cell, and layers of it."""

from __future__ import annotations

from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.cell import Cell
from course_lib.layers.recurrent import Recurrent
from course_lib.operations.activations import sigmoid, tanh
from course_lib.operations.gru import gru
from course_lib.operations.shapes import split


class GRUCell(Cell):
    """One step of a gated recurrent unit, from x and h to h'.

        r, z = σ(a_r + u_r), σ(a_z + u_z)
        n = tanh(a_n + r·u_n)
        h' = (1 − z)·n + z·h,    with a = W_ih x + b_ih and u = W_hh h + b_hh.

    Its arguments are those of `Cell`, and k = 3: the rows of r, z, n, as in torch.
    `operations.gru.gru` tells what the gates are for.
    """

    blocks = 3

    def step(self, x: Node | ArrayLike, state: Node) -> Node:
        """h' of shape (N, H), from x of shape (N, D) and h."""
        a, u = self.weighted_sums(x, state)
        sizes = [self.hidden_size] * 3
        a_r, a_z, a_n = apply(split, a, sizes=sizes, axis=1)
        u_r, u_z, u_n = apply(split, u, sizes=sizes, axis=1)
        r, z = apply(sigmoid, a_r + u_r), apply(sigmoid, a_z + u_z)
        n = apply(tanh, a_n + r * u_n)
        return (1 - z) * n + z * state

    def run(self, x: Node | ArrayLike, state: Node) -> Node:
        """h₁ … h_T of shape (T, N, H), from x of shape (T, N, D) and h₀."""
        return apply(gru, x, state, *self.weights())


class GRU(Recurrent):
    """Gated recurrent units for sequences: layers of GRUCells, as torch's GRU.

        output, h_n = gru(x)

    Its arguments are those of `Recurrent`.
    """

    cell_type = GRUCell
