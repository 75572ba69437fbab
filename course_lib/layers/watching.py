"""What happens in a network as an input passes through: layer by layer, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from course_lib.graph import Call, Node
from course_lib.layers.layer import Layer


@dataclass(eq=False)
class Visit:
    """One use of a layer.

    Attributes:
        name: of the layer in the network, such as "blocks.0.conv1"; "" is the network.
        layer: the layer itself.
        inputs: what it was called with.
        depth: how many layers it was called within.
        output: what it returned; None while it runs, and where it raised an error.
        nodes: the nodes that it computed itself, rather than by a layer within it, each
            after those that it was computed from. Those that lead to no output, and
            those computed within `no_grad`, are not seen.
        within: the visits that it led to.
    """

    name: str
    layer: Layer
    inputs: tuple[Any, ...]
    depth: int
    output: Any = None
    nodes: list[Node] = field(default_factory=list)
    within: list[Visit] = field(default_factory=list)


@contextmanager
def watch(network: Layer) -> Iterator[list[Visit]]:
    """Within this block every use of a layer of the network is recorded.

        with watch(network) as visits:
            network(x)

    The visits stand in the order in which the layers are called: a layer before those
    within it. They hold all nodes, and so the memory of a pass. What the layers compute
    is not changed: each is an instance of a subclass of its own class meanwhile, which
    reports each call.
    """
    names: dict[Layer, str] = {}
    for name, layer in network.named_layers():
        names.setdefault(layer, name)  # a shared layer goes by its first name
    recorder = _Recorder(names)
    classes = {layer: type(layer) for layer in names}
    subclasses = {cls: _watched(cls, recorder) for cls in set(classes.values())}
    for layer, cls in classes.items():
        layer.__class__ = subclasses[cls]
    try:
        yield recorder.visits
    finally:
        for layer, cls in classes.items():
            layer.__class__ = cls
        for subclass in subclasses.values():
            del subclass.__call__  # a class is freed late, and it would hold all nodes


def nodes_of(value: Any) -> list[Node]:
    """The nodes in what a layer takes or returns: in tuples and lists, however deep."""
    if isinstance(value, (tuple, list)):
        return [node for item in value for node in nodes_of(item)]
    return [value] if isinstance(value, Node) else []


class _Recorder:
    def __init__(self, names: dict[Layer, str]) -> None:
        self.names = names
        self.visits: list[Visit] = []
        self._open: list[Visit] = []  # called and not yet returned, outermost first
        self._claimed: set[Call] = set()

    def enter(self, layer: Layer, inputs: tuple[Any, ...]) -> Visit:
        visit = Visit(self.names[layer], layer, inputs, depth=len(self._open))
        before = self._unclaimed(inputs)  # computed by whoever calls this layer
        if self._open:
            self._open[-1].nodes += before
            self._open[-1].within.append(visit)
        self.visits.append(visit)
        self._open.append(visit)
        return visit

    def leave(self, visit: Visit) -> None:
        self._open.pop()
        visit.nodes += self._unclaimed(visit.output)

    def _unclaimed(self, value: Any) -> list[Node]:
        """The nodes that lead to the value and that no visit has yet."""
        found = []
        stack = [node for node in reversed(nodes_of(value)) if node.call]
        while stack:
            node = stack[-1]
            call = node.call
            waiting = [] if call is None else self._new_inputs(call)
            if waiting:
                stack += reversed(waiting)
                continue
            stack.pop()
            if call and call not in self._claimed:
                self._claimed.add(call)
                found.append(node)
        return found

    def _new_inputs(self, call: Call) -> list[Node]:
        if call in self._claimed:
            return []
        return [x for x in call.inputs if x.call and x.call not in self._claimed]


def _watched(cls: type[Layer], recorder: _Recorder) -> type[Layer]:
    def __call__(self: Layer, *inputs: Any, **settings: Any) -> Any:  # noqa: N807
        visit = recorder.enter(self, inputs)
        try:
            visit.output = cls.__call__(self, *inputs, **settings)
        finally:
            recorder.leave(visit)
        return visit.output

    return type(cls.__name__, (cls,), {"__call__": __call__, "__doc__": cls.__doc__})
