"""Correlation and convolution, against their definition, torch, and each other."""

import numpy as np
import pytest
import torch

from course_lib.filtering import convolve, correlate

RNG_SEEDS = [0, 1]
MODES = ["full", "same", "valid"]
# Even sizes too: there the kernel's centre is a matter of definition.
KERNELS = [(3, 3), (2, 5), (4, 2), (1, 3), (4, 1), (1, 1)]

both_seeds = pytest.mark.parametrize("seed", RNG_SEEDS)
every_mode = pytest.mark.parametrize("mode", MODES)
every_kernel = pytest.mark.parametrize("shape", KERNELS, ids=str)


def draw(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def margins(shape, mode):
    """Rows and columns before and after, by which `correlate` enlarges an image."""
    return {
        "valid": [(0, 0) for k in shape],
        "same": [((k - 1) // 2, k - 1 - (k - 1) // 2) for k in shape],
        "full": [(k - 1, k - 1) for k in shape],
    }[mode]


@both_seeds
@every_mode
@every_kernel
def test_correlation_is_torchs_convolution(seed, mode, shape):
    image, kernel = draw(seed, (6, 9), shape)
    padded = torch.tensor(np.pad(image, margins(shape, mode)))[None, None]
    expected = torch.conv2d(padded, torch.tensor(kernel)[None, None])[0, 0]
    y = correlate(image, kernel, mode=mode)
    np.testing.assert_allclose(y, expected.numpy(), rtol=1e-12, atol=1e-14)


@both_seeds
@every_mode
@every_kernel
def test_convolution_by_its_definition(seed, mode, shape):
    """Every pixel paints the kernel; "same" and "valid" are cut out of the full sum."""
    image, kernel = draw(seed, (6, 9), shape)
    (h, w), (rows, columns) = shape, image.shape
    full = np.zeros((rows + h - 1, columns + w - 1))
    for r, c in np.ndindex(image.shape):
        full[r : r + h, c : c + w] += image[r, c] * kernel
    top, left = (h - 1) // 2, (w - 1) // 2
    expected = {
        "full": full,
        "same": full[top : top + rows, left : left + columns],
        "valid": full[h - 1 : rows, w - 1 : columns],
    }[mode]
    y = convolve(image, kernel, mode=mode)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-14)


def test_worked_by_hand():
    """The matrix example of the lecture: correlation first, then with the flip."""
    image, kernel = np.arange(1.0, 10).reshape(3, 3), np.array([[0.0, 1], [2, 3]])
    np.testing.assert_equal(
        correlate(image, kernel, mode="valid"), [[25, 31], [43, 49]]
    )
    np.testing.assert_equal(convolve(image, kernel, mode="valid"), [[11, 17], [29, 35]])


def test_a_single_point_shows_the_kernel_and_its_flip():
    point, kernel = np.zeros((5, 5)), np.arange(1.0, 10).reshape(3, 3)
    point[2, 2] = 1
    np.testing.assert_equal(convolve(point, kernel)[1:4, 1:4], kernel)
    np.testing.assert_equal(correlate(point, kernel)[1:4, 1:4], kernel[::-1, ::-1])


@both_seeds
@every_mode
@pytest.mark.parametrize("padding", ["zeros", "reflect", "replicate"])
@pytest.mark.parametrize("function", [correlate, convolve])
def test_paddings_say_what_lies_outside(seed, mode, padding, function):
    image, kernel = draw(seed, (6, 9), (4, 3))
    around = margins(kernel.shape, mode)
    if function is convolve:
        around = [pair[::-1] for pair in around]
    numpys = {"zeros": "constant", "reflect": "reflect", "replicate": "edge"}[padding]
    expected = function(np.pad(image, around, mode=numpys), kernel, mode="valid")
    y = function(image, kernel, mode=mode, padding=padding)
    np.testing.assert_allclose(y, expected, rtol=1e-13)


@pytest.mark.parametrize("function", [correlate, convolve])
def test_channels_are_filtered_one_by_one(function):
    image, kernel = draw(0, (6, 9, 3), (2, 3))
    y = function(image, kernel, padding="reflect")
    channels = [function(image[..., c], kernel, padding="reflect") for c in range(3)]
    np.testing.assert_equal(y, np.stack(channels, axis=-1))


@both_seeds
def test_convolution_associates_and_commutes_at_full_size(seed):
    image, g, h = draw(seed, (6, 9), (3, 2), (2, 4))

    def full(a, b):
        return convolve(a, b, mode="full")

    np.testing.assert_allclose(
        full(full(image, g), h), full(image, full(g, h)), rtol=1e-10, atol=1e-13
    )
    np.testing.assert_allclose(full(g, h), full(h, g), rtol=1e-12, atol=1e-14)


@both_seeds
def test_correlation_does_not_stack_but_by_convolution(seed):
    """(I ⋆ g) ⋆ h is I ⋆ (g ∗ h) and not I ⋆ (g ⋆ h)."""
    image, g, h = draw(seed, (6, 9), (3, 3), (3, 3))

    def full(a, b):
        return correlate(a, b, mode="full")

    in_turn = full(full(image, g), h)
    by_convolution = full(image, convolve(g, h, mode="full"))
    np.testing.assert_allclose(in_turn, by_convolution, rtol=1e-10, atol=1e-13)
    difference = in_turn - full(image, full(g, h))
    assert np.abs(difference).max() > 0.5 * np.abs(in_turn).max()


def test_at_the_same_size_associativity_holds_but_at_the_border():
    """What leaves the image in the first step is missing in the second."""
    image, g, h = draw(0, (9, 11), (3, 3), (3, 3))
    in_turn = convolve(convolve(image, g), h)
    at_once = convolve(image, convolve(g, h, mode="full"))
    inside = np.s_[1:-1, 1:-1]
    np.testing.assert_allclose(in_turn[inside], at_once[inside], rtol=1e-10, atol=1e-13)
    assert np.abs(in_turn - at_once).max() > 0.1


def inner(a, b):
    """⟨a, b⟩, linear in a."""
    return (a * b.conj()).sum()


@both_seeds
@every_kernel
@pytest.mark.parametrize(("there", "back"), [("full", "valid"), ("same", "same")])
def test_the_adjoint_takes_the_conjugate_and_no_flip(seed, shape, there, back):
    """⟨I ∗ g, J⟩ = ⟨I, J ⋆ ḡ⟩ and ⟨I ⋆ g, J⟩ = ⟨I, J ∗ ḡ⟩."""
    real, imaginary, image, other = draw(seed, shape, shape, (6, 9), (12, 15))
    kernel = real + 1j * imaginary
    for forward, adjoint in [(convolve, correlate), (correlate, convolve)]:
        y = forward(image, kernel, mode=there)
        assert y.dtype == np.complex128
        dy = other[: y.shape[0], : y.shape[1]]
        expected = inner(image, adjoint(dy, kernel.conj(), mode=back))
        assert abs(inner(y, dy) - expected) < 1e-12 * abs(expected)
        if shape != (1, 1):
            without = inner(image, adjoint(dy, kernel, mode=back))
            assert abs(without - expected) > 1e-3 * abs(expected)


def test_types_are_kept_and_whole_numbers_do_not_wrap_round():
    kernel = np.full((3, 3), 2)
    bright = np.full((4, 5), 200, dtype=np.uint8)
    y = correlate(bright, kernel, mode="valid")
    assert y.dtype == np.float64
    np.testing.assert_equal(y, 3600)
    single = bright.astype(np.float32)
    assert correlate(single, kernel / 18).dtype == np.float32
    assert correlate(single, kernel * 1j).dtype == np.complex64
    assert correlate(single * 1j, kernel).dtype == np.complex64
    assert correlate(bright, np.full((3, 3), 2j)).dtype == np.complex128


@pytest.mark.parametrize("function", [correlate, convolve])
def test_nothing_that_came_in_is_changed(function):
    image, kernel = draw(0, (6, 9), (3, 3))
    before = image.copy(), kernel.copy()
    function(image, kernel)
    np.testing.assert_equal((image, kernel), before)


@pytest.mark.parametrize("function", [correlate, convolve])
@pytest.mark.parametrize(
    ("image", "kernel", "settings", "message"),
    [
        ((4,), (3, 3), {}, r"image has shape \(4,\).*\(H, W\)"),
        ((2, 3, 4, 4), (3, 3), {}, r"image has shape \(2, 3, 4, 4\).*batch"),
        ((4, 4), (3,), {}, r"kernel \(3,\)"),
        ((4, 4), (3, 3, 3), {}, r"kernel \(3, 3, 3\)"),
        ((0, 4), (1, 1), {}, r"image has shape \(0, 4\)"),
        ((4, 4), (1, 0), {}, r"kernel \(1, 0\)"),
        ((4, 4), (3, 3), {"mode": "some"}, r"mode is 'some', expected 'full'"),
        ((4, 4), (3, 3), {"padding": "edge"}, r"padding is 'edge', expected 'zeros'"),
        ((4, 9), (5, 3), {"mode": "valid"}, r"kernel of \(5, 3\) is larger"),
        ((9, 4), (3, 5), {"mode": "valid"}, r"image of \(9, 4\).*exchanged"),
    ],
)
def test_refuses_and_says_why(function, image, kernel, settings, message):
    with pytest.raises(ValueError, match=rf"{function.__name__}: .*{message}"):
        function(np.ones(image), np.ones(kernel), **settings)
