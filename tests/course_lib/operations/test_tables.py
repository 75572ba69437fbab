"""Every operation, by its family's table: add a row there and it is tested here."""

import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

import course_lib.operations
from course_lib.gradient_check import directional_check
from tests.course_lib.operations.row import as_tuple, relative_error

# What operations are made of, and the list of all losses.
NOT_FAMILIES = {
    "angles",
    "bessel",
    "broadcasting",
    "channels",
    "convolution_matrix",
    "convolution_products",
    "convolution_settings",
    "convolution_sizes",
    "labels",
    "losses",
    "max_indices",
    "recurrence",
    "windows",
}
MODULES = {
    path.stem
    for path in Path(course_lib.operations.__path__[0]).glob("*.py")
    if not path.stem.startswith("_")
}
FAMILIES = sorted(MODULES - NOT_FAMILIES)
TABULATED = sorted(
    path.stem for path in (Path(__file__).parent / "tables").glob("*.py")
)
TABLES = [import_module(f"{__package__}.tables.{family}") for family in TABULATED]
ROWS = [row for table in TABLES for row in table.ROWS]
EXAMPLES = [example for table in TABLES for example in table.EXAMPLES]
REFUSALS = [refusal for table in TABLES for refusal in table.REFUSALS]
OPERATIONS = [
    function
    for family in FAMILIES
    for name, function in vars(import_module(f"course_lib.operations.{family}")).items()
    if inspect.isfunction(function)
    and function.__module__ == f"course_lib.operations.{family}"
    and not name.startswith("_")
]

every_row = pytest.mark.parametrize("row", ROWS, ids=str)
both_seeds = pytest.mark.parametrize("seed", [0, 1])


def test_every_family_has_its_table():
    assert TABULATED == FAMILIES


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
def test_an_operation_has_a_row_an_example_and_its_refusals(operation):
    assert operation in [row.operation for row in ROWS]
    assert operation in [example.operation for example in EXAMPLES]
    documented = "Raises:" in inspect.getdoc(operation)
    assert documented == (operation in [refusal.operation for refusal in REFUSALS])


@every_row
def test_shapes_would_show_a_transposition_and_a_batch(row):
    """Square matrices and batches of one hide mistakes."""
    assert max(row.shapes, key=len)[0] >= 3
    for index, shape in enumerate(row.shapes):
        assert len(set(shape)) == len(shape) or index in row.square


@every_row
@both_seeds
def test_backward_agrees_with_differences(row, seed):
    check = directional_check(
        row.operation,
        *row.inputs(seed),
        rng=np.random.default_rng(seed),
        **row.settings,
    )
    assert check.error < 1e-8, str(check)


@every_row
@both_seeds
def test_value_and_gradients_equal_torchs(row, seed):
    inputs = row.inputs(seed)
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    expected = as_tuple(row.torch(*tensors))
    value, backward = row.operation(*inputs, **row.settings)
    dys = uneven_gradients(value)
    torch.autograd.backward(expected, [torch.tensor(dy) for dy in dys])
    for y, theirs in zip(as_tuple(value), expected, strict=True):
        assert relative_error(y, theirs.detach()) <= 1e-12
    for dx, x in zip(as_tuple(backward(*dys)), tensors, strict=True):
        assert relative_error(dx, x.grad) <= 1e-12


@every_row
@both_seeds
def test_float32_stays_float32(row, seed):
    inputs = [x.astype(np.float32) for x in row.inputs(seed)]
    exact, exact_backward = row.operation(*row.inputs(seed), **row.settings)
    value, backward = row.operation(*inputs, **row.settings)
    dys = uneven_gradients(exact)
    dxs = backward(*[dy.astype(np.float32) for dy in dys])
    exact_dxs = as_tuple(exact_backward(*dys))
    for y, expected in zip(as_tuple(value), as_tuple(exact), strict=True):
        assert y.dtype == np.float32
        assert relative_error(y, expected) < 2e-5
    for dx, expected in zip(as_tuple(dxs), exact_dxs, strict=True):
        assert dx.dtype == np.float32
        assert relative_error(dx, expected) < 2e-5


@every_row
@both_seeds
def test_nothing_that_came_in_is_changed_and_backward_may_run_again(row, seed):
    inputs = row.inputs(seed)
    before = [x.copy() for x in inputs]
    value, backward = row.operation(*inputs, **row.settings)
    value_before = [y.copy() for y in as_tuple(value)]
    dys = uneven_gradients(value)
    dys_before = [dy.copy() for dy in dys]
    first = [dx.copy() for dx in as_tuple(backward(*dys))]
    second = as_tuple(backward(*dys))
    np.testing.assert_equal(inputs, before)
    np.testing.assert_equal(list(as_tuple(value)), value_before)
    np.testing.assert_equal(dys, dys_before)
    np.testing.assert_equal(list(second), first)


@every_row
def test_backward_is_linear(row):
    """A gradient twice as large, or of the other sign, gives the same multiple."""
    value, backward = row.operation(*row.inputs(0), **row.settings)
    dys = uneven_gradients(value)
    for factor in [-2, 0]:
        multiples = as_tuple(backward(*[factor * dy for dy in dys]))
        for multiple, dx in zip(multiples, as_tuple(backward(*dys)), strict=True):
            assert relative_error(multiple, factor * dx) <= 1e-12


SELECTIVE = {"dense", "conv1d", "conv2d", "conv3d"}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.operation.__name__ in SELECTIVE], ids=str
)
def test_the_gradient_by_the_first_input_may_be_left_out(row):
    value, backward = row.operation(*row.inputs(0), **row.settings)
    (dy,) = uneven_gradients(value)
    first, *others = backward(dy)
    left_out, *same = backward(dy, needed=(False, *[True] * len(others)))
    assert left_out is None
    assert first is not None
    np.testing.assert_equal(same, others)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_worked_by_hand(example):
    inputs = [np.array(x, dtype=np.float64) for x in example.inputs]
    value, backward = example.operation(*inputs, **example.settings)
    dys = [np.array(dy, dtype=np.float64) for dy in as_tuple(example.dy)]
    dxs = as_tuple(backward(*dys))
    for y, expected in zip(as_tuple(value), as_tuple(example.value), strict=True):
        np.testing.assert_allclose(y, expected, rtol=1e-14, atol=1e-15)
    for dx, expected in zip(dxs, example.dxs, strict=True):
        assert dx.shape == np.shape(expected)
        np.testing.assert_allclose(dx, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_refuses_and_says_why(refusal):
    with pytest.raises(refusal.error, match=refusal.message):
        refusal.operation(*refusal.inputs, **refusal.settings)


def uneven_gradients(value):
    """For each output a dy in which no two entries are alike."""
    rng = np.random.default_rng(3)
    return [rng.normal(size=np.shape(y)) for y in as_tuple(value)]
