"""What every layer has in common: named parameters, two modes, a state to save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from course_lib.graph import Gradients, Node, Parameter, backpropagate, no_grad
from course_lib.types import Array


class Layer:
    """A function with parameters.

    A subclass sets its Parameters and layers as attributes and defines `__call__`. A
    layer remembers nothing of what passed through it: what the backward pass needs
    lives in the graph. So one layer may be used twice in a network, or in two
    networks, and the gradients add up.

    An attribute that is an array is a buffer, as torch calls it: a part of the state
    that is saved and loaded but not learned, such as a running mean.
    """

    training = True

    def __call__(self, *inputs: Any, **settings: Any) -> Any:
        """The layer's output, a Node, for inputs that are Nodes or arrays."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__")

    def forward(self, *inputs: ArrayLike) -> tuple[Any, Callable[..., Any]]:
        """The layer as one operation: its value for arrays, and its own backward.

        Returns:
            y: the output; a tuple, perhaps of tuples, where the layer returns one.
            backward: `dx, gradients = backward(dy)`, with `dy` of the structure of `y`.
                `dx` is a tuple where the layer has several inputs; `gradients` maps
                each Parameter to its gradient, ready for `optimizer.step(gradients)`.
        """
        nodes = [Node(x) for x in inputs]
        output = self(*nodes)

        def backward(dy: Any) -> tuple[Any, Gradients]:
            gradients = backpropagate(output, nodes, gradient=dy)
            dxs = tuple(gradients[node] for node in nodes)
            return (dxs if len(dxs) > 1 else dxs[0]), gradients

        return _values(output), backward

    def predict(self, *inputs: ArrayLike) -> Any:
        """The output's value in evaluation mode, with nothing recorded.

        The layers' modes are put back afterwards.
        """
        with self.in_mode(training=False), no_grad():
            return _values(self(*(Node(x) for x in inputs)))

    def parameters(self) -> list[Parameter]:
        """Every Parameter of the layer and of the layers within it, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(
        self, *, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Pairs of a name such as "0.weight" and a Parameter.

        Args:
            remove_duplicate: name a Parameter that is shared once only, by its first
                name; else by all of them.
        """
        seen: set[Parameter] = set()
        for prefix, layer in self.named_layers():
            for name, value in vars(layer).items():
                if isinstance(value, Parameter) and value not in seen:
                    if remove_duplicate:
                        seen.add(value)
                    yield f"{prefix}.{name}" if prefix else name, value

    def named_children(self) -> Iterator[tuple[str, Layer]]:
        """Pairs of a name and a layer directly within: "head", or "blocks.0" in a
        list.
        """
        for name, value in vars(self).items():
            if isinstance(value, Layer):
                yield name, value
            elif isinstance(value, (list, tuple)):
                for index, item in enumerate(value):
                    if isinstance(item, Layer):
                        yield f"{name}.{index}", item

    def named_layers(self, prefix: str = "") -> Iterator[tuple[str, Layer]]:
        """Pairs of a name and a layer: itself, under `prefix`, and all within it."""
        yield prefix, self
        for name, layer in self.named_children():
            yield from layer.named_layers(f"{prefix}.{name}" if prefix else name)

    def layers(self) -> list[Layer]:
        """The layer itself and every layer within it."""
        return [layer for _, layer in self.named_layers()]

    def train(self, mode: bool = True) -> Layer:
        """Set training mode, for dropout and normalization, here and within."""
        for layer in self.layers():
            layer.training = mode
        return self

    def eval(self) -> Layer:
        """Set evaluation mode, here and within."""
        return self.train(False)

    @contextmanager
    def in_mode(self, *, training: bool) -> Iterator[None]:
        """Within this block the layer and those within it are in training mode, or in
        evaluation mode; each one's own mode is put back afterwards."""
        modes = [(layer, layer.training) for layer in self.layers()]
        self.train(training)
        try:
            yield
        finally:
            for layer, before in modes:
                layer.training = before

    def astype(self, dtype: DTypeLike) -> Layer:
        """Convert all floating-point parameters and buffers, such as to np.float32.

        Call it before an optimizer is made: the arrays are new ones.
        """
        for layer in self.layers():
            for name, value in vars(layer).items():
                if isinstance(value, Parameter):
                    value.value = value.value.astype(dtype)
                elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
                    setattr(layer, name, value.astype(dtype))
        return self

    def state_dict(self) -> dict[str, Array]:
        """Copies of all parameters and buffers, with torch's names and shapes.

        A Parameter that is shared comes under each of its names, as in torch.
        """
        return {name: array.copy() for name, array in self._named_arrays()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Set all parameters and buffers, from arrays or from torch's tensors.

        Raises:
            ValueError: a name is missing or unknown, or a shape differs. Then nothing
                has been changed.
        """
        own = dict(self._named_arrays())
        missing = sorted(own.keys() - state.keys())
        unknown = sorted(state.keys() - own.keys())
        if missing or unknown:
            raise ValueError(
                f"load_state_dict: missing {missing}, unknown {unknown}. "
                "Does the state belong to a network of another shape?"
            )
        arrays = {name: np.asarray(state[name]) for name in own}
        for name, array in own.items():
            if arrays[name].shape != array.shape:
                raise ValueError(
                    f"load_state_dict: {name} has shape {arrays[name].shape}, "
                    f"expected {array.shape}. Does the state belong to a network "
                    "of other widths?"
                )
        for name, array in own.items():
            array[...] = arrays[name]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to an .npz file: arrays, and nothing that could run."""
        state: dict[str, Any] = self.state_dict()
        with open(path, "wb") as file:  # NumPy would add .npz to a path without it
            np.savez(file, **state)

    def load(self, path: str | PathLike[str]) -> None:
        """Set all parameters and buffers from a file that `save` wrote."""
        with np.load(path, allow_pickle=False) as state:
            self.load_state_dict(dict(state))

    def __repr__(self) -> str:
        within = ", ".join(repr(layer) for _, layer in self.named_children())
        return f"{type(self).__name__}({within})"

    def _named_arrays(self) -> Iterator[tuple[str, Array]]:
        """The arrays that make up the state, as they are, not copies."""
        for prefix, layer in self.named_layers():
            for name, value in vars(layer).items():
                array = value.value if isinstance(value, Parameter) else value
                if isinstance(array, np.ndarray):
                    yield f"{prefix}.{name}" if prefix else name, array


def _values(output: Any) -> Any:
    """The arrays of a Node, or of a tuple of them."""
    if isinstance(output, tuple):
        return tuple(map(_values, output))
    return output.value
