"""The matrix of a convolution, and the sizes of what convolutions return."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.convolution import conv1d, conv2d, conv3d
from course_lib.operations.convolution_matrix import convolution_matrix
from course_lib.operations.convolution_sizes import output_size, transposed_output_size
from course_lib.operations.transposed_convolution import conv_transpose2d
from tests.course_lib.operations.row import relative_error


@pytest.mark.parametrize(
    ("operation", "x", "w", "settings"),
    [
        (conv1d, (4, 8), (6, 4, 3), {"stride": 2, "padding": 1, "dilation": 2}),
        (conv2d, (1, 5, 7), (1, 1, 3, 2), {}),
        (conv2d, (2, 5, 7), (4, 2, 3, 1), {"stride": (2, 1), "padding": (0, 3)}),
        (conv2d, (3, 8, 6), (2, 3, 3, 2), {"dilation": (3, 2), "padding": 1}),
        (conv3d, (2, 3, 5, 4), (3, 2, 1, 3, 2), {"stride": 2, "padding": 1}),
    ],
)
def test_the_matrix_times_the_image_is_the_convolution(operation, x, w, settings):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x), rng.normal(size=w)
    K = convolution_matrix(w, size=x.shape[1:], **settings)
    value, backward = operation(x[None], w, **settings)
    assert relative_error(K @ x.ravel(), value.ravel()) < 1e-13
    dy = rng.normal(size=value.shape)
    assert relative_error(K.T @ dy.ravel(), backward(dy)[0].ravel()) < 1e-13


def test_the_decks_matrix_and_its_transpose():
    w = np.array([[[[0.0, 1], [2, 3]]]])
    K = convolution_matrix(w, size=(3, 3))
    np.testing.assert_equal(
        K,
        [
            [0, 1, 0, 2, 3, 0, 0, 0, 0],
            [0, 0, 1, 0, 2, 3, 0, 0, 0],
            [0, 0, 0, 0, 1, 0, 2, 3, 0],
            [0, 0, 0, 0, 0, 1, 0, 2, 3],
        ],
    )
    y = K @ np.arange(1.0, 10)
    np.testing.assert_equal(y, [25, 31, 43, 49])
    expected = [[0, 25, 31], [50, 180, 142], [86, 227, 147]]
    np.testing.assert_equal((K.T @ y).reshape(3, 3), expected)
    transposed, _ = conv_transpose2d(y.reshape(1, 1, 2, 2), w)
    np.testing.assert_equal(transposed[0, 0], expected)


def test_how_the_matrix_changes():
    w = np.arange(1.0, 5).reshape(1, 1, 2, 2)
    matrix = lambda **settings: convolution_matrix(w, size=(4, 3), **settings)  # noqa: E731
    assert matrix().shape == (3 * 2, 12)
    # A stride leaves out rows of the matrix; padding adds rows that reach outside.
    np.testing.assert_equal(matrix(stride=(2, 1)), matrix()[[0, 1, 4, 5]])
    np.testing.assert_equal(matrix(stride=(1, 2)), matrix()[::2])
    padded = matrix(padding=(1, 0))
    np.testing.assert_equal(padded[2:-2], matrix())
    np.testing.assert_equal(padded[0], [3, 4] + [0] * 10)
    assert matrix().dtype == np.float64
    assert convolution_matrix(w.astype(np.float32), size=(4, 3)).dtype == np.float32


@pytest.mark.parametrize(
    ("w", "size", "settings", "message"),
    [
        ((2, 2), (3, 3), {}, r"w has shape \(2, 2\), the image size \(3, 3\).*None"),
        ((1, 1, 2), (3, 3), {}, "expected .*number for each axis"),
        ((1, 1), (), {}, "expected .*number for each axis"),
        ((1, 1, 2, 3), (2, 2), {}, "the kernel is larger than the image"),
        ((1, 1, 3, 2), (3, 3), {"dilation": (2, 1)}, "the kernel is larger"),
        ((1, 1, 2, 2), (3, 3), {"stride": 0}, "convolution_matrix: stride is 0"),
        ((1, 1, 2, 2), (3, 3), {"dilation": 0}, "convolution_matrix: dilation is 0"),
        ((1, 1, 2, 2), (3, 3), {"padding": -1}, "convolution_matrix: padding is -1"),
    ],
)
def test_refuses_and_says_why(w, size, settings, message):
    with pytest.raises(ValueError, match=message):
        convolution_matrix(np.ones(w), size=size, **settings)


def test_sizes_on_a_grid_of_settings_equal_torchs():
    for n in range(1, 10):
        for k, s, p, d in np.ndindex(5, 3, 3, 3):
            settings = {"stride": s + 1, "padding": p, "dilation": d + 1}
            size = output_size(n, k + 1, **settings)
            image, kernel = torch.ones(1, 1, n), torch.ones(1, 1, k + 1)
            try:
                y = functional.conv1d(image, kernel, **settings)
                assert size == y.shape[2]
            except RuntimeError:  # the kernel is larger than the image
                assert size < 1
            settings["output_padding"] = min(n % 3, max(s, d))
            size = transposed_output_size(n, k + 1, **settings)
            try:
                y = functional.conv_transpose1d(image, kernel, **settings)
                assert size == y.shape[2]
            except RuntimeError:  # nothing is left
                assert size < 1


def test_six_by_six_with_a_kernel_of_three_and_stride_two():
    assert output_size(6, 3, stride=2) == 2
    assert transposed_output_size(2, 3, stride=2) == 5
    assert transposed_output_size(2, 3, stride=2, output_padding=1) == 6
