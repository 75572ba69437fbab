"""A recorded graph as a picture: values above the edges, gradients below them.

Inputs stand on the left, the output on the right; every operation is one node with its
character. What an edge carries stands behind the node that it comes from: its value
above the line, in blue and upright, and the output's gradient with respect to it below
the line, in orange and slanted, the convention of Stanford's CS231n. Where a value goes
to several operations, the number in front of each arrowhead is that share of it which
comes back this way, and the one behind the node is the sum of the shares.

Inputs with a name stand in rounded boxes, Parameters in square ones; a number without a
name is a constant of the graph, and its gradient is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_labels import format_value, symbol
from course_lib.figures.graph_layout import Box, Route, place
from course_lib.figures.graph_pen import (
    ARROW,
    GAP,
    LINE_HEIGHT,
    Pen,
    inset,
    text_height,
    text_width,
)
from course_lib.figures.style import Picture, show
from course_lib.graph import Call, Node, Parameter, topological_order
from course_lib.types import Array

_NODE = 26.0  # the height of a node, and the least width
_WIDEST = 360.0  # what a phone shows with text of 10 px


def draw_graph(
    output: Node,
    gradients: Mapping[Node, Array] | None = None,
    *,
    alt: str | None = None,
    order: bool = False,
    matrices: bool = False,
    digits: int = 3,
) -> Picture:
    """Draw the graph that computed a node.

    Args:
        output: the node at the right end.
        gradients: what `backpropagate(output, …)` returned; with `keep=True` it has the
            gradient of every node. Where it has none, none is drawn.
        alt: what the picture shows, in words; by default inputs, operations and output.
        order: number the operations in the order in which they are computed.
        matrices: write small arrays out, row by row, instead of their shape.
        digits: significant digits of the numbers.

    Returns:
        A Picture. On a phone a wide graph runs downwards: then values stand on the left
        of the edges, and gradients on the right.
    """
    graph = GraphDrawing(output, gradients or {}, order, matrices, digits)
    across, width = graph.draw(down=False)
    narrow = graph.draw(down=True)[0] if width > _WIDEST else None
    return show(across, alt or graph.words(), narrow=narrow)


class GraphDrawing:
    """The nodes, edges and texts of a drawing; `draw` sets them right or downwards."""

    def __init__(
        self,
        output: Node,
        gradients: Mapping[Node, Array],
        order: bool,
        matrices: bool,
        digits: int,
    ) -> None:
        self.output = output
        self.gradients = gradients
        self.numbered = order
        self.matrices = matrices
        self.digits = digits
        self.calls = topological_order(output)
        self.sources: list[Node | Call] = []  # what is drawn as a node, inputs first
        self.edges: list[tuple[Node, Call | None, Array | None]] = []
        for call in self.calls:
            self._collect(call)
        if not self.calls:
            self.sources.append(output)
        self.edges.append((output, None, None))

    def _collect(self, call: Call) -> None:
        shares: tuple[Array | None, ...] = (None,) * len(call.inputs)
        dys = self._output_gradients(call)
        if dys:
            shares = call.gradients(dys)
        for node, share in zip(call.inputs, shares, strict=True):
            if node.call is None and node not in self.sources:
                self.sources.append(node)
            self.edges.append((node, call, share))
        self.sources.append(call)

    def _output_gradients(self, call: Call) -> dict[int, Array]:
        nodes = [self.output, *(x for other in self.calls for x in other.inputs)]
        return {
            node.index: self.gradients[node]
            for node in nodes
            if node.call is call and node in self.gradients
        }

    def outgoing(self, source: Node | Call) -> list[Node]:
        """The nodes that leave a source, one for each edge."""
        return [node for node, _, _ in self.edges if _source(node) is source]

    def carried(self, source: Node | Call) -> tuple[str, str]:
        """The value above and the gradient below the line behind a source."""
        values, gradients = [], []
        for node in dict.fromkeys(self.outgoing(source)):
            if _is_constant(node):
                continue
            name = f"{node.name} = " if node.call and node.name else ""
            values.append(name + self.text(node.value))
            if node in self.gradients:
                gradients.append(self.text(self.gradients[node]))
        return "\n".join(values), "\n".join(gradients)

    def text(self, value: Array) -> str:
        """A value or a gradient as it is written beside an edge."""
        value = np.asarray(value)
        return format_value(value, matrices=self.matrices, digits=self.digits)

    def label(self, source: Node | Call) -> str:
        """What is written in a box: an operation's sign, a constant, or a name."""
        if isinstance(source, Call):
            return symbol(source)
        return self.text(source.value) if _is_constant(source) else source.name or ""

    def words(self) -> str:
        """The graph for those who can't see it."""
        inputs = []
        for source in self.sources:
            if isinstance(source, Node) and not _is_constant(source):
                value, gradient = self.carried(source)
                known = f" (gradient {gradient})" if gradient else ""
                inputs.append(f"{source.name or 'input'} = {value}{known}")
        steps = ", ".join(symbol(call) for call in self.calls)
        return (
            f"Computational graph. Inputs: {', '.join(inputs)}. Operations in order: "
            f"{steps}. Output: {self.text(self.output.value)}."
        ).replace("\n", " ")

    def draw(self, *, down: bool) -> tuple[Figure, float]:
        """A figure whose flow runs to the right or down, and its width in points."""
        boxes = [self._box(source, down) for source in self.sources]
        index = {id(source): i for i, source in enumerate(self.sources)}
        end = Box(0.0, 0.0, 0.0)
        pairs = [
            (index[id(_source(node))], len(boxes) if call is None else index[id(call)])
            for node, call, _ in self.edges
        ]
        labels = [
            (i, (LINE_HEIGHT if down else text_width(share)) + 40)
            for i, share in enumerate(self._shares())
            if share
        ]
        routes = place([*boxes, end], pairs, labels=labels)
        length = end.u + GAP
        breadth = max(box.v + box.after for box in boxes) + GAP
        pen = Pen(length, breadth, down)
        for source, box in zip(self.sources, boxes, strict=True):
            self._draw_source(pen, source, box)
        ports = self._ports(routes)
        for i, route in enumerate(routes):
            self._draw_edge(pen, i, route, ports[i])
        return pen.figure, pen.width

    def _shares(self) -> list[str]:
        """The text at each edge's arrow: empty unless its node has several edges."""
        return [
            self.text(share)
            if share is not None
            and not _is_constant(node)
            and len(self.outgoing(_source(node))) > 1
            else ""
            for node, _, share in self.edges
        ]

    def _box(self, source: Node | Call, down: bool) -> Box:
        width, height = self._size(source)
        value, gradient = self.carried(source)
        pull = 1.0 if isinstance(source, Call) else 0.25
        number = LINE_HEIGHT if self.numbered and isinstance(source, Call) else 0.0
        if down:
            before = max(width / 2 + number, text_width(value) + GAP)
            after = max(width / 2, text_width(gradient) + GAP)
            zone = max(text_height(value), text_height(gradient)) + 2 * GAP
            return Box(height, before + 2 * GAP, after + 2 * GAP, zone, pull=pull)
        before = max(height / 2 + number, text_height(value) + GAP)
        after = max(height / 2, text_height(gradient) + GAP)
        zone = max(text_width(value), text_width(gradient)) + 2 * GAP
        return Box(width, before + GAP, after + GAP, zone, pull=pull)

    def _size(self, source: Node | Call) -> tuple[float, float]:
        label = self.label(source)
        if isinstance(source, Node) and _is_constant(source):
            return text_width(label) + 6, text_height(label)
        return max(_NODE, text_width(label) + 12), max(_NODE, text_height(label) + 8)

    def _draw_source(self, pen: Pen, source: Node | Call, box: Box) -> None:
        label = self.label(source)
        width, height = self._size(source)
        if isinstance(source, Call):
            pen.box(box, width, height, rounding=_NODE / 2)
            if self.numbered:
                number = str(self.calls.index(source) + 1)
                offset = (width if pen.down else height) / 2 + LINE_HEIGHT / 2
                pen.text(number, box.u, box.v - offset, color=COLORS["gray"])
        elif isinstance(source, Parameter):
            pen.box(box, width, height, rounding=0, line=2)
        elif not _is_constant(source):
            pen.box(box, width, height, rounding=6)
        pen.text(label, box.u, box.v)
        value, gradient = self.carried(source)
        start = box.u + box.length / 2
        middle = start + box.zone / 2
        pen.text(value, middle, box.v, side=-1, color=COLORS["blue"])
        pen.text(gradient, middle, box.v, side=1, color=COLORS["orange"], slanted=True)

    def _ports(self, routes: list[Route]) -> list[float]:
        """Where on its target each edge arrives: apart, in the order of their ways."""
        ports = [0.0] * len(routes)
        for call in self.calls:
            arriving = [i for i, edge in enumerate(self.edges) if edge[1] is call]
            arriving.sort(key=lambda i: routes[i].boxes[-2].v)
            for k, i in enumerate(arriving):
                ports[i] = 5.0 * (2 * k - len(arriving) + 1) / max(1, len(arriving) - 1)
        return ports

    def _side(self, i: int, route: Route, port: float) -> int:
        """On which side of its curve a share stands: where the curve comes from, or
        outside of a pair of edges that run side by side."""
        node, call, _ = self.edges[i]
        if sum(a is node and b is call for a, b, _ in self.edges) > 1:
            return 1 if port > 0 else -1
        return 1 if route.boxes[-2].v > route.boxes[-1].v else -1

    def _draw_edge(self, pen: Pen, i: int, route: Route, port: float) -> None:
        source, target = route.boxes[0], route.boxes[-1]
        if self.edges[i][1] is None:
            stop = source.u + source.length / 2 + source.zone + ARROW
            pen.edge([(source.u + source.length / 2, source.v), (stop, source.v)])
            return
        edge_node = self.edges[i][1]
        assert edge_node is not None
        size = self._size(edge_node)
        stop = target.u - inset(size[::-1] if pen.down else size, port)
        points = [(source.u + source.length / 2, source.v)]
        for (start, end), box in zip(route.bends, route.boxes[1:], strict=True):
            v = target.v + port if box is target else box.v
            points += [(start, points[-1][1]), (end - ARROW * (box is target), v)]
        points.append((stop, target.v + port))
        pen.edge(points)
        share = self._shares()[i]
        if share:
            pen.share(share, points, side=self._side(i, route, port))


def _source(node: Node) -> Node | Call:
    return node.call or node


def _is_constant(node: Node) -> bool:
    return node.call is None and node.name is None and not isinstance(node, Parameter)
