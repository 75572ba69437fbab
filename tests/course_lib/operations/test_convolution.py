"""Properties of convolution: against plain loops, its adjoint, its symmetries."""

import numpy as np
import pytest

from course_lib.operations import convolution_products
from course_lib.operations.convolution import conv1d, conv2d, conv3d
from course_lib.operations.convolution_by_offsets import cross_correlation
from course_lib.operations.convolution_products import Sliding
from course_lib.operations.transposed_convolution import (
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from tests.course_lib.operations.row import relative_error

# An operation, its transpose, the shapes of x and w, and settings. They leave nothing
# over: every entry of x lies in a window.
PAIRS = [
    (conv1d, conv_transpose1d, (3, 4, 8), (6, 4, 2), {"stride": 3}),
    (conv2d, conv_transpose2d, (3, 4, 7, 5), (6, 4, 2, 3), {}),
    (
        conv2d,
        conv_transpose2d,
        (3, 4, 7, 10),
        (6, 2, 3, 4),
        {"stride": (2, 3), "padding": (1, 0), "groups": 2},
    ),
    (
        conv2d,
        conv_transpose2d,
        (3, 4, 7, 5),
        (4, 1, 3, 2),
        {"dilation": (2, 3), "groups": 4},
    ),
    (conv3d, conv_transpose3d, (3, 2, 4, 6, 5), (5, 2, 1, 3, 2), {"padding": 1}),
]


def normal(*shapes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def by_definition(x, w, stride, dilation):
    """Every number of the output by itself, from the formula."""
    n, _, height, width = x.shape
    o, _, kh, kw = w.shape
    rows = range(0, height - dilation * (kh - 1), stride)
    columns = range(0, width - dilation * (kw - 1), stride)
    y = np.empty((n, o, len(rows), len(columns)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = x[
                :,
                :,
                top : top + dilation * (kh - 1) + 1 : dilation,
                left : left + dilation * (kw - 1) + 1 : dilation,
            ]
            y[:, :, i, j] = np.einsum("nchw,ochw->no", window, w)
    return y


@pytest.mark.parametrize("operation", [conv2d, cross_correlation])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 3), (3, 2)])
def test_the_formula(operation, stride, dilation):
    x, w = normal((3, 2, 8, 11), (5, 2, 3, 4))
    expected = by_definition(x, w, stride, dilation)
    value, _ = operation(x, w, stride=stride, dilation=dilation)
    assert relative_error(value, expected) < 1e-13


@pytest.mark.parametrize("fewest", [1, 7, 40, 200])
@pytest.mark.parametrize("block", [1, 3000])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_blocks_of_any_size_give_what_the_readable_version_gives(
    monkeypatch, fewest, block, groups
):
    monkeypatch.setattr(convolution_products, "FEWEST", fewest)
    monkeypatch.setattr(convolution_products, "BLOCK", block)
    x, w = normal((3, 4, 13, 9), (8, 4 // groups, 3, 2))
    value, backward = conv2d(x, w, stride=(2, 2), groups=groups)
    dy = normal(value.shape, seed=1)[0]
    parts = [
        cross_correlation(part, kernels, stride=2)
        for part, kernels in zip(
            np.split(x, groups, axis=1), np.split(w, groups), strict=True
        )
    ]
    assert relative_error(value, np.concatenate([y for y, _ in parts], 1)) < 1e-13
    dxs, dws = zip(
        *[back(d) for (_, back), d in zip(parts, np.split(dy, groups, 1), strict=True)],
        strict=True,
    )
    dx, dw = backward(dy)
    assert relative_error(dx, np.concatenate(dxs, 1)) < 1e-13
    assert relative_error(dw, np.concatenate(dws)) < 1e-13


@pytest.mark.parametrize("size", [(7,), (5, 7), (1, 9), (3, 4, 5)])
@pytest.mark.parametrize("batch", [0, 1, 3, 10**6])
def test_blocks_cover_everything_once(monkeypatch, size, batch):
    monkeypatch.setattr(convolution_products, "FEWEST", 20)
    ones = (1,) * len(size)
    sliding = Sliding((3,) * len(size), ones, ones, 1, size)
    covered = np.zeros(size, int)
    for block in sliding.blocks(np.broadcast_to(0.0, (2, *size, batch))):
        covered[block] += 1
    assert (covered == 1).all()


@pytest.mark.parametrize(
    ("channels", "batch", "size", "expected"),
    [
        (64, 16, (57, 57), {(1, 28), (1, 29)}),  # room for 32: two even parts
        (512, 64, (4, 4), {(2, 4)}),  # FEWEST = 512 columns, of 8 positions
        (3, 64, (32, 32), {(4, 32)}),  # 2¹⁸ entries are 9,709 columns: four rows
        (512, 1000, (2, 3), {(1, 1)}),  # never less than one position
    ],
)
def test_the_size_of_a_block(channels, batch, size, expected):
    sliding = Sliding((3, 3), (1, 1), (1, 1), 1, size)
    blocks = sliding.blocks(np.broadcast_to(0.0, (channels, *size, batch)))
    assert {tuple(s.stop - s.start for s in block) for block in blocks} == expected


@pytest.mark.parametrize(("operation", "transposed", "x", "w", "settings"), PAIRS)
def test_the_transpose_is_the_adjoint(operation, transposed, x, w, settings):
    x, w = normal(x, w)
    value, _ = operation(x, w, **settings)
    y = normal(value.shape, seed=1)[0]
    back, _ = transposed(y, w, **settings)
    assert np.vdot(value, y) == pytest.approx(np.vdot(x, back), rel=1e-12)


@pytest.mark.parametrize(("operation", "transposed", "x", "w", "settings"), PAIRS)
def test_the_way_back_of_each_is_the_other(operation, transposed, x, w, settings):
    x, w = normal(x, w)
    value, backward = operation(x, w, **settings)
    y = normal(value.shape, seed=1)[0]
    back, back_again = transposed(y, w, **settings)
    assert relative_error(backward(y)[0], back) < 1e-13
    assert relative_error(back_again(x)[0], value) < 1e-13


@pytest.mark.parametrize(("operation", "transposed", "x", "w", "settings"), PAIRS)
def test_linear_in_the_image_and_in_the_kernel(operation, transposed, x, w, settings):
    (x1, x2), (w1, w2) = normal(x, x), normal(w, w, seed=1)

    def y(x, w):
        return operation(x, w, **settings)[0]

    assert relative_error(y(2 * x1 - x2, w1), 2 * y(x1, w1) - y(x2, w1)) < 1e-13
    assert relative_error(y(x1, 2 * w1 - w2), 2 * y(x1, w1) - y(x1, w2)) < 1e-13


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_shifted_image_gives_a_shifted_output(stride):
    """Equivariance: a shift by the stride moves the output by one position."""
    x, w = normal((3, 2, 11, 14), (5, 2, 3, 2))
    value, _ = conv2d(x, w, stride=stride)
    shifted, _ = conv2d(x[:, :, stride:, 2 * stride :], w, stride=stride)
    h, w = shifted.shape[2:]
    np.testing.assert_allclose(shifted, value[:, :, 1 : 1 + h, 2 : 2 + w], rtol=1e-12)


def test_the_way_back_is_full_correlation_with_the_flipped_kernel():
    x, w = normal((3, 2, 7, 5), (4, 2, 2, 3))
    value, backward = conv2d(x, w)
    dy = normal(value.shape, seed=1)[0]
    flipped = w[:, :, ::-1, ::-1].swapaxes(0, 1)
    full, _ = conv2d(dy, flipped, padding=(1, 2))
    assert relative_error(backward(dy)[0], full) < 1e-13


@pytest.mark.parametrize("kernel", [(1, 1), (3, 2)])
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(
    "view",
    [
        lambda a: np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
        lambda a: np.ascontiguousarray(a.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=3)[..., ::2],
        lambda a: np.ascontiguousarray(a[::-1, :, ::-1])[::-1, :, ::-1],
    ],
    ids=["batch last", "channels last", "Fortran", "strided", "reversed"],
)
def test_any_layout_gives_the_same(view, kernel, groups):
    x, w = normal((3, 4, 7, 5), (6, 4 // groups, *kernel))
    settings = {"padding": (0, 1), "groups": groups}
    value, backward = conv2d(x, w, **settings)
    dy = normal(value.shape, seed=1)[0]
    other, other_backward = conv2d(view(x), view(w), **settings)
    np.testing.assert_allclose(other, value, rtol=1e-12)
    for a, b in zip(other_backward(view(dy)), backward(dy), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("w", [(6, 4, 3, 2), (6, 4, 1, 1), (4, 1, 3, 2)])
def test_the_batch_comes_last_in_memory(w):
    x, w = normal((3, 4, 7, 5), w)
    value, backward = conv2d(x, w, groups=4 // w.shape[1])
    assert value.transpose(1, 2, 3, 0).flags.c_contiguous
    assert backward(value)[0].transpose(1, 2, 3, 0).flags.c_contiguous


@pytest.mark.parametrize("operation", [conv2d, conv_transpose2d])
@pytest.mark.parametrize("w", [(4, 4, 3, 2), (4, 4, 1, 1), (4, 1, 3, 2)])
def test_an_empty_batch(operation, w):
    x, w, b = normal((0, 4, 7, 5), w, (4,))
    value, backward = operation(x, w, b, groups=4 // w.shape[1])
    assert value.shape[:2] == (0, 4)
    dx, dw, db = backward(value)
    assert dx.shape == x.shape
    np.testing.assert_equal(dw, np.zeros_like(w))
    np.testing.assert_equal(db, np.zeros_like(b))


@pytest.mark.parametrize("operation", [conv2d, conv_transpose2d])
@pytest.mark.parametrize("w", [(4, 4, 3, 2), (4, 4, 1, 1)])
def test_mixed_precision_gives_the_finer_of_the_two(operation, w):
    x, w = normal((3, 4, 7, 5), w)
    value, backward = operation(x.astype(np.float32), w)
    assert value.dtype == np.float64
    assert {dx.dtype for dx in backward(value)} == {np.dtype(np.float64)}
    value, backward = operation(x, w.astype(np.float32))
    assert value.dtype == np.float64
    assert {dx.dtype for dx in backward(value)} == {np.dtype(np.float64)}


def test_the_decks_example_whose_first_output_is_four():
    """C: a 5×5 image of zeros and ones, and an X-shaped kernel."""
    x = [
        [1, 1, 1, 0, 0],
        [0, 1, 1, 1, 0],
        [0, 0, 1, 1, 1],
        [0, 0, 1, 1, 0],
        [0, 1, 1, 0, 0],
    ]
    w = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    value, _ = conv2d(np.array([[x]], float), np.array([[w]], float))
    np.testing.assert_equal(value[0, 0], [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


def test_a_flipped_kernel_is_another_operation():
    """B: true convolution flips the kernel; the layer does not."""
    x = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    w = np.array([[[[0.0, 1], [2, 3]]]])
    np.testing.assert_equal(conv2d(x, w)[0][0, 0], [[25, 31], [43, 49]])
    flipped, _ = conv2d(x, w[:, :, ::-1, ::-1])
    np.testing.assert_equal(flipped[0, 0], [[11, 17], [29, 35]])
