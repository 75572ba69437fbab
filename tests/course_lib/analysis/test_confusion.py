"""Confusion matrices and what is read from them, by hand and by a loop."""

import numpy as np
import pytest

from course_lib.analysis import class_scores, confusion_matrix


def test_rows_are_true_classes_and_columns_what_they_are_taken_for():
    labels = [0, 0, 1, 1, 1, 3]
    predictions = [0, 2, 1, 0, 0, 3]
    found = confusion_matrix(labels, predictions, classes=4)
    expected = [[1, 0, 1, 0], [2, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("seed", [0, 1])
def test_it_counts_as_a_loop_does(seed):
    rng = np.random.default_rng(seed)
    labels, predictions = rng.integers(5, size=(2, 7, 11))  # a class for each pixel
    expected = np.zeros((6, 6), int)
    for i, j in zip(labels.ravel(), predictions.ravel(), strict=True):
        expected[i, j] += 1
    found = confusion_matrix(labels, predictions, classes=6)
    np.testing.assert_array_equal(found, expected)


def test_scores_by_hand():
    matrix = [[3, 1, 0], [2, 4, 0], [0, 0, 0]]
    scores = class_scores(matrix)
    np.testing.assert_array_equal(scores.precision, [3 / 5, 4 / 5, np.nan])
    np.testing.assert_array_equal(scores.recall, [3 / 4, 4 / 6, np.nan])
    np.testing.assert_allclose(scores.f1, [6 / 9, 8 / 11, np.nan])
    np.testing.assert_array_equal(scores.support, [4, 6, 0])


def test_a_class_that_is_never_named_has_a_recall_of_zero():
    scores = class_scores([[5, 0], [2, 0]])
    np.testing.assert_array_equal(scores.precision, [5 / 7, np.nan])
    np.testing.assert_array_equal(scores.recall, [1, 0])
    np.testing.assert_allclose(scores.f1, [10 / 12, 0])


@pytest.mark.parametrize(
    ("labels", "predictions", "expected"),
    [
        ([0, 1], [0, 1, 1], r"labels have shape \(2,\), predictions \(3,\).*argmax"),
        ([0, 3], [0, 1], "labels of type int64.*0 to 2"),
        ([0, 1], [0, -1], "predictions of type int64.*0 to 2"),
        ([0, 1], [0.0, 1.0], "predictions of type float64"),
    ],
)
def test_what_is_no_class_is_refused(labels, predictions, expected):
    labels, predictions = (
        np.array(a, np.float64 if isinstance(a[0], float) else np.int64)
        for a in (labels, predictions)
    )
    with pytest.raises(ValueError, match=f"^confusion_matrix: {expected}"):
        confusion_matrix(labels, predictions, classes=3)
