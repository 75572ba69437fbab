"""What each kernel does to flats, ramps, points and waves."""

import numpy as np
import pytest

from course_lib.filtering import (
    binomial,
    box,
    convolve,
    correlate,
    gabor,
    gabor_bank,
    gaussian,
    gradient,
    gradient_magnitude,
    gradient_orientation,
    identity,
    laplacian,
    sharpen,
    sobel_x,
    sobel_y,
)

IMAGE = np.random.default_rng(0).normal(size=(7, 10))
Y, X = np.mgrid[:7.0, :10.0]


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_identity_changes_nothing(size):
    np.testing.assert_equal(correlate(IMAGE, identity(size)), IMAGE)


def test_kernels_as_the_books_print_them():
    assert identity().tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(box() * 9, np.ones((3, 3)), rtol=1e-15)
    assert (16 * binomial()).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert (16 * binomial(5)[2] * 16).tolist() == [6, 24, 36, 24, 6]
    assert sharpen().tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert sobel_x().tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert sobel_y().tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert laplacian().tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


BLURS = [box(2), box(5), binomial(1), binomial(4), gaussian(0.7), gaussian(2, size=4)]


@pytest.mark.parametrize("kernel", BLURS, ids=lambda k: str(k.shape))
def test_blurs_have_sum_one_and_every_symmetry_of_the_square(kernel):
    assert abs(kernel.sum() - 1) < 1e-14
    np.testing.assert_allclose(kernel, kernel.T, rtol=1e-14)
    np.testing.assert_allclose(kernel, kernel[::-1], rtol=1e-14)


def variance(kernel):
    """Of the distance along x, the kernel taken as a distribution."""
    x = np.arange(kernel.shape[1]) - (kernel.shape[1] - 1) / 2
    return (kernel.sum(axis=0) * x**2).sum()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_a_binomial_kernel_has_the_variance_of_its_gaussian(size):
    assert abs(variance(binomial(size)) - (size - 1) / 4) < 1e-12


@pytest.mark.parametrize("sigma", [1.0, 1.7, 3.0])
def test_a_gaussian_has_its_own_variance(sigma):
    """Sampled and cut at 3σ it lacks a few percent; at 8σ next to nothing."""
    assert gaussian(sigma).shape == (2 * int(np.ceil(3 * sigma)) + 1,) * 2
    assert abs(variance(gaussian(sigma)) / sigma**2 - 1) < 0.04
    wide = gaussian(sigma, size=2 * int(8 * sigma) + 1)
    assert abs(variance(wide) / sigma**2 - 1) < 1e-6


def test_a_gaussian_falls_as_its_formula_says():
    kernel = gaussian(1.5, size=7)
    assert abs(kernel[3, 4] / kernel[3, 3] - np.exp(-1 / 4.5)) < 1e-14
    assert abs(kernel[1, 0] / kernel[3, 3] - np.exp(-13 / 4.5)) < 1e-14


def inside(image):
    return image[1:-1, 1:-1]


def test_sobel_x_differentiates_along_the_rows():
    ramp = 3 * X - 2 * Y
    np.testing.assert_allclose(inside(correlate(ramp, sobel_x())), 24, rtol=1e-13)
    np.testing.assert_allclose(inside(correlate(ramp, sobel_y())), -16, rtol=1e-13)
    np.testing.assert_allclose(inside(convolve(ramp, sobel_x())), -24, rtol=1e-13)


def test_the_laplacian_is_blind_to_ramps_and_sees_curvature():
    np.testing.assert_allclose(inside(correlate(3 * X - Y, laplacian())), 0, atol=1e-13)
    bowl = 2 * X**2 + Y**2
    np.testing.assert_allclose(inside(correlate(bowl, laplacian())), 6, rtol=1e-13)


@pytest.mark.parametrize("amount", [0, 0.5, 2])
def test_sharpening_takes_the_laplacian_away(amount):
    expected = IMAGE - amount * correlate(IMAGE, laplacian())
    sharp = correlate(IMAGE, sharpen(amount))
    np.testing.assert_allclose(sharp, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("angle", [0.0, 0.6, np.pi / 2, 2.5, -2.0])
def test_the_gradient_points_to_where_it_becomes_brighter(angle):
    ramp = 2 * (np.cos(angle) * X + np.sin(angle) * Y)
    gx, gy = gradient(ramp)
    np.testing.assert_allclose(inside(gx), 16 * np.cos(angle), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(inside(gy), 16 * np.sin(angle), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(inside(gradient_magnitude(ramp)), 16, rtol=1e-12)
    np.testing.assert_allclose(inside(gradient_orientation(ramp)), angle, rtol=1e-12)


def test_a_flat_image_has_no_edge_around_it_unless_zeros_lie_outside():
    flat = np.ones((5, 6))
    np.testing.assert_equal(gradient_magnitude(flat), 0)
    np.testing.assert_equal(gradient_orientation(flat), 0)
    border = gradient_magnitude(flat, padding="zeros")
    np.testing.assert_equal(inside(border), 0)
    assert border[0, 0] == np.hypot(3, 3)
    assert gradient_orientation(flat, padding="zeros")[0, 0] == np.pi / 4


def test_one_kernel_for_both_gradients_is_the_mixed_derivative():
    """S_x ∗ S_y does not see straight edges, which the magnitude does."""
    mixed = convolve(sobel_x(), sobel_y(), mode="full")
    step = np.where(X > 4, 1.0, 0.0)
    assert np.abs(correlate(step, mixed)[2:-2, 2:-2]).max() < 1e-13
    assert gradient_magnitude(step).max() == 4
    saddle = X * Y
    np.testing.assert_allclose(correlate(saddle, mixed)[2:-2, 2:-2], 64, rtol=1e-12)


WAVE = {"wavelength": 6.0, "sigma": 3.0}


def grating(angle, phase=0.0, size=19):
    y, x = np.mgrid[:size, :size] - size // 2
    along = x * np.cos(angle) + y * np.sin(angle)
    return np.cos(2 * np.pi * along / WAVE["wavelength"] + phase)


def response(kernel, image):
    """|⟨image, kernel⟩|, at the image's centre."""
    return abs(correlate(image, kernel, mode="valid").item())


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.3, np.pi / 2, 2.8])
def test_gabor_answers_to_its_own_orientation_whatever_the_phase(angle):
    kernel = gabor(19, angle=angle, **WAVE)
    own = response(kernel, grating(angle))
    for phase in [0.7, 1.9, 4.0]:
        assert abs(response(kernel, grating(angle, phase)) / own - 1) < 0.01
    for turn in [0.5, np.pi / 2, 2.2]:
        assert response(kernel, grating(angle + turn)) < 0.6 * own
    assert response(kernel, np.full((19, 19), 7.0)) < 1e-13


def test_gabor_by_its_formula():
    """Its parts are even and odd, its size 1, its decay that of the bell."""
    kernel = gabor(9, wavelength=4.0, angle=0.0, sigma=1.5)
    np.testing.assert_allclose(kernel[::-1, ::-1], kernel.conj(), atol=1e-16)
    assert abs(np.abs(kernel).sum() - 1) < 1e-14
    assert abs(kernel.sum()) < 1e-15
    # Along the wave, it is 1, i, −1 and −i at every quarter of the wavelength.
    bell = np.exp(-(np.arange(5) ** 2) / (2 * 1.5**2))
    imaginary = kernel[4, 4:].imag / kernel[4, 5].imag * bell[1]
    np.testing.assert_allclose(imaginary, bell * [0, 1, 0, -1, 0], atol=1e-15)
    real = kernel[4, 4:].real / kernel[4, 4].real
    m = real[1] / (real[1] - bell[1])  # real[1] = bell[1]·(0 − m)/(1 − m)
    expected = bell * (np.array([1, 0, -1, 0, 1]) - m) / (1 - m)
    np.testing.assert_allclose(real, expected, rtol=1e-12)
    np.testing.assert_allclose(kernel[:, 5] / kernel[4, 5], kernel[:, 4] / kernel[4, 4])
    np.testing.assert_allclose(
        gabor(9, wavelength=4.0, angle=np.pi / 2, sigma=1.5), kernel.T, atol=1e-15
    )


def test_the_smallest_gabor_kernel_has_two_pixels_across():
    kernel = gabor(2, wavelength=4.0, angle=0.0, sigma=1.0)
    np.testing.assert_allclose(kernel, [[-0.25j, 0.25j]] * 2, atol=1e-16)


def test_a_bank_goes_round_half_a_turn():
    bank = gabor_bank(4, 9, **WAVE)
    assert bank.shape == (4, 9, 9)
    for i, kernel in enumerate(bank):
        expected = gabor(9, angle=i * np.pi / 4, **WAVE)
        np.testing.assert_allclose(kernel, expected, rtol=1e-12, atol=1e-15)
    (only,) = gabor_bank(1, 9, **WAVE)
    np.testing.assert_equal(only, bank[0])
    answers = [
        [response(k, grating(i * np.pi / 4, size=9)) for k in bank] for i in range(4)
    ]
    assert np.argmax(answers, axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: identity(4), r"identity: size is 4, expected an odd number"),
        (lambda: identity(-1), r"identity: size is -1"),
        (lambda: box(0), r"box: size is 0, expected at least 1"),
        (lambda: binomial(0), r"binomial: size is 0"),
        (lambda: gaussian(0), r"gaussian: sigma is 0, expected pixels above 0"),
        (lambda: gaussian(float("nan")), r"gaussian: sigma is nan"),
        (lambda: gaussian(1, size=0), r"gaussian: size is 0"),
        (lambda: gabor(1, angle=0, **WAVE), r"gabor: size is 1, .*at least 2"),
        (
            lambda: gabor(3, angle=0, wavelength=0, sigma=1),
            r"gabor: size is 3, wavelength 0, sigma 1;",
        ),
        (lambda: gabor(3, angle=0, wavelength=1, sigma=0), r"gabor: .*sigma 0;"),
        (lambda: gabor_bank(0, 3, **WAVE), r"gabor_bank: count is 0"),
    ],
)
def test_refuses_and_says_why(make, message):
    with pytest.raises(ValueError, match=message):
        make()
