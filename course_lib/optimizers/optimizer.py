"""What every optimizer has in common: it keeps each parameter's state, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import GradientError, Gradients, Parameter
from course_lib.optimizers.settings import check_not_negative
from course_lib.types import Array

# What a rule remembers of one parameter: arrays of its shape, by name. `update` changes
# the arrays in place; it cannot put another in their place.
State = Mapping[str, Array]

# Entries that one call of `update` changes at most. A rule is written as its formula,
# so it makes an array for each intermediate result; at this size these stay in the
# processor's cache, which makes Adam nearly twice as fast on large parameters.
BLOCK = 2**15


class Optimizer:
    """Changes parameters by their gradients.

    A subclass defines `update`, and `initial_state` where the rule remembers something.

    Args:
        parameters: the parameters to change; their arrays are changed in place.
        lr: the learning rate η, at least 0. Settings have torch's names and defaults,
            but for the momentum, which torch leaves at 0.

    Attributes:
        lr: may be changed between steps, as a schedule does.
        t: how many steps have been taken. One step moves all parameters: they share it.

    Raises:
        ValueError: there is no parameter, or one twice, or a setting is out of range.
        TypeError: something among `parameters` is not a Parameter.
    """

    def __init__(self, parameters: Iterable[Parameter], *, lr: float = 1e-3) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.t = 0
        self._check_parameters()
        self.states = [self.initial_state(p.value) for p in self.parameters]

    @property
    def lr(self) -> float:
        """The learning rate η of the next step."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        check_not_negative(type(self).__name__, lr=lr)
        self._lr = float(lr)  # with NumPy's float64, float32 times lr were float64

    def step(self, gradients: Gradients | Mapping[Parameter, Array]) -> None:
        """Move every parameter once.

        Args:
            gradients: what `backpropagate` returned. They are read, never changed.

        Raises:
            GradientError: a parameter has no gradient.
            ValueError: a gradient's shape is not its parameter's.

        In both cases nothing has been changed.
        """
        gs = [self._gradient(p, gradients) for p in self.parameters]
        self.t += 1
        self.begin_step()
        for p, g, state in zip(self.parameters, gs, self.states, strict=True):
            for block in _blocks(p.value, g, state):
                self.update(*block)

    def initial_state(self, x: Array) -> dict[str, Array]:
        """What the rule remembers of a parameter `x` before the first step: arrays of
        its shape and type, by name."""
        return {}

    def begin_step(self) -> None:
        """Compute what all parameters share in this step, the t-th."""

    def update(self, x: Array, g: Array, state: State) -> None:
        """Change a parameter `x` and its state in place, by its gradient `g`.

        The three are a whole parameter or a part of it: a rule treats each entry alone.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define update")

    def state_dict(self) -> dict[str, Array]:
        """Copies of all that the optimizer remembers, to go on later as if nothing had
        happened.

        Returns:
            "t", the number of steps, and arrays such as "0.v" of the first parameter.
            Settings are not among them: they are given when an optimizer is made.
        """
        arrays = {name: array.copy() for name, array in self._named_arrays().items()}
        return {"t": np.array(self.t)} | arrays

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Remember what another optimizer of the same rule remembered.

        Raises:
            ValueError: a name is missing or unknown, or a shape differs. Then nothing
                has been changed.
        """
        rule = type(self).__name__
        arrays = self._named_arrays()
        missing = sorted({"t", *arrays} - state.keys())
        unknown = sorted(state.keys() - {"t", *arrays})
        if missing or unknown:
            raise ValueError(
                f"{rule}.load_state_dict: missing {missing}, unknown {unknown}. "
                "Is the state another rule's, or another network's?"
            )
        for name, array in {"t": np.array(0), **arrays}.items():
            if np.shape(state[name]) != array.shape:
                raise ValueError(
                    f"{rule}.load_state_dict: {name} has shape {np.shape(state[name])},"
                    f" expected {array.shape}. Are the parameters in the same order?"
                )
        self.t = int(np.asarray(state["t"]))
        for name, array in arrays.items():
            array[...] = state[name]

    def _named_arrays(self) -> dict[str, Array]:
        return {
            f"{index}.{name}": array
            for index, state in enumerate(self.states)
            for name, array in state.items()
        }

    def _check_parameters(self) -> None:
        rule = type(self).__name__
        if not self.parameters:
            raise ValueError(
                f"{rule}: there are no parameters to change. "
                "Was the generator that names them used up before?"
            )
        for p in self.parameters:
            if not isinstance(p, Parameter):
                raise TypeError(
                    f"{rule}: one of the parameters is a {type(p).__name__}, expected "
                    "Parameters. Is network.parameters() meant?"
                )
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError(
                f"{rule}: a parameter is named twice and would move twice a step. "
                "Do two networks share a layer?"
            )

    def _gradient(
        self, p: Parameter, gradients: Gradients | Mapping[Parameter, Array]
    ) -> Array:
        if p not in gradients:
            raise GradientError(
                f"{type(self).__name__}.step: there is no gradient of {p!r}. "
                "Does the loss depend on it?"
            )
        g = np.asarray(gradients[p], dtype=p.value.dtype)
        if g.shape != p.shape:
            raise ValueError(
                f"{type(self).__name__}.step: the gradient of {p!r} has shape "
                f"{g.shape}. Is it the gradient of another parameter?"
            )
        return g


def _blocks(
    x: Array, g: Array, state: dict[str, Array]
) -> Iterator[tuple[Array, Array, State]]:
    """A parameter, its gradient and its state, in parts of at most BLOCK entries.

    The parts are views: to change them is to change the whole. That takes arrays that
    lie in memory row by row; others come whole.
    """
    changed = (x, *state.values())
    if x.size <= BLOCK or not all(array.flags.c_contiguous for array in changed):
        yield x, g, MappingProxyType(state)
        return
    x, g = x.reshape(-1), g.reshape(-1)
    flat = {name: array.reshape(-1) for name, array in state.items()}
    for start in range(0, x.size, BLOCK):
        part = slice(start, start + BLOCK)
        views = {name: array[part] for name, array in flat.items()}
        yield x[part], g[part], MappingProxyType(views)
