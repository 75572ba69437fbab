"""A recurrence: one step as nodes, a chain of steps, and all steps as one operation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter, apply
from course_lib.layers.layer import Layer
from course_lib.operations.matrices import dense
from course_lib.operations.shapes import concatenate, split

# What one step hands to the next: a Node h or, in an LSTM, a pair of Nodes h and c.
State = Any


class Cell(Layer):
    """What RNNCell, LSTMCell and GRUCell have in common.

    Calling a cell takes one step: an input and the state before give the state after.
    `unroll` takes a step for every input, and so makes the graph that backpropagation
    through time walks back. `through_time` computes the same as one operation, which is
    fast.

    Args:
        input_size, hidden_size: D and H, the sizes of an input and of a state.
        bias: whether there are biases.
        rng: generator for weights and biases: U(−1/√H, 1/√H), as in torch.

    Attributes:
        weight_ih, weight_hh: Parameters of shapes (k·H, D) and (k·H, H): the cell's k
            blocks of rows, each for one weighted sum.
        bias_ih, bias_hh: Parameters of shape (k·H,).
    """

    blocks: int  # k
    states = 1  # how many nodes a state consists of

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        bias: bool = True,
        rng: np.random.Generator,
    ) -> None:
        rows, limit = self.blocks * hidden_size, 1 / np.sqrt(hidden_size)

        def parameter(name: str, *shape: int) -> Parameter:
            return Parameter(initializers.uniform(shape, rng, limit=limit), name)

        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self.weight_ih = parameter("weight_ih", rows, input_size)
        self.weight_hh = parameter("weight_hh", rows, hidden_size)
        if bias:
            self.bias_ih = parameter("bias_ih", rows)
            self.bias_hh = parameter("bias_hh", rows)

    def step(self, x: Node | ArrayLike, state: State) -> State:
        """The state after a step, node by node."""
        raise NotImplementedError(f"{type(self).__name__} does not define step")

    def run(self, x: Node | ArrayLike, state: State) -> State:
        """The states after all steps, as one operation."""
        raise NotImplementedError(f"{type(self).__name__} does not define run")

    def __call__(self, x: Node | ArrayLike, state: State | None = None) -> State:
        """The state after a step.

        Args:
            x: inputs of shape (N, D).
            state: the state before: h of shape (N, H), or a pair of h and c; zero by
                default.
        """
        return self.step(x, self._zeros(len(_value(x))) if state is None else state)

    def unroll(
        self,
        xs: Iterable[Node | ArrayLike],
        state: State | None = None,
        *,
        truncate: int | None = None,
    ) -> list[State]:
        """The states after each step, as a chain of nodes.

        They are there to be looked at: where each is a Node,
        `backpropagate(loss, states)` gives the gradient at every time.

        Args:
            xs: an input of shape (N, D) for each time. Of a Node (T, N, D) take
                `apply(unstack, x)`.
            state: the state before the first step; zero by default.
            truncate: k, for truncated backpropagation through time. Before the steps k,
                2k, … (the first is 0) the state passes its value on but no gradient, so
                that none flows back through more than k steps.
        """
        states = []
        for t, x in enumerate(xs):
            if truncate and t and t % truncate == 0:
                state = self.pack([part.detach() for part in self.unpack(state)])
            state = self(x, state)
            states.append(state)
        return states

    def through_time(
        self,
        x: Node | ArrayLike,
        state: State | None = None,
        *,
        truncate: int | None = None,
    ) -> State:
        """What `unroll` gives, stacked, as one operation; as one for every `truncate`
        steps where gradients are cut between them.

        Args:
            x: the inputs of all times, of shape (T, N, D).
            state, truncate: as in `unroll`.

        Returns:
            The states after each step, of shape (T, N, H), or a pair of h and c.
        """
        steps, n, *_ = _value(x).shape
        if state is None:
            state = self._zeros(n)
        if truncate is None:
            return self.run(x, state)
        rest = steps % truncate
        sizes = [truncate] * (steps // truncate) + [rest] * (rest > 0)
        histories = []
        for chunk in apply(split, x, sizes=sizes):
            histories.append(self.unpack(self.run(chunk, state)))
            state = self.pack([history[-1].detach() for history in histories[-1]])
        joined = [apply(concatenate, *each) for each in zip(*histories, strict=True)]
        return self.pack(joined)

    def weights(self) -> tuple[Any, Any, Any, Any]:
        """w_ih, w_hh, b_ih and b_hh, the biases being zero where there are none."""
        if self.bias:
            return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh
        zeros = np.zeros_like(self.weight_ih.value[:, 0])
        return self.weight_ih, self.weight_hh, zeros, zeros

    def weighted_sums(self, x: Node | ArrayLike, h: Node) -> tuple[Node, Node]:
        """W_ih x + b_ih and W_hh h + b_hh, of shape (N, k·H) each."""
        w_ih, w_hh, b_ih, b_hh = self.weights()
        return apply(dense, x, w_ih, b_ih), apply(dense, h, w_hh, b_hh)

    def unpack(self, state: State) -> tuple[Node, ...]:
        """A state's parts: (h,), or (h, c)."""
        return (state,) if self.states == 1 else tuple(state)

    def pack(self, parts: Sequence[Node]) -> State:
        """A state of its parts: h, or the pair of h and c."""
        return parts[0] if self.states == 1 else tuple(parts)

    def _zeros(self, n: int) -> State:
        """A state of zeros for a batch of n."""
        zeros = np.zeros((n, self.hidden_size), self.weight_hh.value.dtype)
        return self.pack([Node(zeros)] * self.states)

    def __repr__(self) -> str:
        return describe(self, self.input_size, self.hidden_size, bias=True)


def describe(layer: Layer, *sizes: int, **defaults: Any) -> str:
    """A layer's class and sizes, and those of its settings that are not the default."""
    settings = {name: getattr(layer, name) for name in defaults}
    shown = [f"{k}={v!r}" for k, v in settings.items() if v != defaults[k]]
    return f"{type(layer).__name__}({', '.join([*map(str, sizes), *shown])})"


def _value(x: Node | ArrayLike) -> Any:
    """The array of a Node, or what is one already."""
    return x.value if isinstance(x, Node) else np.asarray(x)
