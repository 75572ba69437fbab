"""Sequences: the answer is in them, and nowhere near their end."""

import numpy as np
import pytest

from course_lib.data.sequences import make_adding, make_copying, make_recall


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("steps", [2, 7, 20])
def test_two_numbers_are_marked_one_in_each_half(steps: int) -> None:
    x, y = make_adding(3000, rng=rng(), steps=steps)
    assert x.shape == (3000, steps, 2)
    assert y.shape == (3000, 1)
    numbers, marks = x[..., 0], x[..., 1]
    assert set(np.unique(marks)) <= {0, 1}
    first, second = marks[:, : steps // 2], marks[:, steps // 2 :]
    assert np.all(first.sum(axis=1) == 1)
    assert np.all(second.sum(axis=1) == 1)
    assert marks.any(axis=0).all()  # any step may be marked
    np.testing.assert_allclose(y[:, 0], (numbers * marks).sum(axis=1), rtol=1e-15)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, rel=0.05)
    assert 0 <= numbers.min() < 0.01 < 0.99 < numbers.max() < 1


def test_adding_needs_two_steps() -> None:
    with pytest.raises(ValueError, match="make_adding: steps is 1"):
        make_adding(3, rng=rng(), steps=1)


def test_the_first_symbol_is_wanted_and_the_others_say_nothing_of_it() -> None:
    x, labels = make_recall(4002, rng=rng(), steps=6, symbols=4)
    assert x.shape == (4002, 6, 4)
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    np.testing.assert_array_equal(x[:, 0].argmax(axis=1), labels)
    assert np.ptp(np.bincount(labels)) <= 1
    assert labels.dtype == np.int64
    for step in range(1, 6):
        together = np.histogram2d(labels, x[:, step].argmax(axis=1), bins=4)[0]
        assert np.abs(together / 4002 - 1 / 16).max() < 5 * np.sqrt(1 / 16 / 4002)


def test_the_word_is_shown_and_wanted_again_after_the_sign() -> None:
    x, labels = make_copying(500, rng=rng(), length=3, delay=4, symbols=5)
    shown = x.argmax(axis=2)
    assert x.shape == (500, 10, 7)
    assert labels.shape == (500, 10)
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    word = shown[:, :3]
    assert set(np.unique(word)) == {1, 2, 3, 4, 5}
    # word word word blank blank blank sign | blank blank blank
    np.testing.assert_array_equal(shown[:, 3:], [[0, 0, 0, 6, 0, 0, 0]] * 500)
    np.testing.assert_array_equal(labels[:, :7], 0)
    np.testing.assert_array_equal(labels[:, 7:], word)
    assert labels.dtype == np.int64


def test_the_sign_needs_a_place() -> None:
    shown = make_copying(2, rng=rng(), length=2, delay=1, symbols=3)[0].argmax(axis=2)
    np.testing.assert_array_equal(shown[:, 2:], [[4, 0, 0]] * 2)
    with pytest.raises(ValueError, match="make_copying: delay is 0"):
        make_copying(2, rng=rng(), delay=0)


@pytest.mark.parametrize("make", [make_adding, make_recall, make_copying])
def test_seeds_repeat(make: object) -> None:
    first, again, other = (make(9, rng=rng(seed)) for seed in (0, 0, 1))
    for k in range(2):
        np.testing.assert_array_equal(first[k], again[k])
    assert not np.array_equal(first[0], other[0])
