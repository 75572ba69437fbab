"""What happens in a network is seen, and is not changed by being seen."""

import gc
import weakref

import numpy as np
import pytest

from course_lib.graph import Node, Parameter, backpropagate, no_grad
from course_lib.layers import Dense, Layer, ReLU, Sequential
from course_lib.layers.watching import nodes_of, watch


class Residual(Layer):
    """x + relu(f(x)), and a product before: with operations of its own."""

    def __init__(self, inner):
        self.inner = inner
        self.scale = Parameter(np.array(2.0), "scale")

    def __call__(self, x):
        y = x * self.scale
        return x + self.inner(y)


class Doubled(ReLU):
    """Calls the layer that it derives from."""

    def __call__(self, x):
        return super().__call__(x) * 2.0


class Pair(Layer):
    """Takes and returns several, nested."""

    def __call__(self, pair, *, factor=1.0):
        a, (b, c) = pair
        return a * factor, [b + c]


def make_network():
    rng = np.random.default_rng(0)
    shared = Dense(4, 4, rng=rng)
    return Sequential(Residual(shared), Doubled(), Residual(shared))


def call_names(visit):
    return [node.call.name for node in visit.nodes]


def test_visits_stand_in_the_order_of_the_calls():
    network = make_network()
    with watch(network) as visits:
        output = network(np.ones((3, 4)))
    names = [(visit.name, visit.depth) for visit in visits]
    assert names == [
        ("", 0),
        ("0", 1),
        ("0.inner", 2),
        ("1", 1),
        ("2", 1),
        ("0.inner", 2),  # a shared layer goes by its first name
    ]
    assert visits[0].output is output
    assert visits[0].layer is network
    assert visits[0].within == [visits[1], visits[3], visits[4]]
    assert visits[4].within == [visits[5]]
    assert visits[3].inputs == (visits[1].output,)


def test_each_operation_belongs_to_the_layer_that_called_it():
    network = make_network()
    with watch(network) as visits:
        network(np.ones((3, 4)))
    assert [call_names(visit) for visit in visits] == [
        [],
        ["multiply", "add"],
        ["dense"],
        ["relu", "multiply"],
        ["multiply", "add"],
        ["dense"],
    ]
    assert visits[1].nodes[-1] is visits[1].output


def test_what_came_before_the_network_belongs_to_nobody():
    x = Node(np.ones((3, 4))) * 3.0
    network = make_network()
    with watch(network) as visits:
        network(x)
    assert x not in [node for visit in visits for node in visit.nodes]
    assert call_names(visits[1]) == ["multiply", "add"]


def test_several_inputs_and_outputs_are_followed():
    a, b, c = (Node(np.ones(2)) for _ in range(3))
    pair = Pair()
    with watch(pair) as visits:
        first, [second] = pair((a, (b, c)), factor=3.0)
    assert visits[0].nodes == [first, second]
    np.testing.assert_array_equal(first.value, [3, 3])


def test_a_deep_layer_is_followed_without_recursion():
    class Deep(Layer):
        def __call__(self, x):
            for _ in range(3000):
                x = x * 1.0
            return x

    deep = Deep()
    with watch(deep) as visits:
        deep(Node(np.ones(1)))
    assert len(visits[0].nodes) == 3000


def test_a_diamond_is_walked_once():
    class Diamonds(Layer):
        def __call__(self, x):
            for _ in range(60):  # 2⁶⁰ paths
                x = x + x
            return x

    diamonds = Diamonds()
    with watch(diamonds) as visits:
        diamonds(Node(np.ones(1)))
    assert len(visits[0].nodes) == 60


def test_values_gradients_and_classes_are_as_without():
    x = np.random.default_rng(1).normal(size=(3, 4))
    plain, watched = make_network(), make_network()
    classes = [type(layer) for layer in watched.layers()]
    with watch(watched):
        output = watched(x)
        assert isinstance(watched[1], ReLU)
        assert repr(watched) == repr(plain)
        assert watched.state_dict().keys() == plain.state_dict().keys()
    expected = plain(x)
    np.testing.assert_array_equal(output.value, expected.value)
    gradients = list(backpropagate(output.sum()).values())
    for dx, theirs in zip(
        gradients, backpropagate(expected.sum()).values(), strict=True
    ):
        np.testing.assert_array_equal(dx, theirs)
    assert [type(layer) for layer in watched.layers()] == classes


def test_afterwards_nothing_is_recorded_also_after_an_error():
    network = make_network()
    with pytest.raises(ValueError, match="dense"), watch(network) as visits:
        network(np.ones((3, 5)))
    assert [visit.output for visit in visits] == [None] * 3
    network(np.ones((3, 4)))
    assert len(visits) == 3
    assert type(network) is Sequential


def test_a_second_pass_is_recorded_after_the_first():
    network = make_network()
    with watch(network) as visits:
        network(np.ones((3, 4)))
        network(np.ones((2, 4)))
    assert len(visits) == 12
    assert visits[6].depth == 0
    assert call_names(visits[7]) == ["multiply", "add"]


def test_another_network_of_the_same_classes_is_not_recorded():
    network, other = make_network(), make_network()
    with watch(network) as visits:
        other(np.ones((3, 4)))
    assert visits == []


def test_without_recording_there_are_visits_but_no_nodes():
    network = make_network()
    with watch(network) as visits, no_grad():
        network(np.ones((3, 4)))
    assert len(visits) == 6
    assert [visit.nodes for visit in visits] == [[]] * 6


def test_a_pass_that_was_watched_is_freed_without_the_collector():
    network = Sequential(Dense(4, 3, rng=np.random.default_rng(0)), ReLU())
    gc.collect()
    gc.disable()
    try:
        with watch(network) as visits:
            value = weakref.ref(network(np.ones((2, 4))).value)
        assert value() is not None
        del visits
        assert value() is None
    finally:
        gc.enable()


def test_nodes_are_found_however_deep():
    a, b = Node(1.0), Node(2.0)
    assert nodes_of((a, [np.ones(2), (b,)], None)) == [a, b]
    assert nodes_of(a) == [a]
    assert nodes_of(None) == []
