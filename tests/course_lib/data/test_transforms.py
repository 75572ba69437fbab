"""Transforms: closed forms, statistics over seeds, types and ranges."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from course_lib.data import color_transforms, transforms
from course_lib.data.color_transforms import (
    adjust_brightness,
    adjust_contrast,
    adjust_saturation,
    color_jitter,
)
from course_lib.data.transforms import (
    Compose,
    cutout,
    gaussian_noise,
    random_crop,
    random_horizontal_flip,
    random_rotation,
    random_vertical_flip,
    rotate,
)

DRAW = np.random.default_rng(0)
X = DRAW.random((6, 3, 5, 8))
BYTES = DRAW.integers(0, 256, (6, 3, 5, 8), dtype=np.uint8)

RANDOM = [
    random_horizontal_flip,
    random_vertical_flip,
    partial(random_crop, padding=2),
    partial(random_rotation, degrees=40),
    partial(gaussian_noise, std=0.3),
    partial(cutout, size=3),
    partial(color_jitter, brightness=0.9, contrast=0.9, saturation=0.9),
    Compose(random_vertical_flip, partial(random_crop, padding=1)),
]
every = pytest.mark.parametrize(
    "transform", RANDOM, ids=lambda t: str(t).split(" at")[0]
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@every
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_type_range_and_shape_are_kept_and_the_input_too(
    transform: Callable[..., np.ndarray], dtype: type
) -> None:
    x = BYTES if dtype == np.uint8 else X.astype(dtype)
    before = x.copy()
    for seed in range(5):
        y = transform(x, rng=rng(seed))
        assert y.dtype == dtype
        assert y.shape == x.shape
        assert 0 <= y.min() <= y.max() <= (255 if dtype == np.uint8 else 1)
        assert not np.shares_memory(y, x)
    np.testing.assert_array_equal(x, before)


@every
def test_a_seed_repeats_and_another_does_not(
    transform: Callable[..., np.ndarray],
) -> None:
    np.testing.assert_array_equal(transform(X, rng=rng(1)), transform(X, rng=rng(1)))
    assert not np.array_equal(transform(X, rng=rng(1)), transform(X, rng=rng(2)))


@every
def test_every_image_has_its_own(transform: Callable[..., np.ndarray]) -> None:
    same = np.repeat(X[:1], 32, axis=0)
    y = transform(same, rng=rng())
    assert len(np.unique(y.reshape(32, -1), axis=0)) > 1


@every
def test_floats_and_bytes_are_transformed_alike(
    transform: Callable[..., np.ndarray],
) -> None:
    from_bytes = transform(BYTES, rng=rng(3)).astype(float)
    from_floats = transform(BYTES / 255, rng=rng(3)) * 255
    # Each step of the color jitter rounds, and the next may double that.
    np.testing.assert_allclose(from_bytes, from_floats, rtol=0, atol=3)


@every
def test_memory_in_another_order_is_no_matter(
    transform: Callable[..., np.ndarray],
) -> None:
    other = np.moveaxis(np.ascontiguousarray(np.moveaxis(X, 0, -1)), -1, 0)
    expected = transform(X, rng=rng())
    np.testing.assert_allclose(
        transform(other, rng=rng()), expected, rtol=0, atol=1e-14
    )


@every
@pytest.mark.parametrize(
    "x", [X[0], X[0, 0], BYTES.astype(np.int64)], ids=["CHW", "HW", "int"]
)
def test_what_is_no_batch_of_images_is_refused(
    transform: Callable[..., np.ndarray], x: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=r"expected \(N, C, H, W\)"):
        transform(x, rng=rng())


@pytest.mark.parametrize(
    ("flip", "axis"), [(random_horizontal_flip, 3), (random_vertical_flip, 2)]
)
def test_flips(flip: Callable[..., np.ndarray], axis: int) -> None:
    flipped = flip(X, rng=rng(), p=1)
    np.testing.assert_array_equal(flipped, np.flip(X, axis))
    np.testing.assert_array_equal(flip(flipped, rng=rng(), p=1), X)
    np.testing.assert_array_equal(flip(X, rng=rng(), p=0), X)


@pytest.mark.parametrize("flip", [random_horizontal_flip, random_vertical_flip])
@pytest.mark.parametrize(("p", "low", "high"), [(None, 450, 550), (0.2, 160, 240)])
def test_as_many_are_flipped_as_asked_for(
    flip: Callable[..., np.ndarray], p: float | None, low: int, high: int
) -> None:
    x = np.tile(np.arange(4.0).reshape(1, 1, 2, 2), (1000, 1, 1, 1))
    y = flip(x, rng=rng()) if p is None else flip(x, rng=rng(), p=p)
    assert low < np.sum(y[:, 0, 0, 0] != 0) < high


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_probability_is_one(p: float) -> None:
    with pytest.raises(ValueError, match=f"random_vertical_flip: p is {p}"):
        random_vertical_flip(X, rng=rng(), p=p)


def test_a_crop_is_a_window_of_the_padded_image_and_every_place_occurs() -> None:
    n = 2000
    image = X[:1]
    crops = random_crop(np.repeat(image, n, axis=0), rng=rng(), padding=1, size=(5, 9))
    padded = np.pad(image[0], ((0, 0), (1, 1), (1, 1)))
    counts = {}
    for i in range(3):
        for j in range(2):
            window = padded[:, i : i + 5, j : j + 9]
            counts[i, j] = int((crops == window).all(axis=(1, 2, 3)).sum())
    assert sum(counts.values()) == n
    assert min(counts.values()) > 0.8 * n / 6


def test_a_crop_of_all_is_the_image() -> None:
    np.testing.assert_array_equal(random_crop(X, rng=rng()), X)


@pytest.mark.parametrize(
    ("size", "padding"),
    [((8, 5), 1), ((5, 11), 1), ((0, 3), 0), ((3, 0), 0), (None, -1)],
)
def test_a_window_must_fit(size: tuple[int, int] | None, padding: int) -> None:
    with pytest.raises(ValueError, match="random_crop: a window of"):
        random_crop(X, rng=rng(), padding=padding, size=size)


@pytest.mark.parametrize("side", [6, 7])
@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3, 4])
def test_quarter_turns_are_rot90(side: int, quarters: int) -> None:
    x = DRAW.random((3, 2, side, side))
    turned = rotate(x, degrees=90 * quarters)
    expected = np.rot90(x, quarters, axes=(2, 3))
    np.testing.assert_allclose(turned, expected, rtol=0, atol=1e-14)
    for dtype in (np.uint8, np.float32):
        small = (x * 255).astype(dtype)
        expected = np.rot90(small, quarters, axes=(2, 3))
        np.testing.assert_allclose(
            rotate(small, degrees=90 * quarters), expected, rtol=1e-6, atol=0
        )


def test_half_a_turn_is_two_flips_where_sides_differ() -> None:
    np.testing.assert_allclose(
        rotate(X, degrees=180), X[:, :, ::-1, ::-1], rtol=0, atol=1e-14
    )


def test_a_ramp_turned_is_the_turned_ramp() -> None:
    """Interpolation is exact for what is linear: a(x cos θ − y sin θ) + …"""
    h, w, theta = 9, 13, np.deg2rad(25)
    y, x = np.mgrid[(h - 1) / 2 : -(h + 1) / 2 : -1, -(w - 1) / 2 : (w + 1) / 2]
    ramp = 2 * x + 3 * y + 40
    turned = rotate(ramp[None, None], degrees=25)[0, 0]
    expected = (
        2 * (np.cos(theta) * x + np.sin(theta) * y)
        + 3 * (np.cos(theta) * y - np.sin(theta) * x)
        + 40
    )
    inside = np.hypot(x, y) <= (h - 1) / 2
    assert inside.sum() > 40
    np.testing.assert_allclose(turned[inside], expected[inside], rtol=1e-13)


def test_each_image_has_its_angle_and_the_outside_its_fill() -> None:
    x = np.ones((3, 1, 8, 8))
    turned = rotate(x, degrees=[0, 45, 90], fill=0.25)
    np.testing.assert_allclose(turned[[0, 2]], 1, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(turned[1, 0, [0, 0, 7, 7], [0, 7, 0, 7]], 0.25)
    assert turned[1, 0, 3:5, 3:5].min() == 1


def test_angles_are_drawn_from_both_sides_up_to_the_largest() -> None:
    """A bright pixel right of the center says by how much its image was turned."""
    x = np.zeros((500, 1, 41, 41))
    x[:, :, 20, 38] = 1
    y = random_rotation(x, rng=rng(), degrees=30)
    down, across = np.mgrid[20:-21:-1, -20:21]
    weights = y[:, 0]
    angles = np.rad2deg(
        np.arctan2((weights * down).sum((1, 2)), (weights * across).sum((1, 2)))
    )
    assert -31 < angles.min() < -28
    assert 28 < angles.max() < 31
    assert abs(angles.mean()) < 3 * 30 / np.sqrt(3 * 500)


def test_noise_has_the_deviation_asked_for_and_is_clipped() -> None:
    gray = np.full((50, 1, 20, 20), 0.5)
    noise = gaussian_noise(gray, rng=rng(), std=0.1) - gray
    assert abs(noise.mean()) < 4 * 0.1 / np.sqrt(noise.size)
    assert noise.std() == pytest.approx(0.1, rel=0.03)
    halves = [noise.reshape(2, -1)[k] for k in (0, 1)]
    assert abs(np.corrcoef(*halves)[0, 1]) < 0.05
    white = gaussian_noise(np.full_like(gray, 1), rng=rng(), std=0.1)
    assert np.mean(white == 1) == pytest.approx(0.5, abs=0.02)
    as_bytes = gaussian_noise(
        np.full((50, 1, 20, 20), 128, np.uint8), rng=rng(), std=0.1
    )
    assert as_bytes.std() == pytest.approx(25.5, rel=0.03)


def test_bytes_do_not_wrap_round() -> None:
    white = np.full((9, 3, 6, 6), 255, dtype=np.uint8)
    assert gaussian_noise(white, rng=rng(), std=0.1).min() > 100
    assert adjust_brightness(white, factor=1.5).min() == 255
    assert gaussian_noise(0 * white, rng=rng(), std=0.1).max() < 155


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_square_is_hidden_and_nothing_else(size: int) -> None:
    x = np.ones((2000, 2, 9, 12))
    y = cutout(x, rng=rng(), size=size, fill=0.5)
    np.testing.assert_array_equal(y[:, 0], y[:, 1])
    hidden = y[:, 0] != 1
    assert set(np.unique(y)) == {0.5, 1}
    rows, columns = hidden.any(axis=2), hidden.any(axis=1)
    np.testing.assert_array_equal(hidden, rows[:, :, None] & columns[:, None, :])
    assert rows.sum(axis=1).max() == columns.sum(axis=1).max() == size
    assert rows.sum(axis=1).min() == columns.sum(axis=1).min() == (size + 1) // 2
    assert hidden.any(axis=0).all()  # every pixel is hidden in some image


def test_colors_are_blended_with_black_with_gray_and_with_themselves_in_gray() -> None:
    red, green, blue = X[:, 0], X[:, 1], X[:, 2]
    gray = (0.299 * red + 0.587 * green + 0.114 * blue)[:, None]
    for f in (0, 0.3, 1):
        expected = [
            (adjust_brightness, f * X),
            (
                adjust_contrast,
                f * X + (1 - f) * gray.mean(axis=(1, 2, 3), keepdims=True),
            ),
            (adjust_saturation, f * X + (1 - f) * gray),
        ]
        for adjust, y in expected:
            np.testing.assert_allclose(adjust(X, factor=f), y, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "adjust", [adjust_brightness, adjust_contrast, adjust_saturation]
)
def test_each_image_has_its_factor(adjust: Callable[..., np.ndarray]) -> None:
    factors = np.linspace(0, 2, 6)
    together = adjust(X, factor=factors)
    for k, factor in enumerate(factors):
        alone = adjust(X[k : k + 1], factor=factor)
        np.testing.assert_allclose(together[k : k + 1], alone, rtol=0, atol=1e-14)
    assert together.min() >= 0
    assert together.max() <= 1


def test_gray_images_have_no_color_to_change() -> None:
    gray = X[:, :1]
    np.testing.assert_allclose(adjust_saturation(gray, factor=0.2), gray, rtol=1e-14)


@pytest.mark.parametrize("setting", ["brightness", "contrast", "saturation"])
def test_jitter_draws_factors_from_both_sides_of_1(setting: str) -> None:
    """Read from colors dark enough not to be clipped, and a picture of one gray."""
    x = np.full((400, 3, 1, 2), 0.3)
    x[:, 0, :, 1], x[:, 1, :, 1] = 0.4, 0.1
    y = color_jitter(x, rng=rng(), **{setting: 0.5})
    contrast = y[:, 0, 0, 1] - y[:, 1, 0, 1]
    factors = contrast / 0.3
    assert 0.5 < factors.min() < 0.52
    assert 1.48 < factors.max() < 1.5
    assert abs(factors.mean() - 1) < 0.05
    adjust = getattr(color_transforms, f"adjust_{setting}")
    np.testing.assert_allclose(y, adjust(x, factor=factors), rtol=0, atol=1e-12)


def test_jitter_without_settings_changes_nothing() -> None:
    np.testing.assert_allclose(color_jitter(X, rng=rng()), X, rtol=0, atol=1e-14)


@pytest.mark.parametrize("settings", [{"contrast": -0.1}, {"saturation": 1.1}])
def test_a_jitter_has_its_limits(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"color_jitter: .* from 0 to 1"):
        color_jitter(X, rng=rng(), **settings)


def test_channels_must_be_colors() -> None:
    with pytest.raises(ValueError, match="expected 1 or 3 channels"):
        adjust_contrast(X[:, :2], factor=1)


@pytest.mark.parametrize("shift", [-1.0, 0.1])
def test_images_that_were_normalized_have_no_range(shift: float) -> None:
    spread = (X - X.min()) / np.ptp(X) + shift
    for transform in (gaussian_noise, adjust_brightness, adjust_contrast):
        setting = {"rng": rng(), "std": 0.1} if transform is gaussian_noise else {}
        with pytest.raises(ValueError, match="Were they normalized already"):
            transform(spread, **(setting or {"factor": 0.5}))


def test_composed_transforms_follow_one_another_with_one_generator() -> None:
    shared = rng(5)
    expected = random_crop(random_horizontal_flip(X, rng=shared), rng=shared, padding=2)
    composed = Compose(random_horizontal_flip, partial(random_crop, padding=2))
    np.testing.assert_array_equal(composed(X, rng=rng(5)), expected)
    assert Compose()(X, rng=rng()) is X


def test_every_random_transform_is_in_the_table() -> None:
    listed = {getattr(t, "func", t) for t in RANDOM}
    public = {
        value
        for module in (transforms, color_transforms)
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", "").startswith("course_lib.data")
        and "rng" in getattr(value, "__annotations__", {})
        and not name.startswith("_")
    }
    assert public == {t for t in listed if not isinstance(t, Compose)}
