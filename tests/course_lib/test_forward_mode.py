"""Dual numbers against closed forms, against backpropagation, and their counts."""

import math

import numpy as np
import pytest

from course_lib import forward_mode
from course_lib.forward_mode import (
    Dual,
    Tally,
    jacobian,
    jacobian_vector_product,
)
from course_lib.graph import Node, apply, backpropagate
from course_lib.operations import activations, elementwise

POINT = [0.7, 1.9, 0.4]

# The derivative by a and by b, written out.
BINARY = {
    "a + b": (lambda a, b: a + b, lambda a, b: (1, 1)),
    "a - b": (lambda a, b: a - b, lambda a, b: (1, -1)),
    "a * b": (lambda a, b: a * b, lambda a, b: (b, a)),
    "a / b": (lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2)),
}

UNARY = {
    "2 + x": (lambda x: 2 + x, lambda x: 1),
    "x + 2": (lambda x: x + 2, lambda x: 1),
    "2 - x": (lambda x: 2 - x, lambda x: -1),
    "x - 2": (lambda x: x - 2, lambda x: 1),
    "3 * x": (lambda x: 3 * x, lambda x: 3),
    "3 / x": (lambda x: 3 / x, lambda x: -3 / x**2),
    "x / 3": (lambda x: x / 3, lambda x: 1 / 3),
    "NumPy number * x": (lambda x: np.float64(3) * x, lambda x: 3),
    "-x": (lambda x: -x, lambda x: -1),
    "x**3": (lambda x: x**3, lambda x: 3 * x**2),
    "x**-0.5": (lambda x: x**-0.5, lambda x: -0.5 * x**-1.5),
    "x**0": (lambda x: x**0, lambda x: 0),
    "exp": (forward_mode.exp, math.exp),
    "log": (forward_mode.log, lambda x: 1 / x),
    "sqrt": (forward_mode.sqrt, lambda x: 0.5 / math.sqrt(x)),
    "sine": (forward_mode.sine, math.cos),
    "cosine": (forward_mode.cosine, lambda x: -math.sin(x)),
    "tanh": (forward_mode.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "relu": (forward_mode.relu, lambda x: 1),
}


@pytest.mark.parametrize(("function", "derivatives"), BINARY.values(), ids=BINARY)
def test_both_operands_have_their_derivative(function, derivatives):
    a, b = 0.7, 1.9
    value, _ = jacobian_vector_product(function, [a, b], [1, 0])
    np.testing.assert_allclose(value, function(a, b), rtol=1e-15)
    found = jacobian(function, [a, b])
    np.testing.assert_allclose(found, derivatives(a, b), rtol=1e-14)


@pytest.mark.parametrize(("function", "derivative"), UNARY.values(), ids=UNARY)
def test_one_operand_has_its_derivative(function, derivative):
    value, tangent = jacobian_vector_product(function, [0.7], [2.0])
    np.testing.assert_allclose(value, jacobian_vector_product(function, [0.7], [0])[0])
    np.testing.assert_allclose(tangent, 2 * derivative(0.7), rtol=1e-14)


NAMES = ["exp", "log", "sqrt", "sine", "cosine", "tanh", "relu"]


@pytest.mark.parametrize("name", NAMES)
def test_values_and_derivatives_are_those_of_the_operation(name):
    """The names are shared with the operations, so are the functions."""
    operation = getattr(elementwise, name, None) or getattr(activations, name)
    value, backward = operation(np.array(0.7))
    dual = getattr(forward_mode, name)(Dual(0.7, 1.0))
    np.testing.assert_allclose(dual.value, value, rtol=1e-15)
    np.testing.assert_allclose(dual.tangent, backward(np.array(1.0)), rtol=1e-15)


def test_every_function_of_the_module_is_tested():
    functions = vars(forward_mode).items()
    public = {name for name, item in functions if getattr(item, "__module__", "") == FM}
    expected = {*NAMES, "Dual", "Tally", "jacobian", "jacobian_vector_product"}
    assert {name for name in public if not name.startswith("_")} == expected
    assert set(NAMES) <= set(UNARY)


FM = "course_lib.forward_mode"


def with_duals(a, b, c):
    d = a * b + forward_mode.sine(a)
    e = forward_mode.exp(d / c) - d * d
    return [e, d * c, forward_mode.log(b) ** 2, 5.0]


def with_nodes(a, b, c):
    d = a * b + apply(elementwise.sine, a)
    e = apply(elementwise.exp, d / c) - d * d
    return [e, d * c, apply(elementwise.log, b) ** 2]


def test_forward_and_backward_accumulation_give_one_jacobian():
    inputs = [Node(x) for x in POINT]
    rows = []
    for output in with_nodes(*inputs):
        found = backpropagate(output, keep=True)
        rows.append([float(found.get(x, 0.0)) for x in inputs])
    rows.append([0, 0, 0])  # the constant 5
    np.testing.assert_allclose(jacobian(with_duals, POINT), rows, rtol=1e-13)


def test_the_product_is_the_jacobian_times_the_vector():
    v = np.array([0.3, -2.0, 1.1])
    value, tangent = jacobian_vector_product(with_duals, POINT, v)
    assert value.shape == tangent.shape == (4,)
    assert value[3] == 5
    np.testing.assert_allclose(tangent, jacobian(with_duals, POINT) @ v, rtol=1e-13)


def test_one_output_is_a_number_and_its_jacobian_a_row():
    value, tangent = jacobian_vector_product(lambda a, b: a * b, [2, 3], [1, 1])
    assert value.shape == tangent.shape == ()
    assert (value, tangent) == (6, 5)
    assert jacobian(lambda a, b: a * b, [2, 3]).tolist() == [3, 2]
    assert jacobian(lambda a, b: [a * b], [2, 3]).tolist() == [[3, 2]]


def test_kinks_and_flat_places():
    assert forward_mode.relu(Dual(0.0, 1.0)).tangent == 0
    assert forward_mode.relu(Dual(-1.0, 1.0)).tangent == 0
    assert (Dual(0.0, 1.0) ** 0).tangent == 0
    assert (Dual(0.0, 1.0) ** 1).tangent == 1


def test_a_constant_has_no_derivative():
    assert forward_mode.exp(1.0).tangent == 0
    assert repr(Dual(3.0)) == "Dual(3.0 + 0.0ε)"


def test_operations_are_counted():
    tally = Tally()
    jacobian_vector_product(
        lambda a, b: (a + b) * forward_mode.exp(b) / a, [1, 2], [1, 0], tally=tally
    )
    # +: value and derivative. *: ab; ȧb + aḃ. exp: e; e·ḃ. /: y; (ȧ − yḃ)/b.
    assert tally == Tally(additions=2 + 1 + 1, multiplications=3 + 1 + 3, functions=1)


def test_a_constant_on_the_left_does_not_hide_the_count():
    tally = Tally()
    jacobian_vector_product(lambda x: 2 - x, [1.0], [1.0], tally=tally)
    assert tally == Tally(additions=2)


def test_a_pass_costs_the_same_for_one_output_or_many_but_one_is_needed_an_input():
    def chain(*xs):
        total = xs[0]
        for x in xs[1:]:
            total = total * x
        return total

    for n in [2, 5, 9]:
        one_pass, all_passes = Tally(), Tally()
        jacobian_vector_product(chain, [1.5] * n, [1.0] * n, tally=one_pass)
        jacobian(chain, [1.5] * n, tally=all_passes)
        assert one_pass.multiplications == 3 * (n - 1)
        assert all_passes.multiplications == n * 3 * (n - 1)
        assert all_passes.additions == n * (n - 1)


def test_a_direction_of_another_length_is_refused():
    with pytest.raises(ValueError, match="there are 2 inputs, the direction has 1"):
        jacobian_vector_product(lambda a, b: a * b, [1, 2], [1])
