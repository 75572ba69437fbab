"""Distributions at their edges, where a probability is 0."""

import numpy as np
import pytest

from course_lib.operations.classification_losses import cross_entropy
from course_lib.operations.distribution_losses import dice, kl_divergence
from course_lib.operations.softmax import log_softmax

ONE = np.array(1.0)


def test_a_distribution_does_not_differ_from_itself():
    log_p, _ = log_softmax(np.random.default_rng(0).normal(size=(4, 3)))
    value, backward = kl_divergence(log_p, labels=np.exp(log_p))
    np.testing.assert_allclose(value, 0, atol=1e-16)
    np.testing.assert_allclose(backward(ONE), -np.exp(log_p) / 4, rtol=1e-15)


def test_it_is_cross_entropy_less_the_entropy_of_the_labels():
    rng = np.random.default_rng(0)
    logits, t = rng.normal(size=(4, 3)), rng.dirichlet([1, 1, 1], 4)
    entropy = -(t * np.log(t)).sum() / 4
    value, _ = kl_divergence(log_softmax(logits)[0], labels=t)
    expected = cross_entropy(logits, labels=t)[0] - entropy
    np.testing.assert_allclose(value, expected, rtol=1e-13)


def test_what_does_not_happen_adds_nothing_even_where_it_is_impossible():
    log_q = np.array([[0.0, -np.inf], [-1e4, 0.0]])
    value, backward = kl_divergence(log_q, labels=[[1, 0], [0.5, 0.5]])
    np.testing.assert_allclose(value, (0 + 5e3 - np.log(2)) / 2, rtol=1e-15)
    np.testing.assert_equal(backward(ONE), [[-0.5, 0], [-0.25, -0.25]])


def test_certainty_is_no_mistake():
    """All logarithms are 0: not refused as probabilities would be."""
    value, _ = kl_divergence(np.zeros((3, 1)), labels=np.ones((3, 1)))
    assert value == 0


def test_dice_of_a_perfect_and_of_a_wholly_wrong_mask():
    labels = np.array([[[0, 1], [1, 1]]])
    sure = 1e4 * np.stack([labels == 0, labels == 1], axis=1)
    value, backward = dice(sure, labels=labels)
    assert value == 0
    np.testing.assert_equal(backward(ONE), np.zeros_like(sure))
    assert dice(sure, labels=1 - labels, smooth=0)[0] == 1


def test_a_class_that_is_neither_there_nor_predicted_scores_one_by_smoothing():
    labels = np.zeros((1, 2, 2), int)
    sure = np.zeros((1, 2, 2, 2))
    sure[0, 1] = -1e4
    assert dice(sure, labels=labels)[0] == 0


def test_small_classes_count_as_much_as_large_ones():
    """One pixel of a hundred is missed: 1 % of the pixels, half of the score."""
    labels = np.zeros((1, 10, 10), int)
    labels[0, 3, 4] = 1
    blind = np.zeros((1, 2, 10, 10))
    blind[:, 0] = 50
    value, _ = dice(blind, labels=labels, smooth=0)
    np.testing.assert_allclose(value, 1 - (198 / 199 + 0) / 2, rtol=1e-12)


def test_dice_is_a_mean_over_samples():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(3, 2, 4, 5)), rng.integers(0, 2, (3, 4, 5))
    each = [dice(logits[[i]], labels=labels[[i]])[0] for i in range(3)]
    np.testing.assert_allclose(dice(logits, labels=labels)[0], np.mean(each))


@pytest.mark.parametrize("operation", [kl_divergence, dice])
def test_settings_of_another_float_type_do_not_change_the_type(operation):
    settings = {"smooth": np.float64(1)} if operation is dice else {}
    x = -np.ones((3, 2), np.float32)
    value, backward = operation(x, labels=np.full((3, 2), 0.5), **settings)
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32


def test_a_logarithm_that_rounding_lifts_above_zero_is_no_mistake():
    """What looks like probabilities has no negative entry."""
    value, _ = kl_divergence(np.array([[1e-9, -0.5]]), labels=[[1.0, 0.0]])
    assert value == -1e-9
