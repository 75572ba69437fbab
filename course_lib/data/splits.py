"""Samples set aside: one split into parts, or k of them in turn."""

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.types import Array

# x and labels of some of the samples.
Samples = tuple[Array, Array]


def split(
    x: Array,
    labels: Array,
    *,
    fractions: Sequence[float] = (0.8, 0.2),
    rng: np.random.Generator,
    stratified: bool = True,
) -> tuple[Samples, ...]:
    """Divide samples at random into parts, each with its share of every class.

        (x_train, y_train), (x_test, y_test) = split(x, labels, rng=rng)

    What is measured on a part set aside holds for new samples of the same kind. The
    digits, for instance, were written by 13 people, of whom each part has some of
    everyone's: it holds for new digits of theirs, less for new people.

    Args:
        x: samples along the first axis, of any shape.
        labels: what belongs to each: classes of shape (N,); of any shape (N, …) where
            the parts are not stratified.
        fractions: the size of each part, adding up to 1. The cuts are rounded to whole
            samples, within each class if stratified.
        rng: decides which sample goes where.
        stratified: keep each class's share the same in every part; False for
            targets that are not classes.

    Returns:
        A pair (x, labels) for each part, in random order. Every sample is in exactly
        one part.

    Raises:
        ValueError: the lengths differ, the fractions do not add up to 1, or a part
            would be empty.
    """
    x, labels = _checked("split", x, labels, stratified)
    if min(fractions) <= 0 or not np.isclose(sum(fractions), 1, rtol=0, atol=1e-9):
        raise ValueError(
            f"split: fractions are {tuple(fractions)}, expected positive numbers that "
            "add up to 1. Are they percentages, or sizes?"
        )
    bounds = np.cumsum(fractions)[:-1]
    parts: list[list[Array]] = [[] for _ in fractions]
    for members in _groups(labels, rng, stratified):
        cuts = np.rint(bounds * len(members)).astype(int)
        for part, chosen in zip(parts, np.split(members, cuts), strict=True):
            part.append(chosen)
    shuffled = [rng.permutation(np.concatenate(part)) for part in parts]
    if min(len(part) for part in shuffled) == 0:
        raise ValueError(
            f"split: {len(labels)} samples are too few for parts of {tuple(fractions)}:"
            " one would be empty."
        )
    return tuple((x[part], labels[part]) for part in shuffled)


def k_fold(
    x: Array,
    labels: Array,
    *,
    folds: int,
    rng: np.random.Generator,
    stratified: bool = True,
) -> Iterator[tuple[Samples, Samples]]:
    """Cross-validation: every sample is held out once, in one of k rounds.

        for (x_train, y_train), (x_val, y_val) in k_fold(x, labels, folds=5, rng=rng):

    Whatever is learned from data, the mean to subtract included, is learned from the
    training part of the round.

    Args:
        x: samples along the first axis, of any shape.
        labels: as for `split`.
        folds: k, from 2 to the number of samples. Sizes differ by one at most.
        rng: decides which sample is held out when.
        stratified: keep each class's share the same in every fold, within a sample.

    Returns:
        k pairs: samples to train on, samples held out.

    Raises:
        ValueError: the lengths differ, or there are fewer than two folds or fewer
            samples than folds.
    """
    x, labels = _checked("k_fold", x, labels, stratified)
    if not 2 <= folds <= len(labels):
        raise ValueError(
            f"k_fold: folds is {folds}, expected 2 to {len(labels)}, the number of "
            "samples."
        )
    # One class after the other, dealt like cards: sizes are even, of classes too.
    order = np.concatenate(list(_groups(labels, rng, stratified)))
    fold = np.empty(len(order), dtype=int)
    fold[order] = np.arange(len(order)) % folds
    return (
        (_shuffled(x, labels, fold != k, rng), _shuffled(x, labels, fold == k, rng))
        for k in range(folds)
    )


def _groups(
    labels: Array, rng: np.random.Generator, stratified: bool
) -> Iterator[Array]:
    """Positions in random order, class by class or all together."""
    order = rng.permutation(len(labels))
    if not stratified:
        yield order
        return
    for label in np.unique(labels):
        yield order[labels[order] == label]


def _shuffled(
    x: Array, labels: Array, chosen: Array, rng: np.random.Generator
) -> Samples:
    positions = rng.permutation(np.flatnonzero(chosen))
    return x[positions], labels[positions]


def _checked(name: str, x: Array, labels: Array, stratified: bool) -> Samples:
    x, labels = np.asarray(x), np.asarray(labels)
    if len(x) != len(labels) or (stratified and labels.ndim != 1):
        raise ValueError(
            f"{name}: {len(x)} samples, labels of shape {labels.shape}; expected one "
            "label a sample. Are the labels one-hot? Targets that are not classes "
            "need stratified=False."
        )
    return x, labels
