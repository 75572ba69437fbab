"""A loader keeps pairs, epochs and the two modes apart."""

from collections.abc import Callable

import numpy as np
import pytest

from course_lib.data import DataLoader

X = np.arange(22.0).reshape(11, 2)
LABELS = np.arange(11) * 10


def loader(seed: int | None = 0, **settings: object) -> DataLoader:
    rng = None if seed is None else np.random.default_rng(seed)
    return DataLoader(X, LABELS, **{"batch_size": 4, "rng": rng, **settings})


def test_an_epoch_has_every_sample_once_with_its_label() -> None:
    dealt = list(loader())
    assert [len(x) for x, _ in dealt] == [4, 4, 3]
    labels = np.concatenate([labels for _, labels in dealt])
    assert sorted(labels) == LABELS.tolist()
    np.testing.assert_array_equal(
        np.concatenate([x for x, _ in dealt]), X[labels // 10]
    )


def order(dealt: DataLoader) -> list[int]:
    return np.concatenate([labels for _, labels in dealt]).tolist()


def test_every_epoch_has_its_own_order_and_a_seed_repeats_them() -> None:
    first, second = loader(), loader()
    epochs = [order(first) for _ in range(3)]
    assert epochs == [order(second) for _ in range(3)]
    assert epochs[0] != epochs[1] != epochs[2]


def test_to_evaluate_the_order_is_kept() -> None:
    evaluation = loader(None)
    assert order(evaluation) == order(evaluation) == LABELS.tolist()


def test_the_last_batch_may_be_dropped_and_each_epoch_drops_others() -> None:
    dropping = loader(drop_last=True)
    epochs = [order(dropping) for _ in range(9)]
    assert {len(epoch) for epoch in epochs} == {8}
    assert set().union(*epochs) == set(LABELS)


@pytest.mark.parametrize(
    ("batch_size", "drop_last", "batches"),
    [(4, False, 3), (4, True, 2), (11, False, 1), (11, True, 1), (99, False, 1)],
)
def test_its_length_is_the_number_of_batches(
    batch_size: int, drop_last: bool, batches: int
) -> None:
    dealt = loader(batch_size=batch_size, drop_last=drop_last)
    assert len(dealt) == len(list(dealt)) == batches


def test_augmenting_draws_anew_in_every_epoch_and_changes_no_sample() -> None:
    def jitter(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        return x + rng.uniform(size=len(x))[:, None]

    before = X.copy()
    augmenting = loader(augment=jitter)
    seen = []
    for _ in range(2):
        for x, labels in augmenting:
            added = x - X[labels // 10]
            assert np.all((added >= 0) & (added < 1))
            seen += added[:, 0].tolist()
    assert len(set(np.round(seen, 9))) == 22
    np.testing.assert_array_equal(X, before)


def test_what_every_sample_needs_is_done_after_augmenting_and_in_both_modes() -> None:
    def shift(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        return x + 1

    def double(x: np.ndarray) -> np.ndarray:
        return 2 * x

    for x, labels in loader(augment=shift, prepare=double):
        np.testing.assert_array_equal(x, 2 * (X[labels // 10] + 1))
    for x, labels in loader(None, prepare=double):
        np.testing.assert_array_equal(x, 2 * X[labels // 10])


def identity(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    return x


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: loader(None, augment=identity), "Augment training samples only"),
        (lambda: loader(batch_size=12, drop_last=True), "11 samples make no batch"),
        (lambda: loader(batch_size=0), "batch_size is 0"),
        (
            lambda: DataLoader(X[1:], LABELS, batch_size=4, rng=None),
            "10 samples and 11 labels",
        ),
    ],
)
def test_what_can_not_work_is_refused_at_once(
    make: Callable[[], DataLoader], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()
