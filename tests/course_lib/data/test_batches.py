"""A batch keeps pairs together; an epoch has every sample once."""

import numpy as np
import pytest

from course_lib.data import batches

X = np.arange(20.0).reshape(10, 2)
LABELS = np.arange(10)


def test_every_sample_comes_once_with_its_label() -> None:
    dealt = list(batches(X, LABELS, batch_size=4, rng=np.random.default_rng(0)))
    assert [len(labels) for _, labels in dealt] == [4, 4, 2]
    order = np.concatenate([labels for _, labels in dealt])
    assert sorted(order) == list(range(10))
    np.testing.assert_array_equal(np.concatenate([x for x, _ in dealt]), X[order])


def test_epochs_of_one_generator_differ() -> None:
    rng = np.random.default_rng(0)
    (_, first), (_, second) = (
        next(batches(X, LABELS, batch_size=10, rng=rng)) for _ in range(2)
    )
    assert first.tolist() != second.tolist()
    assert first.tolist() != list(range(10))


def test_without_a_generator_the_order_is_kept() -> None:
    dealt = list(batches(X, LABELS, batch_size=4, rng=None))
    np.testing.assert_array_equal(np.concatenate([x for x, _ in dealt]), X)


def test_a_batch_may_be_larger_than_the_set() -> None:
    ((x, labels),) = batches(X, LABELS, batch_size=99, rng=None)
    assert (len(x), len(labels)) == (10, 10)


def test_a_batch_is_a_copy_when_shuffled() -> None:
    x, _ = next(batches(X, LABELS, batch_size=4, rng=np.random.default_rng(0)))
    before = X.copy()
    x[...] = -1
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(("x", "labels"), [(X, LABELS[1:]), (X[:0], LABELS[:0])])
def test_lengths_must_agree(x: np.ndarray, labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"batches: .* samples and"):
        batches(x, labels, batch_size=4, rng=None)


def test_a_batch_must_not_be_empty() -> None:
    with pytest.raises(ValueError, match="batch_size is 0"):
        batches(X, LABELS, batch_size=0, rng=None)
