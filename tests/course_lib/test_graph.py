"""The graph: what it records, how gradients flow back, and how it is freed."""

import gc
import sys
import weakref

import numpy as np
import pytest

from course_lib.gradient_check import gradient_check
from course_lib.graph import (
    GradientError,
    Node,
    Parameter,
    apply,
    backpropagate,
    no_grad,
    topological_order,
)
from course_lib.operations import elementwise, losses, reductions, shapes


def gradients_of(loss, *nodes):
    found = backpropagate(loss, nodes)
    return [float(found[node]) for node in nodes]


# Gradients add up along all paths.


def test_a_node_used_twice_receives_both_shares():
    a = Node(3.0)
    assert gradients_of(a * a, a) == [6]
    assert gradients_of(a + a, a) == [2]


def test_an_intermediate_is_propagated_once_with_its_whole_gradient():
    """c*c + c*a with c = ab is a²b² + a²b."""
    a, b = Node(2.0), Node(3.0)
    c = a * b
    loss = c * c + c * a
    assert gradients_of(loss, a, b, c) == [48, 28, 14]


def test_a_diamond_is_walked_in_reverse_topological_order():
    """The short way from a to the end is ready long before the long way."""
    a = Node(2.0)
    long_way = ((a * a) * a) * a
    for loss in [long_way + a, a + long_way, (long_way + a) * a]:
        expected = 33 if loss.call.name == "add" else 84  # 4a³ + 1, 5a⁴ + 2a
        assert gradients_of(loss, a) == [expected]


def test_twenty_diamonds_have_a_million_paths_and_are_walked_once():
    a = Node(1.0)
    x = a
    for _ in range(20):
        x = x + x
    assert len(topological_order(x)) == 20
    assert gradients_of(x, a) == [2**20]


def test_each_backward_runs_once():
    runs = []

    def counted(x):
        def backward(dy):
            runs.append(dy)
            return dy

        return x + 0, backward

    y = apply(counted, Node(1.0))
    gradients_of(y * y + y, y)
    assert runs == [3]


def test_gradients_of_two_walks_do_not_mix():
    a = Node(3.0)
    square, cube = a * a, a * a * a
    assert gradients_of(square, a) == [6]
    assert gradients_of(cube, a) == [27]
    assert gradients_of(square, a) == [6]


def test_a_shared_gradient_is_never_accumulated_in_place():
    """add hands the same array to both its inputs, and one of them is used again."""
    a, b = Node(np.ones(3)), Node(np.ones(3))
    for loss in [(a + b) + a * a, a * a + (a + b)]:
        dy = np.ones(3)
        found = backpropagate(loss, [a, b], gradient=dy)
        np.testing.assert_equal(found[a], [3, 3, 3])
        np.testing.assert_equal(found[b], [1, 1, 1])
        np.testing.assert_equal(dy, [1, 1, 1])


# Operators and methods are operations.


WRITTEN = {
    "2 - x": lambda x: 2 - x,
    "x - 2": lambda x: x - 2,
    "1 / x": lambda x: 1 / x,
    "x / 4": lambda x: x / 4,
    "3 * x + x * 3 + 1": lambda x: 3 * x + x * 3 + 1,
    "1 + x": lambda x: 1 + x,
    "-x": lambda x: -x,
    "abs(x)": lambda x: abs(x),
    "x**3": lambda x: x**3,
    "array + x": lambda x: np.arange(4.0) + x,
    "array - x": lambda x: np.arange(4.0) - x,
    "array * x": lambda x: np.arange(4.0) * x,
    "array / x": lambda x: np.arange(4.0) / x,
    "NumPy number - x": lambda x: np.float64(2) - x,
    "array @ x": lambda x: np.arange(6.0).reshape(2, 3) @ x,
    "x @ array": lambda x: x @ np.arange(8.0).reshape(4, 2),
    "x.T @ x": lambda x: x.T @ x,
    "x.reshape(2, -1)": lambda x: x.reshape(2, -1),
    "x.reshape(12)": lambda x: x.reshape(12),
    "x.transpose(1, 0)": lambda x: x.transpose(1, 0),
    "x[1:, ::2]": lambda x: x[1:, ::2],
    "x[[0, 0, 2]]": lambda x: x[[0, 0, 2]],
    "rows of x": lambda x: sum(row * row for row in x),
    "x.sum()": lambda x: x.sum(),
    "x.sum(axis=1, keepdims=True)": lambda x: x.sum(axis=1, keepdims=True),
    "x.mean(axis=0)": lambda x: x.mean(axis=0),
    "x.max(axis=-1)": lambda x: x.max(axis=-1),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_with_nodes_is_what_numpy_computes(written):
    x = np.random.default_rng(0).normal(size=(3, 4))
    x += 0.5 * np.sign(x)  # away from the pole of 1/x and the kink of |x|
    np.testing.assert_allclose(written(Node(x)).value, written(x), rtol=1e-15)
    check = gradient_check(written, x)
    assert check.error < 1e-8, str(check)


def test_nodes_are_not_compared():
    a = Node(1.0)
    assert a == a
    assert a != Node(1.0)
    with pytest.raises(TypeError, match="not supported"):
        a < 2  # noqa: B015


def test_an_exponent_is_a_constant():
    with pytest.raises(TypeError, match=r"exponent is Node\(.*exp\(b \* log\(a\)\)"):
        Node(2.0) ** Node(3.0)


def test_one_number_has_no_rows():
    with pytest.raises(TypeError, match="unsized"):
        list(Node(1.0))


# What a node holds.


@pytest.mark.parametrize("value", [2, True, [1, 2], np.arange(3, dtype=np.uint8)])
def test_whole_numbers_become_floats(value):
    assert Node(value).value.dtype == np.float64
    np.testing.assert_equal(Node(value).value, np.asarray(value, float))


@pytest.mark.parametrize("value", [None, "1", Node(1.0), [Node(1.0)]])
def test_other_values_are_refused(value):
    with pytest.raises(TypeError, match=r"the value is of type .*expected numbers"):
        Node(value)


def test_a_number_takes_the_type_of_the_nodes_beside_it():
    x = Node(np.ones(3, np.float32))
    for y in [2 * x, x + 1, x / np.float64(3), x - np.array(0.5), x**2, 1 - x]:
        assert y.value.dtype == np.float32
        assert backpropagate(y.sum(), [x])[x].dtype == np.float32


def test_an_array_keeps_its_type_beside_a_node():
    x = Node(np.ones(3, np.float32))
    y = x + np.full(3, 1 / 3)
    assert y.value.dtype == np.float64
    np.testing.assert_array_equal(y.value, 1 + 1 / 3)
    assert apply(elementwise.exp, 1.0).value.dtype == np.float64


def test_a_parameter_is_a_copy_and_a_node_is_not():
    x = np.zeros(3)
    node, parameter = Node(x), Parameter(x)
    x[0] = 1
    assert node.value[0] == 1
    assert parameter.value[0] == 0


def test_repr_names_what_it_can():
    w = Parameter(np.zeros((3, 4)), "w")
    assert repr(w) == "Parameter(w, shape (3, 4))"
    assert repr(w + 1) == "Node(add(…), shape (3, 4))"
    assert repr(Node(1.0)) == "Node(shape ())"
    named = w + 1
    named.name = "z"
    assert repr(named) == "Node(z = add(…), shape (3, 4))"


# What backpropagate returns.


def test_parameters_come_by_themselves_and_inputs_when_asked_for():
    w, x = Parameter([1.0, 2.0]), Node([3.0, 4.0])
    loss = (w * x).sum()
    assert list(backpropagate(loss)) == [w]
    found = backpropagate(loss, [x])
    assert set(found) == {w, x}
    assert len(found) == 2
    np.testing.assert_equal(found[x], [1, 2])
    np.testing.assert_equal(found[w], [3, 4])


def test_an_intermediate_may_be_asked_for_and_does_not_stop_the_walk():
    a = Node(2.0)
    b = a * a
    assert gradients_of(b * b, a, b) == [32, 8]


def test_keep_returns_every_node_of_the_graph():
    a, b = Node(2.0, "a"), Node(1.0, "b")
    c, d = a + b, b + 1
    loss = c * d
    found = backpropagate(loss, keep=True)
    values = {node: float(found[node]) for node in [a, b, c, d, loss]}
    assert values == {a: 2, b: 5, c: 2, d: 3, loss: 1}
    assert len(found) == 6  # and the constant 1


def test_the_loss_itself_may_be_asked_for():
    a = Node(2.0)
    loss = a * 3
    assert gradients_of(loss, loss) == [1]
    assert gradients_of(a, a) == [1]
    assert len(backpropagate(a)) == 0


def test_a_loss_of_one_entry_need_not_be_a_scalar():
    a = Node([[2.0]])
    np.testing.assert_equal(backpropagate(a * a, [a])[a], [[4]])


def test_the_walk_starts_with_the_gradient_given():
    x = Node([1.0, 2.0])
    np.testing.assert_equal(backpropagate(x * x, [x], gradient=[1, 10])[x], [2, 40])


def test_several_roots_are_differentiated_as_their_weighted_sum():
    x = Node([1.0, 2.0])
    y = x * x
    total = y.sum()
    found = backpropagate((y, (total, y)), [x], gradient=([3, 5], (7, [11, 13])))
    np.testing.assert_equal(found[x], [2 * (3 + 7 + 11), 4 * (5 + 7 + 13)])


@pytest.mark.parametrize("gradient", [None, 1.0, (1.0,), ([1, 1], 1, 1)])
def test_several_roots_need_as_many_gradients(gradient):
    x = Node([1.0, 2.0])
    with pytest.raises(ValueError, match=r"a tuple of 2, gradient is .* as many"):
        backpropagate((x * x, x.sum()), gradient=gradient)


def test_nothing_flows_through_a_detached_node():
    x = Node(3.0)
    y = x * x
    assert backpropagate(y * y.detach(), [x])[x] == 9 * 6
    assert y.detach().value is y.value


def test_a_node_that_the_loss_does_not_reach_is_named():
    a, b = Node(2.0), Node(1.0, "learning rate")
    with pytest.raises(GradientError, match=r"gradient of Node\(learning rate, shape"):
        backpropagate(a * 2, [b])
    found = backpropagate(a * 2, [a])
    with pytest.raises(GradientError, match="does not depend on it, or was computed"):
        found[b]
    with pytest.raises(KeyError):
        found[b]
    assert found.get(b) is None
    assert b not in found


def test_a_loss_that_is_no_loss_is_refused():
    x = Node([1.0, 2.0])
    with pytest.raises(ValueError, match=r"loss has shape \(2,\).*mean over the batch"):
        backpropagate(x * 2, [x])
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\), the loss"):
        backpropagate(x * 2, [x], gradient=np.ones(3))
    with pytest.raises(TypeError, match="loss is of type ndarray, expected a Node"):
        backpropagate(np.ones(()), [x])
    with pytest.raises(TypeError, match=r"inputs is a Node.*\[x\]"):
        backpropagate(x.sum(), x)


# Operations that are wrong, and operations with several outputs.


def test_a_backward_of_the_wrong_shape_is_named():
    def dense_without_sum(x, w, b):
        return x @ w.T + b, lambda dy: (dy @ w, dy.T @ x, dy)

    x, w, b = Node(np.ones((5, 2))), Parameter(np.ones((3, 2))), Parameter(np.ones(3))
    loss = apply(dense_without_sum, x, w, b).sum()
    message = r"dense_without_sum: gradient 2 has shape \(5, 3\), its input has \(3,\)"
    with pytest.raises(ValueError, match=message):
        backpropagate(loss)


def test_a_backward_may_leave_out_what_nobody_asked_for():
    asked = []

    def product(a, b):
        def backward(dy, *, needed=(True, True)):
            asked.append(needed)
            return dy * b if needed[0] else None, dy * a if needed[1] else None

        return a * b, backward

    w, x = Parameter(3.0), Node(5.0)
    assert backpropagate(apply(product, w, 5.0))[w] == 5
    assert backpropagate(apply(product, w, x), [x])[x] == 3
    found = backpropagate(apply(product, w, x * 2.0), keep=True)
    assert len(found) == 5
    backpropagate(apply(product, w, x * 2.0))
    backpropagate(apply(product, 2.0, w))
    assert asked == [
        (True, False),
        (True, True),
        (True, True),
        (True, True),
        (False, True),
    ]


def test_a_call_gives_the_gradients_of_its_inputs():
    def both(a, b):
        return (a * b, a + b), lambda dp, ds: (dp * b + ds, dp * a + ds)

    a, b = Parameter(3.0), Parameter(5.0)
    product, total = apply(both, a, b)
    found = product.call.gradients({0: np.array(7.0), 1: np.array(11.0)})
    assert [float(dx) for dx in found] == [46, 32]
    assert product.call.gradients({1: np.array(11.0)}) == (11, 11)
    root = apply(elementwise.sqrt, product)
    assert root.call.gradients({0: np.array(1.0)}) == (0.5 / np.sqrt(15),)
    assert product.call is total.call


def test_a_gradient_that_is_needed_is_not_left_out():
    def careless(a, b):
        return a * b, lambda dy: (None, dy * a)

    w = Parameter(3.0)
    with pytest.raises(ValueError, match="careless: gradient 0 is None, though needed"):
        backpropagate(apply(careless, w, 5.0))


def test_a_backward_with_too_few_gradients_is_named():
    def product(a, b):
        return a * b, lambda dy: dy * b

    message = "product: backward returned 1 gradients, the operation has 2 inputs"
    with pytest.raises(ValueError, match=message):
        backpropagate(apply(product, Node(1.0), Node(2.0)))


@pytest.mark.parametrize("result", [np.ones(2), (1.0, 2.0), (1.0, abs, abs), None])
def test_an_operation_without_its_backward_is_named(result):
    def forgetful(x):
        return result

    with pytest.raises(TypeError, match=r"forgetful: .*expected \(value, backward\)"):
        apply(forgetful, Node(1.0))


def test_an_operation_may_be_any_callable():
    class Doubling:
        def __call__(self, x):
            return 2 * x, lambda dy: 2 * dy

    y = apply(Doubling(), Node(3.0))
    assert y.call.name == "Doubling"
    assert y.value == 6


def test_outputs_that_the_loss_does_not_use_count_as_zero():
    x = Node(np.arange(5.0))
    first, second, third = apply(shapes.split, x, sizes=[1, 2, 2])
    assert (first.index, second.index, third.index) == (0, 1, 2)
    found = backpropagate((second * second).sum(), [x, second])
    np.testing.assert_equal(found[x], [0, 2, 4, 0, 0])
    np.testing.assert_equal(found[second], [2, 4])


def test_zeros_for_unused_outputs_have_the_outputs_type():
    x = Node(np.arange(5, dtype=np.float32))
    first, _ = apply(shapes.split, x, sizes=[2, 3])
    assert backpropagate(first.sum(), [x])[x].dtype == np.float32


def test_outputs_used_together_meet_in_one_backward():
    x = Node(np.arange(4.0))
    first, second = apply(shapes.split, x, sizes=[2, 2])
    loss = (first * second).sum()
    assert len(topological_order(loss)) == 3
    np.testing.assert_equal(backpropagate(loss, [x])[x], [2, 3, 0, 1])


# Recording.


def test_nothing_is_recorded_within_no_grad():
    a = Node(2.0)
    with no_grad():
        with no_grad():
            pass
        b = a * a
    assert b.call is None
    assert b.value == 4
    assert (a * a).call is not None
    with pytest.raises(GradientError, match="within no_grad"):
        backpropagate(b, [a])


def test_recording_starts_again_after_an_error():
    a = Node(2.0)
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0  # noqa: B018
    assert (a * a).call is not None


def test_calls_come_after_those_that_computed_their_inputs():
    a, b = Node(1.0), Node(2.0)
    c = a + b
    d = apply(elementwise.exp, c)
    e = (c * d) - a
    order = topological_order(e)
    assert [call.name for call in order] == ["add", "exp", "multiply", "subtract"]
    assert topological_order(a) == []
    assert topological_order(d, e) == order


# Size and memory.


@pytest.fixture
def no_collector():
    """Switches the collector of reference circles off: counting must do."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_a_deep_graph_is_computed_walked_and_freed(depth, no_collector):
    """Far deeper than Python's stack; freed, it must not overflow C's either."""
    assert depth > sys.getrecursionlimit()
    a = Node(1.0)
    x = a
    for _ in range(depth):
        x = x + 1e-5
    assert len(topological_order(x)) == depth
    assert gradients_of(x, a) == [1]
    first = weakref.ref(x.value)
    del x
    assert first() is None


def test_a_graph_is_freed_without_the_collector(no_collector):
    """No reference runs in a circle, so memory is back when the last node goes."""
    w, x = Parameter(np.ones((4, 3))), Node(np.ones((5, 4)))
    hidden = apply(elementwise.exp, x @ w)
    left, right = apply(shapes.split, hidden, sizes=[1, 2], axis=1)
    loss = apply(losses.cross_entropy, right * left, labels=[0, 1, 0, 1, 0])
    found = backpropagate(loss, [x, hidden])
    values = [weakref.ref(node.value) for node in [hidden, left, right, loss]]
    values.append(weakref.ref(found[hidden]))
    del hidden, left, right, loss, found
    assert [value() is None for value in values] == [True] * 5
    assert gc.collect() == 0


def test_interior_gradients_are_freed_on_the_way():
    """Of a chain of gradients no more than a few exist at any moment."""
    alive = []

    def watched(x):
        def backward(dy):
            dx = dy.copy()
            alive.append(weakref.ref(dx))
            most.append(sum(gradient() is not None for gradient in alive))
            return dx

        return x + 0, backward

    most = []
    x = Parameter(np.ones(3))
    y = x
    for _ in range(50):
        y = apply(watched, y)
    backpropagate(apply(reductions.sum, y))
    assert max(most) <= 2
