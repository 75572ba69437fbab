"""Where the first value came from that is NaN or infinite."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.graph import Call, Node, apply, backpropagate, topological_order
from course_lib.layers.layer import Layer
from course_lib.layers.watching import Visit, watch
from course_lib.training.evaluation import Loss
from course_lib.types import Array


def where_not_finite(network: Layer, loss: Loss, x: Array, labels: Array) -> str:
    """A sentence that names the layer and the operation, by passing the batch again.

    The search goes the way of the computation: the samples, the parameters, what each
    operation gives, and then, backwards, the gradients that it sends. The first that is
    not finite though all before it was, is the one.

    Args:
        network, loss, x, labels: of the step that went wrong, in the same state.
    """
    if not _finite(x):
        return f"The samples hold {_first(x)} of their batch: look for NaN in them."
    for name, parameter in network.named_parameters():
        if not _finite(parameter.value):
            return (
                f"The last step left {_first(parameter.value)} in parameter {name}. "
                "Try a smaller learning rate."
            )
    with watch(network) as visits:
        output = network(x)
    l = apply(loss, output, labels=labels)
    owners = {node.call: visit for visit in visits for node in visit.nodes}
    call = _first_output(l)
    if call is not None:
        return (
            f"It comes from {_place(call, owners)}, in the forward pass. Try a smaller "
            "learning rate, and look at what the layer is given."
        )
    call = _first_gradient(l)
    if call is not None:
        return (
            f"A gradient is not finite: it comes from {_place(call, owners)}, in the "
            "backward pass. Is the derivative infinite there, as that of √x at 0?"
        )
    return (
        "The same pass again gave finite values only. Does a layer draw from a "
        "generator that is not its attribute?"
    )


def _first_output(l: Node) -> Call | None:
    calls = topological_order(l)
    nodes = [l, *(x for call in calls for x in call.inputs)]
    wrong = {node.call for node in nodes if not _finite(node.value)}
    return next((call for call in calls if call in wrong), None)


def _first_gradient(l: Node) -> Call | None:
    gradients = backpropagate(l, keep=True)
    calls = topological_order(l)
    dys: dict[Call, dict[int, Array]] = {call: {} for call in calls}
    for node, dy in gradients.items():
        if node.call:
            dys[node.call][node.index] = dy
    for call in reversed(calls):
        if not all(map(_finite, call.gradients(dys[call]))):
            return call
    return None


def _place(call: Call, owners: dict[Any, Visit]) -> str:
    """The layer that made a call, and the call."""
    if call not in owners:
        return f"the loss ({call.name})"
    visit = owners[call]
    layer = f"layer {visit.name}, {visit.layer!r}" if visit.name else "the network"
    return f"{layer} ({call.name})"


def _finite(array: Array) -> bool:
    return bool(np.isfinite(array).all())


def _first(array: Array) -> str:
    """The first entry that is not finite, and where it is."""
    index = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
    return f"{array[index]} (at {index})"
