"""A drawn graph says what the library computed, and says it legibly."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_lib.figures import draw_graph
from course_lib.figures.graph_drawing import GraphDrawing
from course_lib.figures.graph_labels import SYMBOLS, format_value
from course_lib.graph import Node, Parameter, apply, backpropagate
from course_lib.operations import activations, elementwise, matrices, reductions


def o_of_abc():
    a, b, c = Node(2, "A"), Node(1, "B"), Node(4, "C")
    return (a + b) * c


def diamond():
    a, b = Node(2, "a"), Node(1, "b")
    return (a + b) * (b + 1)


def sigmoid_neuron(small_nodes=False):
    w = [Parameter(value, f"w{i}") for i, value in enumerate([2, -3, -3])]
    x = [Node(value, f"x{i}") for i, value in enumerate([-1, -2])]
    z = w[0] * x[0] + w[1] * x[1] + w[2]
    if small_nodes:
        return 1 / (1 + apply(elementwise.exp, -z))
    return apply(activations.sigmoid, z)


def matrix_graph():
    x = Node([[1.0, 0, 2], [0, 1, 1]], "X")
    w = Parameter([[1.0, 2, 3], [4, 5, 6]], "W")
    return apply(reductions.sum, apply(matrices.dense, x, w, Parameter([1, -1], "b")))


def tangle():
    a = Node(2, "a")
    q = a * a
    r = q * q
    return r + q + a * r


GRAPHS = {
    "abc": o_of_abc,
    "diamond": diamond,
    "neuron": sigmoid_neuron,
    "small nodes": lambda: sigmoid_neuron(small_nodes=True),
    "matrices": matrix_graph,
    "tangle": tangle,
}


def texts(picture, color=None):
    """The texts of the (wide) drawing, all or those of one color, sorted."""
    html = picture.html
    start = html.index("<svg")
    root = ElementTree.fromstring(html[start : html.index("</svg>") + 6])
    found = root.iter("{http://www.w3.org/2000/svg}text")
    return sorted(
        element.text
        for element in found
        if color is None or f"var(--figure-{color}," in element.get("style")
    )


def every_node(output):
    nodes, stack = {}, [output]
    while stack:
        node = stack.pop()
        nodes[node] = None
        stack += node.call.inputs if node.call else []
    return list(nodes)


def test_the_diamond_shows_the_shares_of_a_fan_out_and_their_sum():
    output = diamond()
    picture = draw_graph(output, backpropagate(output, keep=True))
    assert texts(picture, "blue") == ["1", "2", "2", "3", "6"]
    # dc = 2, dd = 3, da = 2, db = 2 + 3, de = 1, and the two shares of db.
    assert texts(picture, "orange") == ["1", "2", "2", "2", "3", "3", "5"]


@pytest.mark.parametrize(
    "name", ["abc", "diamond", "neuron", "small nodes", "matrices"]
)
def test_values_and_gradients_are_the_librarys(name):
    output = GRAPHS[name]()
    gradients = backpropagate(output, keep=True)
    drawn = [
        node
        for node in every_node(output)
        if node.call or node.name  # constants carry no gradient in the picture
    ]
    picture = draw_graph(output, gradients)
    assert texts(picture, "blue") == sorted(format_value(n.value) for n in drawn)
    expected = [format_value(gradients[node]) for node in drawn]
    if name == "diamond":
        expected += ["2", "3"]  # the shares
    assert texts(picture, "orange") == sorted(expected)


def test_a_shared_node_is_drawn_once_and_its_shares_add_up():
    output = tangle()
    gradients = backpropagate(output, keep=True)
    picture = draw_graph(output, gradients, digits=6)
    assert texts(picture).count("a") == 1
    graph = GraphDrawing(output, gradients, False, False, 6)
    for node in every_node(output):
        shares = [share for other, call, share in graph.edges if other is node and call]
        if shares:
            assert np.sum(shares) == gradients[node]


def test_without_gradients_there_are_none():
    assert texts(draw_graph(diamond()), "orange") == []


def test_gradients_of_the_inputs_alone_leave_the_rest_blank():
    a, b = Node(2, "a"), Node(1, "b")
    output = (a + b) * (b + 1)
    assert texts(draw_graph(output, backpropagate(output, [a, b])), "orange") == [
        "2",
        "5",
    ]


def test_operations_have_their_characters_and_their_order():
    output = sigmoid_neuron(small_nodes=True)
    shown = texts(draw_graph(output, order=True))
    for character in ["×", "+", "−x", "exp", "÷"]:
        assert character in shown
    assert texts(draw_graph(output, order=True), "gray") == list("12345678")


def test_every_symbol_belongs_to_an_operation():
    known = set()
    for module in (elementwise, activations, matrices, reductions):
        known |= set(vars(module))
    assert set(SYMBOLS) <= known


def test_small_matrices_are_written_row_by_row():
    assert format_value(np.array([[1.0, -2], [10, 0.5]]), matrices=True) == (
        "[\u20071\u2007\u2007−2]\n[10\u20070.5]"
    )
    assert format_value(np.ones((2, 3))) == "(2, 3)"
    assert format_value(np.ones((5, 5)), matrices=True) == "(5, 5)"
    assert format_value(np.float64(-0.196612)) == "−0.197"


def test_the_picture_in_words():
    output = o_of_abc()
    picture = draw_graph(output, backpropagate(output, keep=True))
    assert picture.alt == (
        "Computational graph. Inputs: A = 2 (gradient 4), B = 1 (gradient 4), "
        "C = 4 (gradient 3). Operations in order: +, ×. Output: 12."
    )
    assert draw_graph(output, alt="Two operations").alt == "Two operations"


def test_a_single_node_is_a_graph_too():
    assert texts(draw_graph(Node(3.0, "a"))) == ["3", "a"]


def test_a_wide_graph_also_runs_downwards():
    assert draw_graph(o_of_abc()).html.count("<svg") == 1
    assert draw_graph(sigmoid_neuron(small_nodes=True)).html.count("<svg") == 2


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("rows", [False, True], ids=["shapes", "rows"])
@pytest.mark.parametrize("name", GRAPHS)
def test_no_text_overlaps_another_or_leaves_the_picture(name, rows, down):
    output = GRAPHS[name]()
    graph = GraphDrawing(output, backpropagate(output, keep=True), True, rows, 3)
    figure, _ = graph.draw(down=down)
    renderer = FigureCanvasAgg(figure).get_renderer()
    page = figure.bbox
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    for i, box in enumerate(boxes):
        assert box.x0 >= page.x0 - 1
        assert box.x1 <= page.x1 + 1
        assert box.y0 >= page.y0 - 1
        assert box.y1 <= page.y1 + 1
        for other in boxes[:i]:
            inner = box.intersection(box, other)
            assert inner is None or min(inner.width, inner.height) < 1.5
