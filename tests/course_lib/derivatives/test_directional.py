"""J·v and H·v against torch, closed forms and each other."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

from course_lib.derivatives import (
    hessian,
    hessian_vector_product,
    jacobian,
    jacobian_vector_product,
)
from course_lib.derivatives.analytic import NOT_ANALYTIC
from course_lib.graph import GradientError, Node, Parameter, apply
from course_lib.layers import Dense, ReLU, Sequential, Sigmoid, Tanh
from course_lib.operations import activations, elementwise, losses
from tests.course_lib.operations.row import as_tuple, relative_error

both_seeds = pytest.mark.parametrize("seed", [0, 1])
COMPLEX, DIFFERENCES = "complex step", "centred differences"


def mixed(x, w):
    return apply(activations.tanh, x @ w.T) * 0.5 + w.T[0]


def mixed_in_torch(x, w):
    return torch.tanh(x @ w.T) * 0.5 + w.T[0]


def draw(seed):
    """x, w, and a direction of the shape of each."""
    rng = np.random.default_rng(seed)
    shapes = [(2, 3), (4, 3)] * 2
    arrays = [rng.normal(size=shape) for shape in shapes]
    return arrays[:2], arrays[2:]


def tensors(arrays):
    return tuple(map(torch.tensor, arrays))


@both_seeds
@pytest.mark.parametrize(
    ("method", "tolerance"), [(COMPLEX, 1e-14), (DIFFERENCES, 1e-8)]
)
def test_jacobian_vector_products_equal_torchs(seed, method, tolerance):
    inputs, direction = draw(seed)
    _, expected = torch.autograd.functional.jvp(
        mixed_in_torch, tensors(inputs), tensors(direction)
    )
    found = jacobian_vector_product(mixed, inputs, direction, method=method)
    assert found.method == method
    assert relative_error(found.derivative, expected) <= tolerance
    by_rows = zip(jacobian(mixed, inputs), direction, strict=True)
    product = sum(np.tensordot(J, v, 2) for J, v in by_rows)
    assert relative_error(found.derivative, product) <= tolerance


@both_seeds
@pytest.mark.parametrize(
    ("method", "tolerance"), [(COMPLEX, 1e-14), (DIFFERENCES, 1e-8)]
)
def test_hessian_vector_products_equal_torchs(seed, method, tolerance):
    inputs, direction = draw(seed)
    _, expected = torch.autograd.functional.hvp(
        lambda *xs: (mixed_in_torch(*xs) ** 3).sum(),
        tensors(inputs),
        tensors(direction),
    )
    found = hessian_vector_product(
        lambda *xs: (mixed(*xs) ** 3).sum(), inputs, direction, method=method
    )
    assert found.method == method
    for product, theirs in zip(found.derivative, expected, strict=True):
        assert relative_error(product, theirs) <= tolerance


@both_seeds
def test_the_hessian_equals_torchs_and_is_symmetric(seed):
    (x, w), _ = draw(seed)

    def flat(function):
        return lambda z: (function(z[:6].reshape(2, 3), z[6:].reshape(4, 3)) ** 3).sum()

    z = torch.tensor(np.concatenate([x.ravel(), w.ravel()]))
    expected = torch.autograd.functional.hessian(flat(mixed_in_torch), z)
    found, method = hessian(lambda *xs: (mixed(*xs) ** 3).sum(), [x, w])
    assert method == COMPLEX
    assert found.shape == (18, 18)
    assert relative_error(found, expected) <= 1e-14
    np.testing.assert_allclose(found, found.T, rtol=1e-12, atol=1e-14)


def test_a_quadratic_form_has_its_matrix_for_a_hessian():
    A = np.array([[2.0, 1.0, 0.0], [1.0, 5.0, -1.0], [0.0, -1.0, 3.0]])

    def quadratic_form(x):
        return (x.reshape(1, 3) @ A * x).sum() / 2

    for method in [COMPLEX, DIFFERENCES]:
        found, _ = hessian(quadratic_form, [[0.3, -2.0, 7.0]], method=method)
        np.testing.assert_allclose(found, A, atol=1e-9)


def network_and_loss(*activations):
    rng = np.random.default_rng(0)
    network = Sequential(Dense(3, 5, rng=rng), *activations, Dense(5, 4, rng=rng))
    x, labels = rng.normal(size=(6, 3)), rng.integers(4, size=6)
    v = [rng.normal(size=p.shape) for p in network.parameters()]
    return (
        network,
        lambda *_: apply(losses.cross_entropy, network(x), labels=labels),
        v,
    )


@pytest.mark.parametrize("layer", [Tanh(), ReLU()], ids=repr)
def test_a_whole_network_takes_the_complex_step(layer):
    network, loss, v = network_and_loss(layer)
    exact = hessian_vector_product(loss, network.parameters(), v)
    near = hessian_vector_product(loss, network.parameters(), v, method=DIFFERENCES)
    assert exact.method == COMPLEX
    for a, b in zip(exact.derivative, near.derivative, strict=True):
        assert relative_error(a, b) < 1e-7
    along = jacobian_vector_product(loss, network.parameters(), v)
    assert along.method == COMPLEX
    forward = along.derivative
    backward = sum(
        np.sum(g * u)
        for g, u in zip(jacobian(loss, network.parameters()), v, strict=True)
    )
    np.testing.assert_allclose(forward, backward, rtol=1e-13)


def test_a_step_that_would_be_wrong_is_not_taken():
    """The sigmoid is computed from |x|: its complex step is not its derivative."""
    network, loss, v = network_and_loss(Sigmoid())
    found = hessian_vector_product(loss, network.parameters(), v)
    assert found.method == DIFFERENCES
    wrong = hessian_vector_product(loss, network.parameters(), v, method=COMPLEX)
    for a, b in zip(found.derivative[:2], wrong.derivative[:2], strict=True):
        assert relative_error(b, a) > 1e-2
    x = Node(np.array([-2.0, 3.0]))
    found = jacobian_vector_product(
        lambda x: apply(elementwise.absolute, x), [x], [[1, 2]]
    )
    assert found.method == DIFFERENCES
    np.testing.assert_allclose(found.derivative, [-1, 2], rtol=1e-9)


ROWS = [
    row
    for path in sorted((Path(__file__).parents[1] / "operations/tables").glob("*.py"))
    for row in import_module(f"tests.course_lib.operations.tables.{path.stem}").ROWS
]


def is_differentiated_by_the_complex_step(row):
    """Of the value the complex step gives J·v: ⟨u, J·v⟩ = ⟨Jᵀu, v⟩, to rounding. Of the
    gradients Jᵀu it gives what differences give."""
    inputs = row.inputs(0)
    rng = np.random.default_rng(4)
    v = [rng.normal(size=x.shape) for x in inputs]
    h = 1e-20

    def run(scale):
        moved = [x + scale * part for x, part in zip(inputs, v, strict=True)]
        value, backward = row.operation(*moved, **row.settings)
        return as_tuple(value), backward

    value, backward = run(0.0)
    u = [rng.normal(size=np.shape(y)) for y in value]
    try:
        moved_value, moved_backward = run(1j * h)
        moved_gradients = as_tuple(moved_backward(*u))
    except TypeError:  # a function or an array of real numbers
        return False
    forward = sum(np.sum(a * y.imag) for a, y in zip(u, moved_value, strict=True)) / h
    pulled = as_tuple(backward(*u))
    adjoint = sum(np.sum(dx * part) for dx, part in zip(pulled, v, strict=True))
    if not np.allclose(forward, adjoint, rtol=1e-12, atol=1e-13):
        return False
    step = 1e-5
    above, below = (as_tuple(run(s)[1](*u)) for s in (step, -step))
    differences = [(a - b) / (2 * step) for a, b in zip(above, below, strict=True)]
    return all(
        np.allclose(dx.imag / h, difference, rtol=1e-6, atol=1e-7)
        for dx, difference in zip(moved_gradients, differences, strict=True)
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_called_analytic_is_and_what_is_not_is_not(row):
    analytic = row.operation not in NOT_ANALYTIC
    assert is_differentiated_by_the_complex_step(row) == analytic


def test_of_other_peoples_operations_nothing_is_known():
    def doubled(x):
        return 2 * x, lambda dy: 2 * dy

    class Tripled:
        def __call__(self, x):
            return 3 * x, lambda dy: 3 * dy

    for operation, factor in [(doubled, 2), (Tripled(), 3)]:
        found = jacobian_vector_product(
            lambda x, operation=operation: apply(operation, x),
            [np.ones(2)],
            [np.array([1, 2])],
        )
        assert found.method == DIFFERENCES
        np.testing.assert_allclose(found.derivative, [factor, 2 * factor], rtol=1e-9)


def test_values_are_put_back_also_after_an_error():
    w = Parameter([1.0, 2.0])
    before = w.value

    def fails_when_moved(w):
        if w.value is not before:
            raise RuntimeError("moved")
        return (w * w).sum()

    for method in [COMPLEX, DIFFERENCES]:
        hessian_vector_product(lambda w: (w * w).sum(), [w], [[1, 1]], method=method)
        assert w.value is before
        with pytest.raises(RuntimeError, match="moved"):
            hessian_vector_product(fails_when_moved, [w], [[1, 1]], method=method)
        assert w.value is before
    np.testing.assert_array_equal(before, [1, 2])


def test_a_zero_direction_changes_nothing():
    for method in [COMPLEX, DIFFERENCES]:
        found = jacobian_vector_product(
            lambda x: x * x, [np.array([1.0, 2.0])], [np.zeros(2)], method=method
        )
        np.testing.assert_array_equal(found.derivative, [0, 0])


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_step_fits_the_size_of_the_direction_and_of_the_inputs(scale):
    for x, v in [(1.0, scale), (scale, 1.0)]:
        found = jacobian_vector_product(
            lambda x: x * x, [np.array([x])], [np.array([v])], method=DIFFERENCES
        )
        np.testing.assert_allclose(found.derivative, 2 * x * v, rtol=1e-4)


@pytest.mark.parametrize(
    ("method", "tolerance"), [(COMPLEX, 1e-6), (DIFFERENCES, 1e-2)]
)
def test_float32_stays_float32(method, tolerance):
    x, v = np.array([1.0, 2.0], np.float32), np.array([3.0, 4.0])
    along = jacobian_vector_product(lambda x: x * x, [x], [v], method=method)
    assert along.derivative.dtype == np.float32
    np.testing.assert_allclose(along.derivative, [6, 16], rtol=tolerance)
    [product], _ = hessian_vector_product(
        lambda x: (x**3).sum(), [x], [v], method=method
    )
    assert product.dtype == np.float32
    np.testing.assert_allclose(product, [18, 48], rtol=tolerance)


@pytest.mark.parametrize("product", [jacobian_vector_product, hessian_vector_product])
def test_faulty_input_is_refused(product):
    def function(x):
        return (x * x).sum()

    name = product.__name__
    expected = rf"^{name}: the direction has shapes \[\(3,\)\], the inputs \[\(2,\)\]"
    with pytest.raises(ValueError, match=expected):
        product(function, [np.ones(2)], [np.ones(3)])
    with pytest.raises(ValueError, match=rf"^{name}: the direction has shapes \[\]"):
        product(function, [np.ones(2)], [])
    with pytest.raises(ValueError, match=rf"^{name}: method is 'complex'"):
        product(function, [np.ones(2)], [np.ones(2)], method="complex")
    with pytest.raises(TypeError, match=rf"^{name}: inputs is of type ndarray"):
        product(function, np.ones(2), [np.ones(2)])


def test_the_hessian_is_refused_where_there_is_none():
    with pytest.raises(TypeError, match=r"^hessian: inputs is of type ndarray"):
        hessian(lambda x: x.sum(), np.ones(2))
    with pytest.raises(ValueError, match=r"^hessian: method is 'exact'"):
        hessian(lambda x: x.sum(), [np.ones(2)], method="exact")
    with pytest.raises(ValueError, match="expected one number"):
        hessian(lambda x: x * x, [np.ones(2)])
    with pytest.raises(GradientError, match="no gradient"):
        hessian(lambda a, b: (a * a).sum(), [np.ones(2), np.ones(2)])
