"""Shapes: their outlines, and that nothing but the outline tells the class."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.data.shapes import make_overlapping_shapes, make_shapes
from course_lib.data.silhouettes import KINDS, silhouette
from course_lib.data.textures import smooth_noise

CIRCLE, TRIANGLE, SQUARE, STAR, RING = range(5)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def drawn(kind: int, *, radius: float = 30, angle: float = 0) -> np.ndarray:
    down, across = np.mgrid[-60:61, -60:61].astype(float)
    return silhouette(kind, across, down, radius=radius, angle=angle)


@pytest.mark.parametrize("kind", range(5), ids=KINDS)
@pytest.mark.parametrize("angle", [0, 0.7])
@pytest.mark.parametrize("radius", [20, 30])
def test_all_kinds_have_the_area_of_a_disc(
    kind: int, angle: float, radius: float
) -> None:
    area = drawn(kind, radius=radius, angle=angle).sum()
    assert area == pytest.approx(np.pi * radius**2, rel=0.005)


# Tips of radius R: half the side or more of what has as much area as the unit disc.
@pytest.mark.parametrize(
    ("kind", "tips", "farthest", "nearest"),
    [
        (CIRCLE, 0, 1, 1),
        (TRIANGLE, 3, np.sqrt(4 * np.pi / (3 * np.sqrt(3))), 1 / 2),
        (SQUARE, 4, np.sqrt(np.pi / 2), np.sqrt(1 / 2)),
        (STAR, 5, np.sqrt(np.pi / (5 * 0.45 * np.sin(np.pi / 5))), 0.45),
    ],
)
def test_outlines(kind: int, tips: int, farthest: float, nearest: float) -> None:
    """Where a ray from the center leaves the shape, all the way round."""
    theta = np.linspace(0, 2 * np.pi, 361)[:-1, None]
    r = np.arange(0, 2, 0.002) * 500
    covered = silhouette(kind, r * np.cos(theta), r * np.sin(theta), radius=500.0)
    edge = (covered > 0.5).sum(axis=1) * 0.002
    assert edge.max() == pytest.approx(farthest, abs=0.005)
    notch = nearest if kind == CIRCLE else nearest * farthest
    assert edge.min() == pytest.approx(notch, abs=0.005)
    if tips:
        assert edge[0] == edge.max()  # a tip at angle 0, and the others evenly
        np.testing.assert_allclose(edge[:: 360 // tips], edge[0], atol=1e-9)
        np.testing.assert_allclose(edge, np.roll(edge, 360 // tips), atol=0.005)
        assert edge[180 // tips] == edge.min()


@pytest.mark.parametrize("kind", [TRIANGLE, SQUARE])
def test_sides_are_straight(kind: int) -> None:
    """The cosine law of a line's distance, between one tip and the next."""
    n = {TRIANGLE: 3, SQUARE: 4}[kind]
    theta = np.linspace(0, 2 * np.pi / n, 60)[:, None]
    r = np.arange(0, 2, 0.001) * 500
    covered = silhouette(kind, r * np.cos(theta), r * np.sin(theta), radius=500.0)
    edge = (covered > 0.5).sum(axis=1) * 0.001
    line = edge.min() / np.cos(theta[:, 0] - np.pi / n)
    np.testing.assert_allclose(edge, line, atol=0.004)


def test_a_ring_has_a_hole() -> None:
    ring = drawn(RING, radius=20)
    outer = 20 / np.sqrt(0.75)
    r = np.hypot(*np.mgrid[-60:61, -60:61])
    np.testing.assert_array_equal(ring[r < outer / 2 - 0.5], 0)
    np.testing.assert_array_equal(ring[(r > outer / 2 + 0.5) & (r < outer - 0.5)], 1)
    np.testing.assert_array_equal(ring[r > outer + 0.5], 0)


def test_angles_turn_clockwise_and_edges_are_soft() -> None:
    turned = drawn(TRIANGLE, angle=np.pi / 2)
    np.testing.assert_allclose(turned, np.rot90(drawn(TRIANGLE), -1), atol=1e-9)
    assert turned[100, 60] == 1  # it points down
    assert turned[20, 60] == 0
    values = drawn(CIRCLE, radius=30.3)
    assert 50 < np.sum((values > 0) & (values < 1)) < 400
    assert values[60, 60 + 30] == pytest.approx(0.8)


@pytest.mark.parametrize("scale", [2, 6])
def test_textures_are_as_smooth_as_asked_for(scale: float) -> None:
    texture = smooth_noise((40, 3, 32, 48), rng=rng(), scale=scale)
    assert texture.shape == (40, 3, 32, 48)
    np.testing.assert_allclose(texture.mean(axis=(-2, -1)), 0, atol=1e-12)
    np.testing.assert_allclose(texture.std(axis=(-2, -1)), 1, rtol=1e-12)
    # Blurred with a Gaussian of deviation s, neighbors at distance d correlate as
    # exp(−d²/4s²); the scale is 2s. What goes on at the opposite edge, there too.
    for axis in (-1, -2):
        found = np.mean(texture * np.roll(texture, 2, axis))
        assert found == pytest.approx(np.exp(-4 / scale**2), abs=0.03)


@pytest.mark.parametrize(("color", "channels"), [(False, 1), (True, 3)])
def test_pictures_have_their_documented_form(color: bool, channels: int) -> None:
    images, labels = make_shapes(52, rng=rng(), size=24, color=color)
    assert images.shape == (52, channels, 24, 24)
    assert images.dtype == np.float32
    assert 0 <= images.min() < 0.2
    assert 0.8 < images.max() <= 1
    assert labels.dtype == np.int64
    assert sorted(np.bincount(labels)) == [10, 10, 10, 11, 11]
    again, _ = make_shapes(52, rng=rng(), size=24, color=color)
    np.testing.assert_array_equal(images, again)


@pytest.mark.parametrize("color", [False, True])
def test_sums_of_pixels_say_nothing_of_the_class(color: bool) -> None:
    images, labels = make_shapes(3000, rng=rng(), size=16, color=color)
    total, spread = images.mean(axis=(1, 2, 3)), images.std(axis=(1, 2, 3))
    means = [total[labels == k].mean() for k in range(5)]
    assert np.ptp(means) < 4.5 * total.std() / np.sqrt(600)
    # A longer outline has more soft pixels, so that the spread tells a little.
    means = [spread[labels == k].mean() for k in range(5)]
    assert np.ptp(means) < 0.5 * spread.std()


def test_without_noise_and_bar_the_shape_stands_out_whole() -> None:
    """Ground and shape are two groups of brightness; the shape's is an outline's."""
    images, labels = make_shapes(200, rng=rng(), size=96, noise=0, occlusion=0)
    low, high = images.min(axis=(1, 2, 3)), images.max(axis=(1, 2, 3))
    threshold = ((low + high) / 2)[:, None, None]
    bright = images[:, 0] > threshold
    inverted = bright.mean(axis=(1, 2)) > 0.5
    shape = np.where(inverted[:, None, None], ~bright, bright)
    assert 0.3 < inverted.mean() < 0.7
    radius = np.sqrt(shape.sum(axis=(1, 2)) / np.pi) / 96
    assert 0.16 < radius.min() < 0.18
    assert 0.26 < radius.max() < 0.28
    # How far the outline goes from its middle, as a share of the radius: see above.
    down, across = np.mgrid[:96, :96]
    reach = np.zeros(200)
    for k in range(200):
        i, j = down[shape[k]], across[shape[k]]
        reach[k] = np.hypot(i - i.mean(), j - j.mean()).max() / radius[k] / 96
    expected = np.array([1, 1.555, 1.253, 1.54, 1 / np.sqrt(0.75)])[labels]
    np.testing.assert_allclose(reach, expected, atol=0.09)


def test_a_bar_crosses_the_shape_straight_and_as_wide_as_asked_for() -> None:
    clean, labels = make_shapes(80, rng=rng(), size=96, noise=0, occlusion=0)
    barred, same = make_shapes(80, rng=rng(), size=96, noise=0, occlusion=0.4)
    np.testing.assert_array_equal(labels, same)
    threshold = (clean.min(axis=(1, 2, 3)) + clean.max(axis=(1, 2, 3))) / 2
    angles = []
    for x, y, middle in zip(clean[:, 0], barred[:, 0], threshold, strict=True):
        bright = x > middle
        shape = ~bright if bright.mean() > 0.5 else bright
        i, j = np.nonzero(np.abs(y - x) > 0.05)
        variances, axes = np.linalg.eigh(np.cov(i, j))
        # A strip of width w has the variance w²/12 across.
        width = np.sqrt(12 * variances[0])
        radius = np.sqrt(shape.sum() / np.pi)
        assert width == pytest.approx(0.4 * 2 * radius, rel=0.15)
        angles.append(np.arctan2(*axes[:, 1]) % np.pi)
        # It passes within 0.7 radii of the shape's middle.
        center = np.argwhere(shape).mean(axis=0) - [i.mean(), j.mean()]
        assert abs(center @ axes[:, 0]) < 0.85 * radius
        # It is a shade of the ground, darker or lighter by 0.15.
        on_ground = (np.abs(y - x) > 0.05) & ~shape
        assert np.median(np.abs(y - x)[on_ground]) == pytest.approx(0.15, abs=0.08)
    counts = np.histogram(angles, bins=4, range=(0, np.pi))[0]
    assert counts.min() > 8


def test_hardly_a_pixel_is_clipped() -> None:
    """Colors are blended, and none is out of range but by a tint."""
    for color, share in ((False, 0.01), (True, 0.06)):
        images, _ = make_shapes(200, rng=rng(), color=color, noise=0)
        assert np.mean((images == 0) | (images == 1)) < share
    images, _ = make_overlapping_shapes(60, rng=rng(), size=32, noise=0)
    assert np.mean((images == 0) | (images == 1)) < 0.05


def test_light_shapes_on_dark_and_dark_on_light_contrast_enough() -> None:
    images, _ = make_shapes(300, rng=rng(), color=True, noise=0, occlusion=0)
    gray = images.mean(axis=1).reshape(300, -1)
    assert np.ptp(gray, axis=1).min() > 0.3
    tints = np.ptp(images[:, :, 0, 0], axis=1)
    assert 0.1 < np.median(tints) < 0.3
    plain, _ = make_shapes(300, rng=rng(), noise=0, occlusion=0)
    assert np.ptp(plain.reshape(300, -1), axis=1).min() > 0.3


def test_noise_is_added_to_every_pixel() -> None:
    clean, _ = make_shapes(50, rng=rng(), noise=0)
    noisy, _ = make_shapes(50, rng=rng(), noise=0.1)
    inside = (clean > 0.3) & (clean < 0.7)
    assert (noisy - clean)[inside].std() == pytest.approx(0.1, rel=0.05)


def test_segmented_pictures_have_their_documented_form() -> None:
    images, classes = make_overlapping_shapes(12, rng=rng(), size=40)
    assert images.shape == (12, 3, 40, 40)
    assert images.dtype == np.float32
    assert 0 <= images.min() <= images.max() <= 1
    assert classes.shape == (12, 40, 40)
    assert classes.dtype == np.int64
    assert set(np.unique(classes)) == {0, 1, 2, 3, 4, 5}
    again = make_overlapping_shapes(12, rng=rng(), size=40)
    np.testing.assert_array_equal(classes, again.classes)
    np.testing.assert_array_equal(images, again.images)


def test_the_map_is_what_is_drawn() -> None:
    """Without texture and noise a plain shape is one color within its class's outline,
    and the picture is as it is without it outside."""
    one = make_overlapping_shapes(80, rng=rng(), size=48, shapes=1, noise=0)
    none = make_overlapping_shapes(80, rng=rng(), size=48, shapes=0, noise=0)
    assert np.all(none.classes == 0)
    changed = np.abs(one.images - none.images).max(axis=1)
    covered = one.classes > 0
    assert np.mean(changed[covered] > 0.02) > 0.95
    assert np.mean(changed[~covered] == 0) > 0.95
    for picture in one.classes:
        assert len(np.unique(picture)) <= 2


def test_what_is_on_top_hides_what_is_below() -> None:
    few = make_overlapping_shapes(60, rng=rng(), size=32, shapes=2)
    many = make_overlapping_shapes(60, rng=rng(), size=32, shapes=9)
    assert (many.classes > 0).mean() < 9 * np.pi * 0.2**2
    assert (many.classes > 0).mean() > 1.5 * (few.classes > 0).mean()


def test_colors_and_areas_say_nothing_of_the_class() -> None:
    images, classes = make_overlapping_shapes(500, rng=rng(), size=32, shapes=3)
    shares = np.bincount(classes.ravel())[1:] / (classes > 0).sum()
    np.testing.assert_allclose(shares, 0.2, atol=0.03)
    for channel in range(3):
        means = [images[:, channel][classes == k].mean() for k in range(1, 6)]
        assert np.ptp(means) < 0.1
