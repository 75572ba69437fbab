"""Where to draw the nodes of a directed acyclic graph: in layers, with few crossings.

The method of Sugiyama, Tagawa and Toda (1981): put every node in the layer given by its
longest path to the end, let edges that pass a layer take a place in it, order each
layer by its neighbors' mean position, and then move the nodes towards their neighbors
as far as their sizes allow. Lengths are in points: `u` runs along the flow, `v` across.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_SWEEPS = 12
_STRAIGHT = (
    6.0  # how much more an edge that passes a layer pulls towards a straight line
)
_PASSING = 7.0  # the room that a passing edge takes on either side


@dataclass
class Box:
    """One node to place.

    Attributes:
        length: its size along the flow.
        before, after: the room it needs across the flow, on either side of its center,
            gaps included.
        zone: the length it needs behind it, along the flow, for labels.
        pull: how strongly it draws its neighbors to its own height.
        layer, u, v: where `place` puts it: layer from 0 at the inputs, and its center.
    """

    length: float
    before: float
    after: float
    zone: float = 0.0
    pull: float = 1.0
    layer: int = 0
    u: float = 0.0
    v: float = 0.0


@dataclass
class Route:
    """How an edge runs: straight through each point's label zone, bent between them.

    Attributes:
        boxes: source, the layers passed on the way, target.
        bends: pairs (from, to) along the flow: where the edge may change its `v`.
    """

    boxes: list[Box]
    bends: list[tuple[float, float]]


def place(
    boxes: Sequence[Box],
    edges: Sequence[tuple[int, int]],
    *,
    bend: float = 24.0,
    labels: Iterable[tuple[int, float]] = (),
) -> list[Route]:
    """Set `layer`, `u` and `v` of every box, and find the way of every edge.

    Args:
        boxes: what to place; the order decides between equally good drawings.
        edges: pairs (source, target) of indices into `boxes`, without a cycle.
        bend: how far along the flow an edge takes to change its `v`, at least.
        labels: pairs (edge, length): edges that need more room before their target.

    Returns:
        One Route for each edge.
    """
    _set_layers(boxes, edges)
    everything = list(boxes)
    chains = []
    for ends in edges:
        source, target = (boxes[i] for i in ends)
        passed = [
            Box(0.0, _PASSING, _PASSING, pull=_STRAIGHT, layer=layer)
            for layer in range(source.layer + 1, target.layer)
        ]
        everything += passed
        chains.append([source, *passed, target])
    neighbors = _neighbors(chains)
    layers = _layers(everything)
    _reduce_crossings(layers, neighbors)
    for _ in range(_SWEEPS):
        for layer in [*layers, *reversed(layers)]:
            _move(layer, neighbors)
    least = min(box.v - box.before for box in everything)
    for box in everything:
        box.v -= least

    needs: dict[int, float] = defaultdict(lambda: bend)
    for edge, length in labels:
        target = boxes[edges[edge][1]]
        needs[target.layer] = max(needs[target.layer], length)
    starts, stops = _columns(layers, needs)
    return [
        Route(
            chain,
            [(stops[box.layer], starts[box.layer + 1]) for box in chain[:-1]],
        )
        for chain in chains
    ]


def crossings(layers: list[list[Box]], neighbors: dict[int, list[Box]]) -> int:
    """How many pairs of edges cross, for the order of boxes within the layers."""
    total = 0
    for first, second in pairwise(layers):
        position = {id(box): i for i, box in enumerate(second)}
        ends = [
            (i, position[id(other)])
            for i, box in enumerate(first)
            for other in neighbors[id(box)]
            if id(other) in position
        ]
        total += sum((a - c) * (b - d) < 0 for a, b in ends for c, d in ends) // 2
    return total


def _set_layers(boxes: Sequence[Box], edges: Sequence[tuple[int, int]]) -> None:
    distance = [0] * len(boxes)
    for _ in boxes:  # a path has at most as many edges as there are boxes
        for source, target in edges:
            distance[source] = max(distance[source], distance[target] + 1)
    for box, steps in zip(boxes, distance, strict=True):
        box.layer = max(distance) - steps


def _neighbors(chains: list[list[Box]]) -> dict[int, list[Box]]:
    neighbors: dict[int, list[Box]] = defaultdict(list)
    for chain in chains:
        for a, b in pairwise(chain):
            neighbors[id(a)].append(b)
            neighbors[id(b)].append(a)
    return neighbors


def _layers(boxes: list[Box]) -> list[list[Box]]:
    layers: list[list[Box]] = [[] for _ in range(max(box.layer for box in boxes) + 1)]
    for box in boxes:
        layers[box.layer].append(box)
    return layers


def _reduce_crossings(layers: list[list[Box]], neighbors: dict[int, list[Box]]) -> None:
    """Order each layer by the mean position of its neighbors, left and right in turn,
    and keep the best order met."""
    best, fewest = [list(layer) for layer in layers], crossings(layers, neighbors)
    for sweep in range(_SWEEPS):
        to_right = sweep % 2 == 0
        for layer in layers[1:] if to_right else layers[-2::-1]:
            fixed = layer[0].layer + (-1 if to_right else 1)
            position = {id(box): i for i, box in enumerate(layers[fixed])}
            mean = {}
            for i, box in enumerate(layer):
                places = [
                    position[id(x)] for x in neighbors[id(box)] if id(x) in position
                ]
                mean[id(box)] = float(np.mean(places)) if places else float(i)
            layer.sort(key=lambda box: mean[id(box)])
        count = crossings(layers, neighbors)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order


def _move(layer: list[Box], neighbors: dict[int, list[Box]]) -> None:
    """Move a layer's boxes towards their neighbors, in order and without overlap.

    The least-squares solution: isotonic regression of the wishes, less the gaps.
    """
    wishes, weights = [], []
    for box in layer:
        near = neighbors[id(box)]
        pulls = [box.pull * x.pull for x in near]
        v = np.average([x.v for x in near], weights=pulls) if near else box.v
        wishes.append(float(v))
        weights.append(float(sum(pulls) or 1))
    gaps = [a.after + b.before for a, b in pairwise(layer)]
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    blocks: list[list[float]] = []  # mean, weight, count
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        blocks.append([wish - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight, count = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * weight) / (last[1] + weight)
            last[1] += weight
            last[2] += count
    means = [mean for mean, _, count in blocks for _ in range(int(count))]
    for box, mean, offset in zip(layer, means, offsets, strict=True):
        box.v = mean + float(offset)


def _columns(
    layers: list[list[Box]], needs: dict[int, float]
) -> tuple[list[float], list[float]]:
    """Set every `u`; return where each layer's column begins and its zone ends."""
    starts, ends = [], []
    u = 0.0
    for index, layer in enumerate(layers):
        if index > 0:
            u += needs[index]
        length = max(box.length for box in layer)
        for box in layer:
            box.u = u + length / 2
        starts.append(u)
        # A label stands behind its own box, which may be shorter than its column.
        u += length / 2 + max(box.length / 2 + box.zone for box in layer)
        u = max(u, starts[-1] + length)
        ends.append(u)
    return starts, ends
