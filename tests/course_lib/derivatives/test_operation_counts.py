"""Counts on the graph against those that dual numbers make of themselves."""

import numpy as np
import pytest

from course_lib import forward_mode
from course_lib.derivatives import Counts, operation_counts
from course_lib.forward_mode import Tally
from course_lib.graph import Node, apply
from course_lib.operations import activations, elementwise

NAMES = ["exp", "log", "sqrt", "sine", "cosine", "tanh", "relu"]


class Nodes:
    """The functions of `forward_mode`, for nodes."""

    def __getattr__(self, name):
        operation = getattr(elementwise, name, None) or getattr(activations, name)
        return lambda x: apply(operation, x)


def everything(f, a, b, c):
    d = a * b + f.sine(a) - c
    e = f.exp(d / c) - (-d) * d
    return [e + 2, d * c + f.cosine(b), f.log(b) ** 2 - f.sqrt(a), f.tanh(c), f.relu(e)]


def counts(function, values):
    inputs = [Node(x) for x in values]
    return operation_counts(inputs, function(Nodes(), *inputs))


def test_forward_mode_is_counted_as_it_counts_itself():
    values, tally = [0.7, 1.9, 0.4], Tally()
    forward_mode.jacobian(
        lambda *xs: everything(forward_mode, *xs), values, tally=tally
    )
    found = counts(everything, values)
    assert found.forward == tally
    assert min(vars(tally).values()) > 0


@pytest.mark.parametrize("name", NAMES)
def test_each_function_is_counted_as_it_counts_itself(name):
    tally = Tally()
    forward_mode.jacobian(getattr(forward_mode, name), [0.7], tally=tally)
    found = counts(lambda f, x: [getattr(f, name)(x)], [0.7])
    assert found.forward == tally


@pytest.mark.parametrize(
    ("function", "value", "reverse"),
    [
        (lambda f, a, b: [a + b], (1, 0, 0), (1, 0, 0)),
        (lambda f, a, b: [a - b], (1, 0, 0), (1, 0, 0)),
        (lambda f, a, b: [-a * b], (0, 1, 0), (0, 3, 0)),
        (lambda f, a, b: [a / b], (0, 1, 0), (0, 3, 0)),
        (lambda f, a, b: [(a + b) ** 3], (1, 0, 1), (1, 2, 2)),
        (lambda f, a, b: [f.exp(a + b)], (1, 0, 1), (1, 1, 1)),
        (lambda f, a, b: [f.log(a + b)], (1, 0, 1), (1, 1, 1)),
        (lambda f, a, b: [f.sqrt(a + b)], (1, 0, 1), (1, 2, 1)),
        (lambda f, a, b: [f.sine(a + b)], (1, 0, 1), (1, 1, 2)),
        (lambda f, a, b: [f.cosine(a + b)], (1, 0, 1), (1, 1, 2)),
        (lambda f, a, b: [f.tanh(a + b)], (1, 0, 1), (2, 2, 1)),
        (lambda f, a, b: [f.relu(a + b)], (1, 0, 0), (1, 0, 0)),
        # a is used three times, b once: two shares are added.
        (lambda f, a, b: [a * a * a + b], (1, 2, 0), (1 + 2, 2 + 4, 0)),
        # One pass for the values, and one walk for each output through what it needs.
        (lambda f, a, b: [a * b, a + b], (1, 1, 0), (1, 3, 0)),
        (lambda f, a, b: [y := a * b, y * a, y * b], (0, 3, 0), (2, 3 + 2 + 4 + 4, 0)),
    ],
)
def test_counted_by_hand(function, value, reverse):
    found = counts(function, [0.7, 1.9])
    assert isinstance(found, Counts)
    assert found.value == Tally(*value)
    assert found.reverse == Tally(*reverse)


def test_the_value_is_counted_once_however_many_outputs_and_inputs():
    def shared(f, *xs):
        y = xs[0]
        for x in xs[1:]:
            y = y * x
        return [f.exp(y), f.sine(y)]

    for n in [2, 5]:
        found = counts(shared, np.linspace(0.5, 1.5, n))
        assert found.value == Tally(0, n - 1, 2)
        assert found.forward == Tally(n * (n - 1), n * (3 * (n - 1) + 2), n * 3)
        assert found.reverse == Tally(0, n - 1 + 2 * 2 * (n - 1) + 2, 2 + 1)


@pytest.mark.parametrize(
    ("n", "m", "cheaper"),
    [(1, 8, "forward"), (8, 1, "reverse"), (3, 5, "forward"), (5, 3, "reverse")],
)
def test_the_modes_cross_where_inputs_and_outputs_are_as_many(n, m, cheaper):
    """A long chain between n inputs and m outputs: 3 products a link and input forward,
    1 + 2m a link backward, so that forward mode is cheaper while 3n < 1 + 2m."""
    length = 100

    def chain(f, *xs):
        y = sum(xs)
        for _ in range(length):
            y = 1.01 * y
        return [y + float(i) for i in range(m)]

    found = counts(chain, np.ones(n))
    assert found.forward.multiplications == 3 * n * length
    assert found.reverse.multiplications == (1 + 2 * m) * length
    forward_is_cheaper = found.forward.multiplications < found.reverse.multiplications
    assert forward_is_cheaper == (cheaper == "forward")


def test_what_cannot_be_counted_is_refused():
    x = Node(np.ones(3))
    with pytest.raises(ValueError, match=r"^operation_counts: multiply has inputs of "):
        operation_counts([x], [x * x])
    x = Node(2.0)
    with pytest.raises(ValueError, match=r"^operation_counts: sigmoid is not counted"):
        operation_counts([x], [apply(activations.sigmoid, x)])
