"""Confidence against accuracy, by hand and by a loop."""

import numpy as np
import pytest

from course_lib.analysis import calibration


def test_by_hand():
    """Two bins: confidences 0.5 (right) belong to the lower one, whose upper edge it
    is; 0.6 (wrong), 0.8 and 1.0 (right) to the upper."""
    p = np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8], [1.0, 0.0, 0.0]])
    found = calibration(p, [0, 2, 2, 0], bins=2)
    np.testing.assert_array_equal(found.edges, [0, 0.5, 1])
    np.testing.assert_array_equal(found.counts, [1, 3])
    np.testing.assert_allclose(found.confidence, [0.5, 0.8])
    np.testing.assert_allclose(found.accuracy, [1, 2 / 3])
    np.testing.assert_allclose(found.expected_error, 0.5 / 4 + (0.8 - 2 / 3) * 3 / 4)
    np.testing.assert_allclose(found.maximum_error, 0.5)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("bins", [1, 10, 15])
def test_it_counts_as_a_loop_does(seed, bins):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(4, 0.5), size=200)
    labels = rng.integers(4, size=200)
    found = calibration(p, labels, bins=bins)
    error, largest = 0.0, 0.0
    for m in range(bins):
        confidences, hits = [], []
        for row, label in zip(p, labels, strict=True):
            if m / bins < max(row) <= (m + 1) / bins:
                confidences.append(max(row))
                hits.append(row.argmax() == label)
        assert found.counts[m] == len(hits)
        if hits:
            np.testing.assert_allclose(found.confidence[m], np.mean(confidences))
            np.testing.assert_allclose(found.accuracy[m], np.mean(hits))
            gap = abs(np.mean(hits) - np.mean(confidences))
            error += len(hits) / 200 * gap
            largest = max(largest, gap)
        else:
            assert np.isnan(found.confidence[m])
            assert np.isnan(found.accuracy[m])
    np.testing.assert_allclose(found.expected_error, error, rtol=1e-12)
    np.testing.assert_allclose(found.maximum_error, largest, rtol=1e-12)


def test_one_who_is_sure_and_right_makes_no_error():
    found = calibration(np.eye(3), [0, 1, 2])
    assert (found.expected_error, found.maximum_error) == (0, 0)
    assert found.counts.tolist() == [0] * 14 + [3]


def test_honest_probabilities_are_calibrated():
    """Labels that are drawn from the probabilities: the error tends to 0."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 1], size=20_000)
    labels = (p.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert calibration(p, labels).expected_error < 0.02
    sharpened = p**3 / (p**3).sum(axis=1, keepdims=True)
    assert calibration(sharpened, labels).expected_error > 0.15


@pytest.mark.parametrize(
    ("p", "labels", "expected"),
    [
        (np.full(3, 0.5), [0, 1, 1], r"probabilities have shape \(3,\)"),
        (np.full((3, 2), 0.5), np.eye(3, 2), r"labels \(3, 2\).*one-hot"),
        (np.full((0, 2), 0.5), [], r"shape \(0, 2\)"),
        (np.array([[2.0, -1.0]]), [0], r"from -1\.0 to 2\.0.*softmax"),
        (np.array([[0.5, -0.1]]), [0], r"from -0\.1 to 0\.5"),
        (np.array([[1.5, 0.1]]), [0], r"from 0\.1 to 1\.5"),
    ],
)
def test_what_is_no_probability_is_refused(p, labels, expected):
    with pytest.raises(ValueError, match=f"^calibration: .*{expected}"):
        calibration(p, labels)
