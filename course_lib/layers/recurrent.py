"""Recurrent layers over whole sequences: stacked, in both directions, padded."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import Node, apply
from course_lib.layers.cell import Cell, State, describe
from course_lib.layers.dropout import Dropout
from course_lib.layers.layer import Layer
from course_lib.operations.sequences import mask_padding, reverse, unstack
from course_lib.operations.shapes import concatenate, stack


class Recurrent(Layer):
    """What RNN, LSTM and GRU have in common: a cell for each layer and direction.

    Each layer reads the outputs of the one below. In the reverse direction a second
    cell reads every sequence from its end, and the outputs of both stand side by side.

    Args:
        input_size, hidden_size: D and H, the sizes of an input and of a state.
        num_layers: how many layers are stacked.
        bias: whether there are biases.
        batch_first: take and give sequences of shape (N, T, …) instead of (T, N, …).
            States are (…, N, H) all the same, as in torch.
        dropout: the probability of setting an entry between two layers to zero, in
            training mode.
        bidirectional: read in both directions.
        truncate: let gradients flow back through at most k steps, cut as in
            `Cell.unroll`, in each direction from where it starts.
        rng: generator for the weights, and for dropout.
        settings: further settings of the cell.

    Attributes:
        weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0: the Parameters of the first
            layer, with torch's names and shapes; l1 is the second, and l0_reverse the
            reverse direction.
        cells: the cells, by "l0", "l0_reverse", "l1", …, which share these Parameters:
            `lstm.cells["l0"].unroll(xs)` is the first layer, step by step.
    """

    cell_type: type[Cell]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        truncate: int | None = None,
        rng: np.random.Generator,
        **settings: Any,
    ) -> None:
        k = 1 if truncate is None else truncate
        if num_layers < 1 or k < 1:
            raise ValueError(
                f"{type(self).__name__}: num_layers is {num_layers}, truncate "
                f"{truncate}; expected 1 or more of both, or None for truncate"
            )
        self.input_size, self.hidden_size = input_size, hidden_size
        self.num_layers, self.bidirectional = num_layers, bidirectional
        self.bias, self.batch_first, self.truncate = bias, batch_first, truncate
        self.dropout, self.drop = dropout, Dropout(dropout, rng=rng)
        vars(self).update(settings)
        # Not sub-layers, or each Parameter would have a second name: hence a dict.
        self.cells: dict[str, Cell] = {}
        for layer in range(num_layers):
            size = input_size if layer == 0 else (1 + bidirectional) * hidden_size
            for name in self._names(layer):
                cell = self.cell_type(size, hidden_size, bias=bias, rng=rng, **settings)
                self.cells[name] = cell
                for kind, parameter in cell.named_parameters():
                    parameter.name = f"{kind}_{name}"
                    setattr(self, parameter.name, parameter)

    def __call__(
        self,
        x: Node | ArrayLike,
        state: State | None = None,
        *,
        lengths: ArrayLike | None = None,
    ) -> tuple[Node, State]:
        """The last layer's states at all times, and all layers' last states.

        Args:
            x: sequences of shape (T, N, D), or (N, T, D) where `batch_first` is set.
            state: the states before the first step, h of shape (num_layers ·
                directions, N, H) or a pair of h and c; zero by default.
            lengths: where a batch's sequences differ in length and are padded at their
                end: the N lengths, from 1 to T, in any order. What stands in the
                padding does not matter. It is what torch computes of a packed sequence.

        Returns:
            output: h of the last layer at all times, of shape (T, N, H), or (N, T, H);
                2H where it is bidirectional: forward, then reverse. Past a sequence's
                end it is zero.
            state: the state after the last step of every sequence, of the shape of the
                initial one; first layer first, and in it forward first. The reverse
                direction's last step is at time 0.

        Raises:
            ValueError: the shapes do not fit together.
        """
        y = x if isinstance(x, Node) else Node(x)
        if len(y.shape) != 3 or y.shape[2] != self.input_size:
            raise ValueError(
                f"{type(self).__name__}: x has shape {y.shape}, expected "
                f"{'(N, T, D)' if self.batch_first else '(T, N, D)'} with D = "
                f"{self.input_size}. Is the batch axis missing?"
            )
        y = y.transpose(1, 0, 2) if self.batch_first else y
        initial = self._initial_states(state, y.shape[1])
        if lengths is not None:
            y = apply(mask_padding, y, lengths=lengths)  # not even NaN may leak out
        last: dict[str, State] = {}
        for layer in range(self.num_layers):
            y = self.drop(y) if layer > 0 and self.dropout else y
            outputs = []
            for name in self._names(layer):
                output, last[name] = self._pass(name, y, initial[name], lengths)
                outputs.append(output)
            y = apply(concatenate, *outputs, axis=2) if outputs[1:] else outputs[0]
        return y.transpose(1, 0, 2) if self.batch_first else y, self._stacked(last)

    def _names(self, layer: int) -> list[str]:
        """The cells of a layer: forward, and reverse where it is bidirectional."""
        return [f"l{layer}", f"l{layer}_reverse"][: 1 + self.bidirectional]

    def _pass(
        self, name: str, x: Node, state: State | None, lengths: ArrayLike | None
    ) -> tuple[Node, State]:
        """One cell's way through all sequences: its h at all times, its last state.

        Padding comes after a sequence's end: what the cell makes of it reaches nothing
        before it, and is cut off.
        """
        cell, in_reverse = self.cells[name], name.endswith("_reverse")
        turn = partial(apply, reverse, lengths=lengths)
        x = turn(x) if in_reverse else x
        states = cell.unpack(cell.through_time(x, state, truncate=self.truncate))
        output: Node = states[0]
        end: Any = -1
        if lengths is not None:
            output = apply(mask_padding, output, lengths=lengths)
            end = np.asarray(lengths) - 1, np.arange(x.shape[1])
        last = cell.pack([part[end] for part in states])
        return turn(output) if in_reverse else output, last

    def _initial_states(self, state: State | None, n: int) -> dict[str, State]:
        """The state that each cell starts from, by its name."""
        if state is None:
            return dict.fromkeys(self.cells)
        cell = self.cells["l0"]
        parts = [s if isinstance(s, Node) else Node(s) for s in cell.unpack(state)]
        expected = (len(self.cells), n, self.hidden_size)
        if [part.shape for part in parts] != [expected] * cell.states:
            raise ValueError(
                f"{type(self).__name__}: the state's shapes are "
                f"{[part.shape for part in parts]}, expected {cell.states} of "
                f"{expected}: (layers · directions, N, H). Is the batch first, or is "
                "it the state of another batch?"
            )
        by_cell = zip(*[apply(unstack, part) for part in parts], strict=True)
        return dict(zip(self.cells, map(cell.pack, by_cell), strict=True))

    def _stacked(self, states: dict[str, State]) -> State:
        """The cells' last states as one: of shape (layers · directions, N, H)."""
        cell = self.cells["l0"]
        parts = zip(*map(cell.unpack, states.values()), strict=True)
        return cell.pack([apply(stack, *part) for part in parts])

    def __repr__(self) -> str:
        sizes = self.input_size, self.hidden_size
        return describe(self, *sizes, **self._defaults())

    def _defaults(self) -> dict[str, Any]:
        """The settings that differ from layer to layer, where none are given."""
        return {
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0.0,
            "bidirectional": False,
            "truncate": None,
        }
