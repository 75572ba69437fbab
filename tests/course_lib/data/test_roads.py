"""Roads: the angle is right by geometry, can be read from the picture, and drives."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.data.event_camera import events
from course_lib.data.road_scene import (
    EYE,
    FOCAL,
    HORIZON,
    POST_HEIGHT,
    POST_SIDE,
    Pose,
    draw_landscapes,
    render,
)
from course_lib.data.roads import (
    LOOK_AHEAD,
    WHEELBASE,
    drive,
    make_drives,
    make_roads,
    steering_angle,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def pose(**settings: float) -> Pose:
    zero = dict.fromkeys(Pose._fields, 0.0)
    return Pose(
        **{name: np.array([value]) for name, value in (zero | settings).items()}
    )


def picture(size: tuple[int, int] = (100, 200), **settings: float) -> np.ndarray:
    """In plain light and without a shadow."""
    landscape = draw_landscapes(1, rng())._replace(
        light=np.ones((1, 3)), shadow=np.array([-99.0])
    )
    return render(pose(**settings), landscape, size=size)[0]


def test_pictures_have_their_documented_form() -> None:
    images, angles = make_roads(70, rng=rng(), size=(20, 36))
    assert images.shape == (70, 3, 20, 36)
    assert angles.shape == (70, 1)
    assert images.dtype == angles.dtype == np.float32
    assert 0 <= images.min() < 0.2
    assert 0.8 < images.max() <= 1
    again = make_roads(70, rng=rng(), size=(20, 36))
    np.testing.assert_array_equal(images, again.images)
    np.testing.assert_array_equal(angles, again.angles)
    assert not np.array_equal(angles, make_roads(70, rng=rng(1), size=(20, 36)).angles)


def test_angles_go_both_ways_alike() -> None:
    _, angles = make_roads(600, rng=rng(), size=(2, 4))
    assert np.abs(angles).max() < 0.3
    assert angles.std() > 0.05
    assert abs(angles.mean()) < 4 * angles.std() / np.sqrt(600)
    assert np.mean(angles > 0) == pytest.approx(0.5, abs=0.08)


def test_the_angle_by_hand() -> None:
    """The car stands 1 m right of the middle of a straight road: the circle through the
    point 12 m ahead and 1 m left has the radius l²/(2·1), l² = 12² + 1."""
    radius = (12**2 + 1) / 2
    assert steering_angle(pose(offset=1.0))[0] == pytest.approx(
        -np.arctan(2.7 / radius), rel=1e-12
    )
    assert (LOOK_AHEAD, WHEELBASE) == (12, 2.7)


@pytest.mark.parametrize(
    "settings",
    [{"offset": -0.8}, {"heading": 0.1}, {"curvature": 0.02}],
    ids=lambda settings: next(iter(settings)),
)
def test_left_of_the_middle_or_in_a_right_bend_one_steers_right(
    settings: dict[str, float],
) -> None:
    angle = steering_angle(pose(**settings))[0]
    assert angle > 0.01
    mirrored = {name: -value for name, value in settings.items()}
    assert steering_angle(pose(**mirrored))[0] == pytest.approx(-angle, rel=1e-12)


def test_in_a_steady_bend_the_wheels_follow_its_curvature() -> None:
    for curvature in (0.001, 0.01):
        angle = steering_angle(pose(curvature=curvature))[0]
        assert angle == pytest.approx(np.arctan(WHEELBASE * curvature), rel=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_cars_find_the_middle_of_a_straight_road(seed: int) -> None:
    start = rng(seed).uniform([-1.5, -0.15], [1.5, 0.15])
    at = pose(offset=start[0], heading=start[1])
    for _ in range(200):
        at = drive(at, steering_angle(at))
    assert abs(at.offset[0]) < 0.01
    assert abs(at.heading[0]) < 0.001
    assert at.travelled[0] == pytest.approx(100, rel=0.01)


def test_a_straight_drive_through_a_bend_ends_outside() -> None:
    """On a road of radius 100 m, after 10 m straight on: 10²/200 m to the left, and the
    road leads 0.1 radians to the right."""
    at = pose(curvature=0.01)
    for _ in range(10_000):
        at = drive(at, np.zeros(1), step=0.001)
    assert at.offset[0] == pytest.approx(-0.5, rel=2e-3)
    assert at.heading[0] == pytest.approx(0.1, rel=1e-6)
    assert at.bearing[0] == 0


def test_the_wheels_turn_the_car_along_their_circle() -> None:
    at = pose()
    for _ in range(1000):
        at = drive(at, np.array([0.05]), step=0.01)
    turned = 10 * np.tan(0.05) / WHEELBASE
    assert at.bearing[0] == pytest.approx(turned, rel=1e-12)
    assert at.heading[0] == pytest.approx(-turned, rel=1e-12)
    radius = WHEELBASE / np.tan(0.05)
    assert at.offset[0] == pytest.approx(radius * (1 - np.cos(turned)), rel=0.01)
    assert at.travelled[0] == pytest.approx(radius * np.sin(turned), rel=0.01)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"offset": 1.0},
        {"heading": 0.1},
        {"curvature": -0.02},
        {"offset": -0.5, "heading": -0.1, "curvature": 0.03},
    ],
)
def test_the_road_is_seen_where_geometry_puts_it(settings: dict[str, float]) -> None:
    image = picture((100, 200), **settings)
    gray = np.ptp(image, axis=0) < 0.08  # asphalt and its lines, but not the meadow
    focal = FOCAL * 200
    for row in (65, 70, 75):  # nearer than the nearest posts
        distance = focal * EYE / (row + 0.5 - HORIZON * 100)
        columns = np.flatnonzero(gray[row])
        middle = pose(**settings).middle(distance)[0]
        edges = 100 + (middle + np.array([-3.5, 3.5])) * focal / distance
        seen = np.array([columns.min(), columns.max() + 1])
        np.testing.assert_allclose(seen, np.clip(edges, 0, 200), atol=1.5)


def test_the_angle_can_be_read_from_the_picture() -> None:
    """Without a network: find the gray of the road in the row of the distance ahead."""
    images, angles = make_roads(60, rng=rng(), size=(64, 160), noise=0)
    focal, horizon = FOCAL * 160, HORIZON * 64
    row = round(horizon + focal * EYE / LOOK_AHEAD - 0.5)
    errors = []
    for image, angle in zip(images.astype(float), angles[:, 0], strict=True):
        green = image[1, row] / image[[0, 2], row].mean(axis=0)
        road = np.flatnonzero(green < (green.min() + green.max()) / 2)
        aside = (np.median(road) + 0.5 - 80) * EYE / (row + 0.5 - horizon)
        distance = np.hypot(LOOK_AHEAD, aside)
        errors.append(np.arctan(2 * WHEELBASE * aside / distance**2) - angle)
    assert np.abs(errors).mean() < 0.1 * np.abs(angles).mean()


def test_a_linear_map_of_the_pixels_finds_most_of_the_angle() -> None:
    images, angles = make_roads(900, rng=rng(), size=(16, 32))
    x = images[:, :, 7:].mean(axis=1).reshape(900, -1)
    x = np.concatenate([x, np.ones((900, 1))], axis=1)
    ridge = x[:700].T @ x[:700] + 0.3 * np.eye(x.shape[1])
    w = np.linalg.solve(ridge, x[:700].T @ angles[:700])
    residual = angles[700:] - x[700:] @ w
    assert residual.var() < 0.35 * angles[700:].var()


def test_left_and_right_are_mirror_images() -> None:
    """But for the texture of the ground and the hills, which are flat here."""
    flat = draw_landscapes(1, rng())
    flat = flat._replace(
        ground=0 * flat.ground, hills=0 * flat.hills + 0.5, shadow=np.array([-99.0])
    )
    course = {"offset": 0.7, "heading": 0.05, "curvature": -0.02}
    mirrored = {name: -value for name, value in course.items()}
    one = render(pose(**course, travelled=3.0), flat, size=(40, 80))
    other = render(pose(**mirrored, travelled=3.0), flat, size=(40, 80))
    np.testing.assert_allclose(one, other[..., ::-1], atol=1e-12)


def test_posts_stand_beside_the_road_and_reach_their_height() -> None:
    focal, horizon = FOCAL * 400, HORIZON * 200
    image = picture((200, 400), travelled=2.0)  # the nearest stands 8 m ahead
    column = round(200 + POST_SIDE * focal / 8)
    white = np.all(image[:, :145, column] > 0.7, axis=0)
    rows = np.flatnonzero(white & (np.arange(145) > horizon))
    assert rows.max() + 0.5 == pytest.approx(horizon + EYE * focal / 8, abs=1)
    dark = np.flatnonzero(image[0, :, column] < 0.25)
    top = horizon + (EYE - POST_HEIGHT) * focal / 8
    assert top < dark.min() + 0.5 < top + 0.2 * focal / 8


def test_dashes_come_towards_the_car() -> None:
    """The pattern along the road repeats after 8 m, and posts after 10 m: so all does
    after 40 m."""
    flat = draw_landscapes(1, rng())
    flat = flat._replace(ground=0 * flat.ground, shadow=np.array([-999.0]))
    one, same, other = (
        render(pose(travelled=travelled), flat, size=(40, 80))
        for travelled in (1.0, 41.0, 5.0)
    )
    np.testing.assert_allclose(one, same, atol=1e-12)
    assert np.abs(one - other).max() > 0.2


def test_hills_turn_with_the_car() -> None:
    quarter = picture((100, 200), bearing=np.pi / 2)
    np.testing.assert_allclose(
        picture((100, 200), bearing=np.pi / 2 + 2 * np.pi), quarter, atol=1e-9
    )
    assert np.abs(picture((100, 200)) - quarter)[:, :42].max() > 0.2
    np.testing.assert_array_equal(picture((100, 200))[:, 45:], quarter[:, 45:])


def test_light_shadow_and_noise_differ_from_picture_to_picture() -> None:
    landscape = draw_landscapes(300, rng())
    assert 0.55 < landscape.light.min() < 0.75
    assert 1.0 < landscape.light.max() < 1.2
    assert landscape.hills.min() >= 0.05
    clean, noisy = (
        make_roads(20, rng=rng(), size=(24, 48), noise=noise).images
        for noise in (0, 0.05)
    )
    inside = (clean > 0.2) & (clean < 0.8)
    assert (noisy - clean)[inside].std() == pytest.approx(0.05, rel=0.05)


def test_drives_have_their_documented_form() -> None:
    frames, angles = make_drives(5, rng=rng(), frames=6, size=(16, 32))
    assert frames.shape == (5, 3, 6, 16, 32)
    assert angles.shape == (5, 6)
    assert frames.dtype == angles.dtype == np.float32
    first = make_drives(5, rng=rng(), frames=1, size=(16, 32))
    np.testing.assert_array_equal(first.frames[:, :, 0], frames[:, :, 0])
    np.testing.assert_array_equal(first.angles[:, 0], angles[:, 0])


def test_on_a_drive_one_steers_less_and_less_but_for_the_bend() -> None:
    _, angles = make_drives(32, rng=rng(), frames=60, size=(2, 4))
    assert np.abs(np.diff(angles, axis=1)).max() < 0.02
    assert np.abs(angles[:, -1]).max() < 1.3 * np.arctan(WHEELBASE * 0.03)


def test_events_by_hand() -> None:
    """Brightness that doubles is ln 2 = 0.693 more: six times 0.1 and a rest."""
    frames = np.array([0.2, 0.4, 0.4, 0.42, 0.2]).reshape(1, 1, 5, 1, 1)
    rises, falls = events(frames, threshold=0.1, dark=1e-12)[0, :, :, 0, 0]
    # The rest of 0.093 and ln 1.05 = 0.049 make one more; back are 7 thresholds of
    # 0.742 − 0, of which 0.7 have been reported.
    assert rises.tolist() == [6, 0, 1, 0]
    assert falls.tolist() == [0, 0, 0, 7]


def test_events_add_up_to_the_change() -> None:
    frames = rng().random((3, 2, 7, 5, 6))
    counts = events(frames, threshold=0.2, dark=0.1)
    assert counts.shape == (3, 2, 6, 5, 6)
    assert counts.dtype == np.float32
    assert np.all(counts == counts.astype(int))
    assert counts.min() == 0
    assert np.all(counts.min(axis=1) == 0)  # a pixel rises or falls
    seen = np.log(frames.mean(axis=1) + 0.1)
    change = seen[:, 1:] - seen[:, :1]
    reported = 0.2 * np.cumsum(counts[:, 0] - counts[:, 1], axis=1)
    assert np.abs(change - reported).max() < 0.2
    assert np.abs(change - reported).max() > 0.15


def test_light_that_is_dimmed_as_a_whole_makes_no_event_but_darkness_matters() -> None:
    frames = 0.2 + 0.8 * rng().random((2, 1, 4, 5, 5))
    bright, dim = (events(f, dark=1e-9) for f in (frames, frames / 2))
    assert np.mean(bright == dim) > 0.98  # rounding may move an event to the next frame
    assert events(frames / 100, dark=1.0).sum() == 0
    np.testing.assert_array_equal(events(np.repeat(frames[:, :, :1], 3, axis=2)), 0)


def test_a_drive_makes_events_at_its_edges() -> None:
    drives = make_drives(4, rng=rng(), frames=4, size=(40, 80), noise=0)
    seen = events(drives.frames).sum(axis=(1, 2))
    assert 0.005 < np.mean(seen > 0) < 0.25
    assert seen[:, :12].sum() < 0.1 * seen.sum()  # the open sky has none


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 1, 1, 8, 8)])
def test_events_need_frames(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="events: frames have shape"):
        events(np.zeros(shape))


def test_a_threshold_is_positive() -> None:
    with pytest.raises(ValueError, match="events: threshold is 0"):
        events(np.zeros((1, 1, 2, 3, 3)), threshold=0)
