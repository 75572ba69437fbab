"""A network's table, as papers print it: layers, shapes, parameters, multiply-adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.analysis.mult_adds import mult_adds
from course_lib.graph import Parameter
from course_lib.layers.layer import Layer
from course_lib.layers.watching import Visit, nodes_of, watch

Shape = tuple[int, ...]


@dataclass(frozen=True)
class SummaryRow:
    """A line of the table: one use of a layer.

    Attributes:
        name: of the layer in the network, such as "blocks.0.conv1".
        type: its class, such as "Conv2d".
        output_shapes: of each output, the batch first; none where the layer was never
            called.
        parameters: how many numbers it learns, where it has not been named before.
        mult_adds: multiplications, each with an addition, for the whole batch.
    """

    name: str
    type: str
    output_shapes: tuple[Shape, ...]
    parameters: int
    mult_adds: int


@dataclass(frozen=True)
class Summary:
    """The table of a network, which prints as one.

    Attributes:
        rows: the layers in the order in which they are used.
        parameters: how many numbers the network learns. One that is shared counts once.
        mult_adds: multiplications, each with an addition, for the whole batch.
    """

    rows: tuple[SummaryRow, ...]
    parameters: int
    mult_adds: int

    def __str__(self) -> str:
        header = ("layer", "type", "output", "parameters", "mult-adds")
        body = [
            (
                row.name,
                row.type,
                " ".join(map(_shape_text, row.output_shapes)) or "not called",
                f"{row.parameters:,}",
                f"{row.mult_adds:,}",
            )
            for row in self.rows
        ]
        total = ("total", "", "", f"{self.parameters:,}", f"{self.mult_adds:,}")
        table = [header, *body, total]
        widths = [max(len(line[i]) for line in table) for i in range(len(header))]
        lines = ["  ".join(_padded(line, widths)).rstrip() for line in table]
        rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def summary(
    network: Layer, *inputs: Shape | ArrayLike, depth: int | None = None
) -> Summary:
    """Pass an input through a network in evaluation mode, and list what it meets.

        print(summary(network, (1, 3, 224, 224)))

    Args:
        network: it is not changed.
        inputs: for each of the network's inputs its shape, a tuple with the batch
            first; or an array, where it has to be of a kind, such as class numbers.
        depth: how far to look into layers made of layers: 1 lists those directly in
            the network. By default all the way.

    Returns:
        The rows, and their sums. A layer made of layers has a row where it is not
        looked into, and where it has parameters or products of its own.
    """
    xs = [_example(network, x) for x in inputs]
    with network.in_mode(training=False), watch(network) as visits:
        network(*xs)
    counted: set[Parameter] = set()
    rows = []
    for visit in visits:
        if depth is not None and visit.depth > depth:
            continue
        whole = visit.depth == depth
        shown = list(_tree(visit)) if whole else [visit]
        row = _row(visit, shown, counted)
        if whole or not visit.within or row.parameters or row.mult_adds:
            rows.append(row)
    rows += _never_called(network, visits, counted)
    total = sum(p.value.size for p in network.parameters())
    return Summary(tuple(rows), total, sum(row.mult_adds for row in rows))


def _row(visit: Visit, shown: list[Visit], counted: set[Parameter]) -> SummaryRow:
    """A row for one visit, with the numbers of those in `shown`."""
    return SummaryRow(
        visit.name,
        type(visit.layer).__name__,
        tuple(node.shape for node in nodes_of(visit.output)),
        sum(_parameters(each.layer, counted) for each in shown),
        sum(mult_adds(node) for each in shown for node in each.nodes),
    )


def _never_called(
    network: Layer, visits: list[Visit], counted: set[Parameter]
) -> Iterator[SummaryRow]:
    """Rows for what has parameters but was not passed."""
    called = {visit.layer for visit in visits}
    for name, layer in network.named_layers():
        if layer not in called:
            count = _parameters(layer, counted)
            if count:
                yield SummaryRow(name, type(layer).__name__, (), count, 0)


def _parameters(layer: Layer, counted: set[Parameter]) -> int:
    """How many numbers the layer's own Parameters hold that are not counted yet."""
    own = {p for p in vars(layer).values() if isinstance(p, Parameter)} - counted
    counted |= own
    return sum(p.value.size for p in own)


def _tree(visit: Visit) -> Iterator[Visit]:
    yield visit
    for inner in visit.within:
        yield from _tree(inner)


def _example(network: Layer, x: Any) -> Any:
    if not isinstance(x, tuple):
        return x
    dtypes = [p.value.dtype for p in network.parameters()] or [np.dtype(np.float64)]
    return np.zeros(x, dtypes[0])


def _shape_text(shape: Shape) -> str:
    return "×".join(map(str, shape)) or "number"


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    """Text to the left, numbers to the right."""
    cells = list(zip(line, widths, strict=True))
    return [cell.ljust(width) for cell, width in cells[:3]] + [
        cell.rjust(width) for cell, width in cells[3:]
    ]
