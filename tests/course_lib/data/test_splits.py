"""A split, and k folds, lose and repeat nothing; x and labels stay together."""

import numpy as np
import pytest

from course_lib.data import k_fold, load_digits, split

# How many of each digit, as the data set's authors count them.
CLASS_SIZES = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def numbered(labels: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Samples that say their own number, to follow where each of them goes."""
    return np.arange(len(labels))[:, None], np.array(labels)


def test_every_sample_goes_into_one_part_with_its_label() -> None:
    x, labels = numbered([0, 1, 2] * 30)
    parts = split(x, labels, fractions=(0.5, 0.3, 0.2), rng=np.random.default_rng(0))
    assert [len(part) for part, _ in parts] == [45, 27, 18]
    dealt = np.concatenate([part for part, _ in parts])
    np.testing.assert_array_equal(np.sort(dealt, axis=0), x)
    for part, part_labels in parts:
        np.testing.assert_array_equal(part_labels, labels[part[:, 0]])


def test_every_class_gets_its_share() -> None:
    _, labels = load_digits()
    for _, part in split(labels, labels, rng=np.random.default_rng(0)):
        shares = np.bincount(part) / CLASS_SIZES
        assert np.ptp(shares) < 1 / 174  # within one sample of the smallest class
    (_, train), (_, test) = split(labels, labels, rng=np.random.default_rng(0))
    assert (len(train), len(test)) == (1438, 359)


def test_a_split_depends_on_the_generator_alone() -> None:
    x, labels = numbered([0, 1] * 50)
    first, again, other = (
        split(x, labels, rng=np.random.default_rng(seed))[0][0] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(np.sort(first, axis=0), np.sort(other, axis=0))


def test_a_part_is_not_sorted() -> None:
    _, labels = load_digits()
    for _, part in split(labels, labels, rng=np.random.default_rng(0)):
        changes = np.mean(part[1:] != part[:-1])
        assert changes > 0.85  # 0.9 is expected where all orders are alike


@pytest.mark.parametrize(
    "fractions", [(0.8, 0.1), (0.8, 0.3), (1.2, -0.2), (80, 20), (1.0, 0.0)]
)
def test_fractions_must_add_up(fractions: tuple[float, ...]) -> None:
    x, labels = numbered([0, 1] * 50)
    with pytest.raises(ValueError, match="split: fractions are"):
        split(x, labels, fractions=fractions, rng=np.random.default_rng(0))


def test_lengths_must_agree() -> None:
    x, labels = numbered([0, 1] * 50)
    with pytest.raises(ValueError, match="split: 99 samples"):
        split(x[1:], labels, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="Are the labels one-hot"):
        split(x, np.eye(2)[labels], rng=np.random.default_rng(0))


def test_no_part_may_be_empty() -> None:
    x, labels = numbered([0, 1, 2])
    with pytest.raises(ValueError, match="split: 3 samples are too few"):
        split(x, labels, rng=np.random.default_rng(0))


def test_targets_that_are_not_classes_are_split_unstratified() -> None:
    x = np.arange(50)
    targets = np.stack([x, -x], axis=1) / 7
    parts = split(
        x,
        targets,
        fractions=(0.5, 0.3, 0.2),
        rng=np.random.default_rng(0),
        stratified=False,
    )
    assert [len(part) for part, _ in parts] == [25, 15, 10]
    assert sorted(np.concatenate([part for part, _ in parts])) == list(range(50))
    for part, part_targets in parts:
        np.testing.assert_array_equal(part_targets, targets[part])


@pytest.mark.parametrize("stratified", [True, False])
def test_every_sample_is_held_out_once(stratified: bool) -> None:
    x, labels = numbered([0] * 11 + [1] * 12 + [2] * 5)
    rounds = list(
        k_fold(x, labels, folds=4, rng=np.random.default_rng(3), stratified=stratified)
    )
    assert len(rounds) == 4
    held_out = np.concatenate([x_val for _, (x_val, _) in rounds])
    np.testing.assert_array_equal(np.sort(held_out, axis=0), x)
    assert not np.array_equal(held_out, x)
    for (x_train, l_train), (x_val, l_val) in rounds:
        assert len(x_val) == 7
        together = np.concatenate([x_train, x_val])
        np.testing.assert_array_equal(np.sort(together, axis=0), x)
        np.testing.assert_array_equal(l_train, labels[x_train[:, 0]])
        np.testing.assert_array_equal(l_val, labels[x_val[:, 0]])
        assert np.any(l_train[1:] < l_train[:-1])  # not sorted by class


def test_folds_differ_by_one_sample_at_most() -> None:
    x, labels = numbered([0, 1, 1] * 7)
    sizes = [
        len(x_val)
        for _, (x_val, _) in k_fold(x, labels, folds=4, rng=np.random.default_rng(0))
    ]
    assert sorted(sizes) == [5, 5, 5, 6]


def test_every_fold_has_its_share_of_every_class() -> None:
    _, labels = load_digits()
    for _, (_, held_out) in k_fold(
        labels, labels, folds=7, rng=np.random.default_rng(0)
    ):
        expected = np.array(CLASS_SIZES) / 7
        assert np.abs(np.bincount(held_out) - expected).max() < 1


def test_unstratified_folds_leave_the_shares_to_chance() -> None:
    _, labels = load_digits()
    counts = [
        np.bincount(held_out)
        for _, (_, held_out) in k_fold(
            labels, labels, folds=7, rng=np.random.default_rng(0), stratified=False
        )
    ]
    assert np.ptp(counts, axis=0).max() > 4


def test_folds_depend_on_the_generator_alone() -> None:
    x, labels = numbered([0, 1] * 20)
    first, again, other = (
        next(k_fold(x, labels, folds=4, rng=np.random.default_rng(seed)))[1][0]
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(np.sort(first, axis=0), np.sort(other, axis=0))


@pytest.mark.parametrize("folds", [1, 7])
def test_folds_must_fit(folds: int) -> None:
    x, labels = numbered([0, 1] * 3)
    with pytest.raises(ValueError, match=f"k_fold: folds is {folds}, expected 2 to 6"):
        k_fold(x, labels, folds=folds, rng=np.random.default_rng(0))


def test_targets_are_not_stratified_by_mistake() -> None:
    x, labels = numbered([0, 1] * 3)
    with pytest.raises(ValueError, match=r"k_fold: 6 samples.*stratified=False"):
        k_fold(x, np.eye(2)[labels], folds=2, rng=np.random.default_rng(0))
