"""Homing: the vector is right by geometry, and can be read from the panorama."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from course_lib.data.homing import CLEARING, COLUMNS, EYE, make_homing, panorama


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def at(
    east: float, north: float, looking: float, size: tuple[int, int] = (90, 360)
) -> np.ndarray:
    place = (np.array([each]) for each in (east, north, looking))
    return panorama(*place, size=size)[0]


def test_views_have_their_documented_form() -> None:
    images, vectors, angles = make_homing(70, rng=rng(), size=(12, 40))
    assert images.shape == (70, 3, 12, 40)
    assert vectors.shape == (70, 2)
    assert angles.shape == (70, 1)
    assert images.dtype == vectors.dtype == angles.dtype == np.float32
    assert 0 <= images.min() < 0.15
    assert 0.9 < images.max() <= 1
    again = make_homing(70, rng=rng(), size=(12, 40))
    for first, second in zip((images, vectors, angles), again, strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(angles, make_homing(70, rng=rng(1), size=(12, 40)).angles)


def test_the_angle_is_the_vectors_direction() -> None:
    _, vectors, angles = make_homing(500, rng=rng(), size=(2, 4))
    ahead, right = vectors.astype(float).T
    distance = np.hypot(ahead, right)
    np.testing.assert_allclose(np.cos(angles[:, 0]), ahead / distance, atol=1e-6)
    np.testing.assert_allclose(np.sin(angles[:, 0]), right / distance, atol=1e-6)


@pytest.mark.parametrize("turned", [True, False])
def test_places_are_uniform_over_the_clearing_and_angles_over_the_circle(
    turned: bool,
) -> None:
    n = 4000
    _, vectors, angles = make_homing(n, rng=rng(), size=(2, 4), turned=turned)
    share = (np.hypot(*vectors.T) / CLEARING) ** 2  # of the area: uniform
    assert share.max() <= 1
    counts = np.histogram(share, bins=8, range=(0, 1))[0]
    assert np.abs(counts - n / 8).max() < 4 * np.sqrt(n / 8)
    counts = np.histogram(angles, bins=8, range=(-np.pi, np.pi))[0]
    assert np.abs(counts - n / 8).max() < 4 * np.sqrt(n / 8)


def test_who_always_looks_north_has_home_where_it_is() -> None:
    """Then the vector is minus the place; and the red column is north of all places."""
    images, vectors, _ = make_homing(
        12, rng=rng(), size=(60, 240), turned=False, noise=0
    )
    for image, (ahead, right) in zip(images, vectors, strict=True):
        red = column_seen(image, COLUMNS[0].color)
        expected = np.arctan2(COLUMNS[0].east + right, COLUMNS[0].north + ahead)
        assert red == pytest.approx(expected, abs=0.03)


def column_seen(image: np.ndarray, color: tuple[float, ...]) -> float:
    """The direction in which most pixels are of a color, whatever the light."""
    pixels = image / (np.linalg.norm(image, axis=0) + 1e-9)
    wanted = np.array(color) / np.linalg.norm(color)
    alike = np.einsum("chw,c->hw", pixels, wanted) > 0.995
    width = image.shape[2]
    theta = (np.arange(width) + 0.5) / width * 2 * np.pi - np.pi
    return float(np.angle((alike.sum(axis=0) * np.exp(1j * theta)).sum()))


def test_columns_are_seen_where_geometry_puts_them() -> None:
    """From 1 m east and 2 m south of home, looking 30° east of north."""
    image = at(1.0, -2.0, np.deg2rad(30))
    for column in COLUMNS[:3]:
        bearing = np.arctan2(column.east - 1, column.north + 2) - np.deg2rad(30)
        expected = (bearing + np.pi) % (2 * np.pi) - np.pi
        seen = column_seen(image, column.color)
        assert seen == pytest.approx(expected, abs=0.02)


def test_near_columns_are_seen_large() -> None:
    """The red one, 3.4 m high and 1 m wide, from 5 m before it: from its foot below the
    horizon to its top, a degree being a pixel."""
    column = COLUMNS[0]
    image = at(column.east, column.north - 5, 0.0)
    red = (image[0] > 0.4) & (image[1] < 0.3) & (image[2] < 0.3)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    top = np.rad2deg(np.arctan((column.height - EYE) / 5))
    bottom = np.rad2deg(np.arctan(EYE / 5))
    assert 45 - rows.min() == pytest.approx(top, abs=1.1)
    assert rows.max() + 1 - 45 == pytest.approx(bottom, abs=1.1)
    width = 2 * np.rad2deg(np.arcsin(column.radius / 5))
    assert len(columns) == pytest.approx(width, abs=1.6)
    assert columns.mean() == pytest.approx(179.5, abs=0.6)


def test_turning_rolls_the_panorama() -> None:
    east, north = 1.3, -0.7
    ahead = at(east, north, 0.0)
    quarter = at(east, north, np.pi / 2)
    np.testing.assert_allclose(quarter, np.roll(ahead, -90, axis=2), atol=1e-9)
    np.testing.assert_allclose(at(east, north, 2 * np.pi), ahead, atol=1e-9)


def test_no_column_hides_another_and_none_is_reached() -> None:
    """From anywhere on the clearing's edge, and so from within."""
    for theta in np.linspace(0, 2 * np.pi, 360):
        east, north = CLEARING * np.sin(theta), CLEARING * np.cos(theta)
        edges = []
        for column in COLUMNS:
            x, y = column.east - east, column.north - north
            distance = np.hypot(x, y)
            assert distance > column.radius + 0.2
            half = np.arcsin(column.radius / distance)
            edges.append((np.arctan2(x, y) - half, np.arctan2(x, y) + half))
        edges.sort()
        edges.append((edges[0][0] + 2 * np.pi, 0))
        for (_, end), (begin, _) in pairwise(edges):
            assert end < begin


def test_the_place_can_be_found_from_what_is_seen() -> None:
    """Without a network: of all places and directions, the one from which the columns'
    own directions would be seen as they are."""
    images, vectors, angles = make_homing(25, rng=rng(), size=(48, 192), noise=0)
    grid = np.linspace(-CLEARING, CLEARING, 81)
    east, north = np.meshgrid(grid, grid)
    errors, misses = [], []
    for image, vector, angle in zip(images, vectors, angles[:, 0], strict=True):
        residual = []
        for column in COLUMNS[:3]:
            seen = column_seen(image, column.color)
            bearing = np.arctan2(column.east - east, column.north - north)
            residual.append(np.exp(1j * (bearing - seen)))
        # Where all three agree on a direction to look in, they add up.
        agreement = np.abs(np.sum(residual, axis=0))
        best = np.unravel_index(agreement.argmax(), agreement.shape)
        looking = np.angle(np.sum(residual, axis=0)[best])
        home = np.arctan2(-east[best], -north[best]) - looking
        errors.append(np.abs(np.angle(np.exp(1j * (home - angle)))))
        misses.append(np.abs(np.hypot(east[best], north[best]) - np.hypot(*vector)))
    assert np.median(errors) < np.deg2rad(6)
    assert np.median(misses) < 0.3


def test_light_and_noise_differ_from_view_to_view() -> None:
    clean, noisy = (
        make_homing(60, rng=rng(), size=(12, 24), noise=noise).images
        for noise in (0, 0.05)
    )
    inside = (clean > 0.2) & (clean < 0.8)
    assert (noisy - clean)[inside].std() == pytest.approx(0.05, rel=0.05)
    brightness = clean[:, :, 0].mean(axis=(1, 2))  # the sky's upper edge
    assert 0.66 < brightness.min() / brightness.max() < 0.75


def test_hills_tell_north_from_south() -> None:
    """Above the horizon, from the same place: another skyline in each direction."""
    views = [at(0, 0, k * np.pi / 2)[:, 20:45, 170:190] for k in range(4)]
    for k in range(4):
        for l in range(k):
            assert np.abs(views[k] - views[l]).max() > 0.1


def test_the_ground_is_a_meadow_with_bare_patches_that_belong_to_places() -> None:
    """Walking ahead, one sees the same patch nearer."""
    meadow = at(0, 0, 0.0)[:, 70:]  # 25° and more below the horizon: within a metre
    assert np.all(meadow[1] > meadow[2])
    assert np.mean(meadow[1] > meadow[0]) > 0.6
    assert 0.01 < meadow[0].std() < 0.1
    # The place 0.8 m north of home, seen from there and from 0.2 m nearer.
    rows = [45 + np.rad2deg(np.arctan(EYE / distance)) for distance in (0.8, 0.6)]
    first, second = (
        at(0, north, 0.0)[:, round(row - 0.5), 180]
        for north, row in zip((0, 0.2), rows, strict=True)
    )
    np.testing.assert_allclose(first, second, atol=0.015)
    elsewhere = [at(1.5 * k, 0, 0.0)[0, round(rows[0] - 0.5), 180] for k in range(4)]
    assert np.ptp(elsewhere) > 0.02
