"""Clips: motion alone tells the class, the flow is the true one, and it can be
estimated."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.data.clips import MOTIONS, RATES, make_clips
from course_lib.data.optical_flow import optical_flow
from course_lib.data.textures import smooth_noise


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_clips_have_their_documented_form() -> None:
    clips = make_clips(18, rng=rng(), size=20, frames=6)
    assert clips.frames.shape == (18, 1, 6, 20, 20)
    assert clips.flow.shape == (18, 2, 5, 20, 20)
    assert clips.frames.dtype == clips.flow.dtype == np.float32
    assert clips.labels.dtype == clips.kinds.dtype == np.int64
    assert 0 <= clips.frames.min() < 0.2
    assert 0.75 < clips.frames.max() <= 1
    assert sorted(np.bincount(clips.labels)) == [2] * 6 + [3] * 2
    assert set(clips.kinds) == {0, 1, 2, 3, 4}
    for first, again in zip(
        clips, make_clips(18, rng=rng(), size=20, frames=6), strict=True
    ):
        np.testing.assert_array_equal(first, again)


def of(motion: str, **settings: object) -> np.ndarray:
    defaults = {"rng": rng(), "size": 20, "frames": 9, "noise": 0, "motions": (motion,)}
    return make_clips(4, **(defaults | settings)).frames[:, 0]


def test_the_first_frame_is_the_same_however_it_goes_on() -> None:
    """Where a clip starts is drawn without regard to its class."""
    first = of(MOTIONS[0])[:, 0]
    for motion in MOTIONS[1:]:
        np.testing.assert_array_equal(of(motion)[:, 0], first)
        assert np.abs(of(motion)[:, 4] - first).max() > 0.1


def test_the_number_of_a_class_is_not_used_but_for_its_motion() -> None:
    """Four classes of the same motion are one."""
    np.testing.assert_array_equal(
        of("up", rng=rng(2), motions=("up",) * 4), of("up", rng=rng(2))
    )


@pytest.mark.parametrize("motion", MOTIONS)
def test_every_motion_goes_round_in_a_circle(motion: str) -> None:
    """After a whole round a clip is where it was: so what is uniform stays uniform."""
    rate = np.abs(RATES[MOTIONS.index(motion)])
    rounds = rate / [20, 20, 2 * np.pi, 1]
    whole = of(motion, speed=1 / (8 * rounds.max()))
    np.testing.assert_allclose(whole[:, 8], whole[:, 0], rtol=0, atol=1e-6)
    for frame in range(1, 8):
        assert np.abs(whole[:, frame] - whole[:, 0]).max() > 0.05


@pytest.mark.parametrize(
    ("motion", "axis", "shift"),
    [("right", 2, 1), ("left", 2, -1), ("down", 1, 1), ("up", 1, -1)],
)
def test_shapes_go_where_their_class_says(motion: str, axis: int, shift: int) -> None:
    """What changes between frames is the shapes; it moves as a whole."""
    clips = of(motion, frames=3)
    shapes = [clips[:, t] > 0.55 for t in (0, 1)]  # lighter than any ground
    moved = np.roll(shapes[0], shift, axis)
    assert shapes[0].sum() > 50
    assert (
        np.mean(moved[shapes[0] | shapes[1]] == shapes[1][shapes[0] | shapes[1]]) > 0.95
    )


@pytest.mark.parametrize(
    ("one", "other"), [(0, 1), (2, 3), (4, 5), (6, 7)], ids=lambda k: MOTIONS[k]
)
def test_opposite_motions_are_one_another_played_backwards(
    one: int, other: int
) -> None:
    """A step of a motion and a step of its opposite lead back."""
    assert np.array(RATES[one]).any()
    np.testing.assert_array_equal(np.array(RATES[one]), -np.array(RATES[other]))


def test_no_frame_tells_the_class() -> None:
    """Frames early and late look alike over all classes, by brightness, contrast,
    place and detail: differences are those of chance."""
    clips = make_clips(1200, rng=rng(), size=12, frames=6)
    down, across = np.mgrid[:12, :12] / 12 * 2 * np.pi
    for t in (0, 2, 5):
        x = clips.frames[:, 0, t].astype(float)
        features = [
            x.mean(axis=(1, 2)),
            x.std(axis=(1, 2)),
            x.max(axis=(1, 2)),
            (x * np.cos(across)).mean(axis=(1, 2)),
            (x * np.sin(down)).mean(axis=(1, 2)),
            np.abs(np.diff(x, axis=1)).mean(axis=(1, 2)),
            (np.diff(x, axis=1)[:, :, :-1] * np.diff(x, axis=2)[:, :-1]).mean((1, 2)),
            x[:, 6, 6],
        ]
        for feature in features:
            means = np.array([feature[clips.labels == k].mean() for k in range(8)])
            error = feature.std() / np.sqrt(150)
            assert np.abs(means - feature.mean()).max() < 4 * error


def test_a_classifier_of_single_frames_learns_nothing() -> None:
    """Least squares on all pixels and their squares is right on new clips as often as
    chance, 1 in 8."""
    clips = make_clips(1600, rng=rng(), size=10, frames=4)
    x = clips.frames[:, 0, 3].reshape(1600, -1).astype(float)
    x = np.concatenate([x, x**2, np.ones((1600, 1))], axis=1)
    targets = np.eye(8)[clips.labels]
    w = np.linalg.lstsq(x[:1100], targets[:1100], rcond=None)[0]
    accuracy = np.mean((x[1100:] @ w).argmax(axis=1) == clips.labels[1100:])
    assert abs(accuracy - 1 / 8) < 0.05


def flow_statistics(flow: np.ndarray) -> np.ndarray:
    """Mean flow, rotation and divergence of each clip, scaled alike: (N, 8), one for
    each motion."""
    u, v = flow[:, 0], flow[:, 1]
    rotation = np.gradient(v, axis=-1) - np.gradient(u, axis=-2)
    divergence = np.gradient(u, axis=-1) + np.gradient(v, axis=-2)
    # Rotation and divergence of the flow's own jumps at outlines cancel in the mean.
    moving = np.hypot(u, v) > 0.05 * np.hypot(u, v).max()
    inner = moving & np.roll(moving, 1, -1) & np.roll(moving, -1, -1)
    inner &= np.roll(moving, 1, -2) & np.roll(moving, -1, -2)
    count = np.maximum(inner.sum(axis=(1, 2, 3)), 1)
    each = [
        (field * inner).sum(axis=(1, 2, 3)) / count / scale
        for field, scale in ((u, 1), (v, 1), (rotation, 0.3), (divergence, 0.11))
    ]
    return np.stack([s * f for f in each for s in (1, -1)], axis=1)


def test_the_true_flow_tells_the_class() -> None:
    clips = make_clips(160, rng=rng(), size=32, frames=6)
    assert np.mean(flow_statistics(clips.flow).argmax(axis=1) == clips.labels) > 0.98


def test_the_estimated_flow_tells_the_class_of_most() -> None:
    clips = make_clips(96, rng=rng(), size=32, frames=5)
    estimate = optical_flow(clips.frames, iterations=60)
    assert estimate.shape == clips.flow.shape
    assert estimate.dtype == np.float32
    shapes = np.any(clips.flow != 0, axis=1, keepdims=True)
    seen = flow_statistics(estimate * shapes)
    assert np.mean(seen.argmax(axis=1) == clips.labels) > 0.8


@pytest.mark.parametrize("motion", MOTIONS)
def test_the_flow_leads_to_the_next_frame(motion: str) -> None:
    """A pixel of an opaque shape is found again where the flow says."""
    clips = make_clips(
        12, rng=rng(1), size=48, frames=4, noise=0, motions=(motion,), speed=0.7
    )
    followed, still = [], []
    down, across = np.mgrid[:48, :48]
    for x, (u, v) in zip(clips.frames[:, 0], clips.flow, strict=True):
        i, j = (down + v[1]) % 48, (across + u[1]) % 48
        top, left = np.floor(i).astype(int), np.floor(j).astype(int)
        below, beside = i - top, j - left
        after = sum(
            weight * x[2][(top + a) % 48, (left + b) % 48]
            for a, b, weight in (
                (0, 0, (1 - below) * (1 - beside)),
                (0, 1, (1 - below) * beside),
                (1, 0, below * (1 - beside)),
                (1, 1, below * beside),
            )
        )
        moving = (u[1] != 0) | (v[1] != 0)
        followed.append(np.abs(after - x[1])[moving])
        still.append(np.abs(x[2] - x[1])[moving])
    assert np.median(np.concatenate(followed)) < 0.4 * np.median(np.concatenate(still))


def test_unknown_motions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"make_clips: motions are \('sideways',\)"):
        make_clips(2, rng=rng(), motions=("sideways",))


@pytest.mark.parametrize(("u", "v"), [(0.5, 0), (0, -0.5), (0.4, 0.3), (-0.6, 0.2)])
def test_a_texture_that_moves_as_a_whole_is_followed(u: float, v: float) -> None:
    texture = smooth_noise((3, 1, 32, 40), rng=rng(), scale=6)
    k, l = np.fft.fftfreq(32)[:, None], np.fft.fftfreq(40)
    shifted = np.fft.ifft2(
        np.fft.fft2(texture) * np.exp(-2j * np.pi * (l * u + k * v))
    ).real
    frames = np.stack([texture, shifted], axis=2)
    flow = optical_flow(frames, iterations=200)
    error = np.hypot(flow[:, 0] - u, flow[:, 1] - v)[:, 0, 3:-3, 3:-3]
    assert error.mean() < 0.08


def test_a_ramp_moves_as_the_equation_says() -> None:
    """Iₓ = a, I_y = b, I_t = c: one step from rest leads to −c (a, b)/(α² + a² + b²),
    which for small α is the least flow with Iₓu + I_y v + I_t = 0."""
    a, b, c = 0.3, -0.5, 0.2
    t, y, x = np.mgrid[:2, :6, :7]
    inner = np.s_[:, :, 0, :-1, :-1]
    ramp = (a * x + b * y + c * t)[None, None]
    for alpha in (0.1, 1e-9):
        flow = optical_flow(ramp, smoothness=alpha, iterations=1)[inner][0]
        for component, slope in zip(flow, (a, b), strict=True):
            expected = -c * slope / (alpha**2 + a**2 + b**2)
            np.testing.assert_allclose(component, expected, rtol=1e-12)


def test_where_nothing_is_seen_the_flow_is_the_neighbors_mean() -> None:
    """Next ones count 1/6, diagonal ones 1/12; beyond the edge is as at the edge."""
    frames = np.full((1, 1, 2, 7, 9), 0.5)
    frames[0, 0, 0, 3, 4], frames[0, 0, 1, 2, 3] = 0.9, 0.2
    frames[0, 0, 1, 6, 8] = 0.7
    once, twice = (optical_flow(frames, iterations=k)[0, :, 0] for k in (1, 2))
    around = np.pad(once, ((0, 0), (1, 1), (1, 1)), mode="edge")
    weights = np.array([[1, 2, 1], [2, 0, 2], [1, 2, 1]]) / 12
    windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3), axis=(1, 2))
    mean = (windows * weights).sum(axis=(-2, -1))
    flat = np.ones((7, 9), dtype=bool)
    flat[1:4, 2:5] = flat[5:, 7:] = False  # whose cubes have one of the three pixels
    assert np.abs(mean[:, flat]).max() > 1e-3
    np.testing.assert_allclose(twice[:, flat], mean[:, flat], atol=1e-15)


def test_without_texture_the_flow_of_the_neighbors_is_taken_over() -> None:
    """A step that moves carries its flow into the flat ground on both sides."""
    x = np.arange(24.0)
    frames = np.stack([np.tanh(x - 12), np.tanh(x - 12.5)])[None, None, :, None, :]
    frames = np.repeat(frames, 9, axis=3)
    near, far = (
        optical_flow(frames, iterations=iterations)[0, 0, 0, 4]
        for iterations in (5, 500)
    )
    assert near[11] == pytest.approx(0.5, abs=0.1)
    assert abs(near[2]) < 1e-3
    assert far[2] > 0.4


def test_channels_count_alike_and_frames_are_only_read() -> None:
    frames = make_clips(2, rng=rng(), size=12, frames=3).frames
    before = frames.copy()
    three = np.concatenate([frames, frames, frames], axis=1)
    np.testing.assert_allclose(optical_flow(three), optical_flow(frames), atol=1e-5)
    np.testing.assert_array_equal(frames, before)


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 1, 1, 8, 8)])
def test_frames_must_be_clips(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="optical_flow: frames have shape"):
        optical_flow(np.zeros(shape))
