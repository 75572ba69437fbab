"""What every optimizer has in common: it keeps each parameter's state, and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.graph import GradientError, Gradients, Parameter
from course_lib.optimizers.groups import Group, Grouped, make_groups
from course_lib.optimizers.settings import check_not_negative
from course_lib.types import Array

# What a rule remembers of one parameter: arrays of its shape, by name. `update` changes
# the arrays in place; it cannot put another in their place.
State = Mapping[str, Array]

# Entries that one call of `update` changes at most. A rule is written as its formula,
# so it makes arrays for intermediate results; at this size they stay in the processor's
# cache, which makes Adam 1.4 times as fast on large parameters.
BLOCK = 2**17


class Optimizer:
    """Changes parameters by their gradients.

    A subclass defines `update`; `initial_state`, where the rule remembers something;
    and `check`, where it has settings of its own.

    Args:
        parameters: what to change; the arrays are changed in place. Either Parameters,
            or groups of them with settings of their own, as in torch:
            `[{"params": head.parameters(), "lr": 0.1}, {"params": …}]`.
        lr: the learning rate η, at least 0. Settings have torch's names and defaults,
            but for the momentum, which torch leaves at 0.
        weight_decay: λ, at least 0. By default it is the gradient of a prior λ‖x‖²/2 on
            the parameters: g ← g + λx, before the rule sees it. AdamW and SGDW decay x
            itself instead.
        settings: the rule's others. All are the defaults of the groups.

    Attributes:
        groups: each has its `parameters` and its settings as attributes: they may be
            changed between steps.
        parameters: of all groups, in their order.
        t: how many steps have been taken. One step moves all parameters: they share it.

    Raises:
        ValueError: there is no parameter, or one twice, or a setting is out of range.
        TypeError: something among `parameters` is not a Parameter.
    """

    def __init__(
        self,
        parameters: Grouped,
        *,
        lr: float,
        weight_decay: float = 0.0,
        **settings: Any,
    ) -> None:
        defaults = {"lr": lr, "weight_decay": weight_decay, **settings}
        self.groups = make_groups(type(self).__name__, parameters, defaults)
        for group in self.groups:
            self.check(group)
        self.parameters = [p for group in self.groups for p in group.parameters]
        self.states = [self.initial_state(p.value) for p in self.parameters]
        self.t = 0

    @property
    def lr(self) -> float:
        """The learning rate η of the first group; to set it sets that of all."""
        return self.groups[0].lr

    @lr.setter
    def lr(self, lr: float) -> None:
        check_not_negative(type(self).__name__, lr=lr)
        for group in self.groups:
            group.lr = float(lr)  # with NumPy's float64, float32 times lr were float64

    def step(self, gradients: Gradients | Mapping[Parameter, Array]) -> None:
        """Move every parameter once.

        Args:
            gradients: what `backpropagate` returned. They are read, never changed.

        Raises:
            GradientError: a parameter has no gradient.
            ValueError: a gradient's shape is not its parameter's, or a setting was
                changed to a value out of its range.

        In all cases nothing has been changed.
        """
        for group in self.groups:
            self.check(group)
        rule = type(self).__name__
        gs = [gradient_of(rule, p, gradients) for p in self.parameters]
        self.t += 1
        for group in self.groups:
            self.begin_step(group)
        owners = [group for group in self.groups for _ in group.parameters]
        for p, g, state, group in zip(
            self.parameters, gs, self.states, owners, strict=True
        ):
            for block in _blocks(p.value, g, state):
                self._move(*block, group)

    def check(self, group: Group) -> None:
        """Raise ValueError where a setting is out of its range."""
        check_not_negative(
            type(self).__name__, lr=group.lr, weight_decay=group.weight_decay
        )

    def initial_state(self, x: Array) -> dict[str, Array]:
        """What the rule remembers of a parameter `x` before the first step: arrays of
        its shape and type, by name."""
        return {}

    def begin_step(self, group: Group) -> None:
        """Compute what all parameters of a group share in this step, the t-th."""

    def decay(self, x: Array, g: Array, group: Group) -> Array:
        """The gradient that the rule takes for `g` where there is weight decay."""
        return g + group.weight_decay * x

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """Change a parameter `x` and its state in place, by its gradient `g` and with
        its group's settings.

        The arrays may be parts of the parameter's, laid out in one row: a rule treats
        each entry alone.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define update")

    def _move(self, x: Array, g: Array, state: State, group: Group) -> None:
        if group.weight_decay:
            g = self.decay(x, g, group)
        self.update(x, g, state, group)

    def state_dict(self) -> dict[str, Array]:
        """Copies of all that a later run needs to go on as if nothing had happened.

        Returns:
            "t", the number of steps; arrays such as "0.v" of the first parameter; and
            settings such as "groups.0.lr", since a schedule may have changed them.
        """
        states = {name: array.copy() for name, array in self._named_states().items()}
        settings = {name: np.array(x) for name, x in self._named_settings().items()}
        return {"t": np.array(self.t)} | states | settings

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Take over state and settings of another optimizer of the same rule.

        Raises:
            ValueError: a name is missing or unknown, a shape differs, or a setting is
                out of its range. Then nothing has been changed.
        """
        rule = type(self).__name__
        own = self.state_dict()
        missing = sorted(own.keys() - state.keys())
        unknown = sorted(state.keys() - own.keys())
        if missing or unknown:
            raise ValueError(
                f"{rule}.load_state_dict: missing {missing}, unknown {unknown}. "
                "Is the state another rule's, or another network's?"
            )
        for name, array in own.items():
            if np.shape(state[name]) != array.shape:
                raise ValueError(
                    f"{rule}.load_state_dict: {name} has shape {np.shape(state[name])},"
                    f" expected {array.shape}. Are the parameters in the same order?"
                )
        loaded = []
        for i, group in enumerate(self.groups):
            names = {name: f"groups.{i}.{name}" for name in group.settings()}
            loaded.append({name: _as_setting(state[names[name]]) for name in names})
            self.check(Group(**loaded[-1]))
        for group, settings in zip(self.groups, loaded, strict=True):
            vars(group).update(settings)
        self.t = int(np.asarray(state["t"]))
        for name, array in self._named_states().items():
            array[...] = state[name]

    def _named_states(self) -> dict[str, Array]:
        return {
            f"{index}.{name}": array
            for index, state in enumerate(self.states)
            for name, array in state.items()
        }

    def _named_settings(self) -> dict[str, Any]:
        return {
            f"groups.{index}.{name}": value
            for index, group in enumerate(self.groups)
            for name, value in group.settings().items()
        }


def gradient_of(
    rule: str, p: Parameter, gradients: Gradients | Mapping[Parameter, Array]
) -> Array:
    """A parameter's gradient, of its shape and type, in memory of its own.

    Args:
        rule: the optimizer's name, for messages.
        p: the parameter.
        gradients: what `backpropagate` returned.

    Raises:
        GradientError: there is none.
        ValueError: it has another shape.
    """
    if p not in gradients:
        raise GradientError(
            f"{rule}.step: there is no gradient of {p!r}. Does the loss depend on it?"
        )
    g = np.asarray(gradients[p], dtype=p.value.dtype)
    if g.shape != p.shape:
        raise ValueError(
            f"{rule}.step: the gradient of {p!r} has shape {g.shape}. "
            "Is it the gradient of another parameter?"
        )
    # The gradient of ‖x‖²/2 is x itself, and a rule may change x before it reads g.
    return g.copy() if np.may_share_memory(g, p.value) else g


def _blocks(
    x: Array, g: Array, state: dict[str, Array]
) -> Iterator[tuple[Array, Array, State]]:
    """A parameter, its gradient and its state, in parts of at most BLOCK entries.

    The parts are views: to change them is to change the whole. That takes arrays that
    lie in memory row by row; others come whole, and so do small ones.
    """
    changed = (x, *state.values())
    if x.ndim > 0 and (
        x.size <= BLOCK or not all(array.flags.c_contiguous for array in changed)
    ):
        yield x, g, MappingProxyType(state)
        return
    x, g = x.reshape(-1), g.reshape(-1)
    flat = {name: array.reshape(-1) for name, array in state.items()}
    for start in range(0, x.size, BLOCK):
        part = slice(start, start + BLOCK)
        views = {name: array[part] for name, array in flat.items()}
        yield x[part], g[part], MappingProxyType(views)


def _as_setting(value: ArrayLike) -> Any:
    """A number, or a tuple of them, from an array."""
    plain = np.asarray(value).tolist()
    return tuple(plain) if isinstance(plain, list) else plain
