"""Points: balanced, of the promised form, and as hard as they are said to be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from course_lib.data.curves import bumps, make_curve, step, sweep, wave
from course_lib.data.points import (
    balanced_labels,
    make_moons,
    make_separable,
    make_spirals,
    make_xor,
)

SETS = [make_xor, make_moons, make_spirals, partial(make_spirals, classes=3)]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("n", "classes"), [(12, 3), (13, 3), (2, 5), (101, 2)])
def test_labels_are_balanced_and_in_random_order(n: int, classes: int) -> None:
    labels = balanced_labels(n, classes, rng())
    assert labels.shape == (n,)
    assert labels.dtype == np.int64
    assert np.ptp(np.bincount(labels, minlength=classes)) <= 1
    if n > 10:
        assert np.any(np.diff(labels) % classes != 1)
        assert not np.array_equal(labels, balanced_labels(n, classes, rng(1)))


@pytest.mark.parametrize("make", SETS)
def test_classes_are_balanced_and_seeds_repeat(make: Callable[..., tuple]) -> None:
    x, labels = make(120, rng=rng())
    assert x.shape == (120, 2)
    assert labels.dtype == np.int64
    assert np.ptp(np.bincount(labels)) == 0
    np.testing.assert_array_equal(x, make(120, rng=rng())[0])
    assert not np.array_equal(x, make(120, rng=rng(1))[0])


@pytest.mark.parametrize("make", SETS)
def test_noise_is_what_is_added(make: Callable[..., tuple]) -> None:
    (clean, labels), (noisy, same) = (
        make(4000, rng=rng(), noise=noise) for noise in (0, 0.2)
    )
    np.testing.assert_array_equal(labels, same)
    assert (noisy - clean).std(axis=0) == pytest.approx(0.2, rel=0.05)


def test_four_points_are_the_truth_table() -> None:
    x, labels = make_xor(4, rng=rng(), noise=0)
    table = {tuple(row): label for row, label in zip(x.tolist(), labels, strict=True)}
    assert table == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}


def test_moons_are_half_circles_and_each_holds_the_others_end() -> None:
    x, labels = make_moons(2000, rng=rng(), noise=0)
    upper, lower = x[labels == 0], x[labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-12)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert lower[:, 0].min() < 0.01  # inside the upper arc, of which the end is at −1
    assert lower[lower[:, 0] < 0.1, 1].max() > 0.4


@pytest.mark.parametrize(("classes", "turns"), [(2, 1), (3, 1.5)])
def test_spirals_are_one_turned(classes: int, turns: float) -> None:
    x, labels = make_spirals(3000, rng=rng(), classes=classes, turns=turns, noise=0)
    r, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    expected = 2 * np.pi * (turns * r + labels / classes)
    np.testing.assert_allclose(np.cos(angle - expected), 1, rtol=1e-12)
    assert 0.1 <= r.min() < 0.12
    assert 0.99 < r.max() <= 1
    assert np.median(r**2) == pytest.approx(0.505, abs=0.03)


def least_squares_accuracy(x: np.ndarray, labels: np.ndarray) -> float:
    design = np.column_stack([x, np.ones(len(x))])
    w = np.linalg.lstsq(design, 2 * labels - 1, rcond=None)[0]
    return float(np.mean((design @ w > 0) == labels))


@pytest.mark.parametrize(
    ("make", "low", "high"), [(make_xor, 0.3, 0.7), (make_moons, 0.8, 0.95)]
)
def test_no_line_will_do(make: Callable[..., tuple], low: float, high: float) -> None:
    assert low < least_squares_accuracy(*make(1000, rng=rng())) < high


@pytest.mark.parametrize("seed", range(5))
def test_a_line_with_a_margin_will_do(seed: int) -> None:
    x, labels, w, b = make_separable(301, rng=rng(seed), margin=0.3)
    assert abs(int((labels == 0).sum()) - int((labels == 1).sum())) == 1
    assert np.hypot(*w) == pytest.approx(1, rel=1e-14)
    distance = (2 * labels - 1) * (x @ w + b)
    assert 0.3 - 1e-12 <= distance.min() < 0.32


def test_lines_differ_in_direction_and_place() -> None:
    lines = [make_separable(2, rng=rng(seed)) for seed in range(40)]
    angles = [np.arctan2(*line.w) for line in lines]
    assert min(angles) < -2 < 2 < max(angles)
    biases = [line.b for line in lines]
    assert -0.5 <= min(biases) < -0.3 < 0.3 < max(biases) <= 0.5


def test_a_perceptron_stays_within_novikoffs_bound() -> None:
    for seed in range(5):
        x, labels, _, b = make_separable(80, rng=rng(seed), margin=0.2)
        points, signs = np.column_stack([np.ones(80), x]), 2 * labels - 1
        w, mistakes = np.zeros(3), 0
        while True:
            wrong = np.flatnonzero(signs * (points @ w) <= 0)
            if len(wrong) == 0:
                break
            w += signs[wrong[0]] * points[wrong[0]]
            mistakes += 1
        assert 0 < mistakes <= (points**2).sum(axis=1).max() * (1 + b**2) / 0.2**2


@pytest.mark.parametrize("function", [wave, bumps, step, sweep])
def test_curves_are_of_size_1_and_noise_is_added(function: Callable) -> None:
    x, y = make_curve(3000, rng=rng(), function=function, noise=0)
    assert x.shape == y.shape == (3000, 1)
    assert np.all(np.diff(x[:, 0]) > 0)
    assert -1 <= x.min() < -0.99
    assert 0.99 < x.max() <= 1
    np.testing.assert_array_equal(y, function(x))
    assert np.abs(y).max() == pytest.approx(1, abs=0.01)
    _, noisy = make_curve(3000, rng=rng(), function=function, noise=0.3)
    assert (noisy - y).std() == pytest.approx(0.3, rel=0.05)


def test_curves_are_those_described() -> None:
    assert wave(np.array([0.25, -0.25])).tolist() == [1, -1]
    assert step(np.array([-0.5, 0.5])).tolist() == [-1, 1]
    np.testing.assert_allclose(
        bumps(np.array([-0.25, 0.55])), [np.exp(-1), -np.exp(-1)], atol=1e-7
    )
    rises = np.diff(np.sign(sweep(np.linspace(-1, 1, 4001)))) > 0
    left, right = rises[:2000].sum(), rises[2000:].sum()
    assert (left, right) == (2, 6)
