"""Layers, crossings and sizes of a layout, on graphs whose answer is known."""

from itertools import pairwise

from course_lib.figures.graph_layout import Box, crossings, place


def boxes(count, length=20.0, room=10.0):
    return [Box(length, room, room) for _ in range(count)]


def test_the_layer_is_the_longest_path_to_the_end():
    nodes = boxes(4)
    place(nodes, [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert [box.layer for box in nodes] == [0, 1, 2, 3]


def test_an_input_stands_right_before_its_first_use():
    nodes = boxes(4)
    place(nodes, [(0, 1), (1, 3), (2, 3)])
    assert nodes[2].layer == 1


def test_an_edge_that_passes_layers_has_a_point_in_each():
    routes = place(boxes(4), [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert [len(route.boxes) for route in routes] == [2, 2, 2, 4]
    assert all(start < end for route in routes for start, end in route.bends)


def test_a_crossing_that_can_be_avoided_is():
    nodes = boxes(4)
    routes = place(nodes, [(0, 3), (1, 2)])
    order = [sorted(nodes[:2], key=lambda b: b.v), sorted(nodes[2:], key=lambda b: b.v)]
    neighbors = {id(b): [] for b in nodes}
    for route in routes:
        neighbors[id(route.boxes[0])].append(route.boxes[1])
        neighbors[id(route.boxes[1])].append(route.boxes[0])
    assert crossings(order, neighbors) == 0
    assert crossings([order[0], order[1][::-1]], neighbors) == 1


def test_boxes_of_a_layer_keep_their_room():
    nodes = [Box(20, room, 2 * room) for room in (5, 30, 10, 8)] + boxes(1)
    place(nodes, [(i, 4) for i in range(4)])
    column = sorted(nodes[:4], key=lambda box: box.v)
    for above, below in pairwise(column):
        assert below.v - above.v >= above.after + below.before - 1e-9
    assert min(box.v - box.before for box in column) == 0


def test_a_chain_is_straight_and_its_columns_leave_room_for_labels():
    nodes = boxes(3)
    nodes[1].zone = 50
    place(nodes, [(0, 1), (1, 2)], bend=24, labels=[(1, 70.0)])
    assert {box.v for box in nodes} == {10.0}
    assert nodes[1].u - nodes[0].u == 20 + 24
    assert nodes[2].u - nodes[1].u == 20 + 50 + 70
