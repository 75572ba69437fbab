"""What every optimizer has in common: it keeps each parameter's state, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from course_lib.graph import Parameter
from course_lib.types import Array


class Optimizer:
    """Changes parameters by their gradients.

    A subclass defines `update`, and `initial_state` where the rule remembers something.

    Args:
        parameters: the parameters to change; their arrays are changed in place.
        lr: the learning rate η.

    Attributes:
        lr: may be changed between steps, as a schedule does.
        t: how many steps have been taken. One step moves all parameters: they share it.
    """

    def __init__(self, parameters: Iterable[Parameter], *, lr: float) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        self.t = 0
        if not self.parameters:
            raise ValueError(
                f"{type(self).__name__}: there are no parameters to change. "
                "Was the generator that names them used up before?"
            )
        self.states = [self.initial_state(p.value) for p in self.parameters]

    def step(self, gradients: Mapping[Parameter, Array]) -> None:
        """Move every parameter once.

        Args:
            gradients: what `backpropagate` returned. They are read, never changed.

        Raises:
            ValueError: a gradient's shape is not its parameter's. Then nothing has been
                changed.
        """
        gs = [np.asarray(gradients[p]) for p in self.parameters]
        for p, g in zip(self.parameters, gs, strict=True):
            if g.shape != p.shape:
                raise ValueError(
                    f"{type(self).__name__}.step: the gradient of {p!r} has shape "
                    f"{g.shape}. Is it the gradient of another parameter?"
                )
        self.t += 1
        for p, g, state in zip(self.parameters, gs, self.states, strict=True):
            self.update(p.value, g, state)

    def initial_state(self, x: Array) -> dict[str, Array]:
        """What the rule remembers of a parameter `x` before the first step."""
        return {}

    def update(self, x: Array, g: Array, state: dict[str, Array]) -> None:
        """Change a parameter `x` and its state in place, by its gradient `g`."""
        raise NotImplementedError(f"{type(self).__name__} does not define update")
