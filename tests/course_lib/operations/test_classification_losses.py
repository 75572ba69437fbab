"""Losses of classifiers where a naive formula fails, and their properties."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from course_lib.operations.classification_losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    multi_margin,
)
from course_lib.operations.softmax import log_softmax

FAR = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4 + 1, -1e4], [1000.0, 1000.0, -1000.0]])
ONE = np.array(1.0)
ALL = [cross_entropy, binary_cross_entropy_with_logits, multi_margin]


def both_forms(operation):
    """Logits (4, 3), and labels in the form that the operation takes."""
    logits = np.random.default_rng(0).normal(size=(4, 3))
    labels = np.array([2, 0, 0, 1])
    if operation is binary_cross_entropy_with_logits:
        labels = np.eye(3)[labels]
    return logits, labels


def test_cross_entropy_is_exact_for_a_gap_of_800():
    """ln(p + ε) would stop at −ln ε."""
    value, backward = cross_entropy(np.array([[0.0, 800.0]]), labels=[0])
    assert value == 800
    np.testing.assert_equal(backward(ONE), [[-1, 1]])


def test_cross_entropy_of_rows_far_apart():
    logits = np.array([[1000.0, 1001.0], [-1000.0, -1001.0]])
    value, _ = cross_entropy(logits, labels=[0, 0])
    gap = np.log1p(np.exp(1.0)), np.log1p(np.exp(-1.0))
    np.testing.assert_allclose(value, np.mean(gap), rtol=1e-15)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_logits_far_out_cost_what_they_cost_in_torch(dtype):
    tensor = torch.tensor(FAR, dtype=dtype, requires_grad=True)
    expected = functional.cross_entropy(tensor, torch.tensor([1, 1, 2]))
    expected.backward()
    value, backward = cross_entropy(tensor.detach().numpy(), labels=[1, 1, 2])
    dx = backward(value / value)
    assert value.dtype == dx.dtype == tensor.detach().numpy().dtype
    np.testing.assert_allclose(value, expected.item(), rtol=1e-6)
    np.testing.assert_allclose(dx, tensor.grad, rtol=1e-6)


def test_a_class_ruled_out_costs_nothing():
    logits = np.array([[0.0, -np.inf, 0.0]])
    for labels in [[2], [[0.0, 0.0, 1.0]]]:
        value, backward = cross_entropy(logits, labels=labels)
        np.testing.assert_allclose(value, np.log(2), rtol=1e-15)
        np.testing.assert_allclose(backward(ONE), [[0.5, 0, -0.5]], rtol=1e-15)


@pytest.mark.parametrize("settings", [{}, {"label_smoothing": 0.2}])
def test_class_numbers_and_one_hot_rows_agree(settings):
    logits, labels = both_forms(cross_entropy)
    by_number, backward = cross_entropy(logits, labels=labels, **settings)
    rows = np.eye(3)[labels]
    by_row, backward_by_row = cross_entropy(logits, labels=rows, **settings)
    assert by_number == by_row
    np.testing.assert_equal(backward(ONE), backward_by_row(ONE))


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes():
    value, _ = cross_entropy(np.zeros((7, 10)), labels=np.arange(7))
    np.testing.assert_allclose(value, np.log(10), rtol=1e-15)


def test_softmax_taken_twice_is_noticed():
    """The loss takes logits: of log-probabilities it makes nothing else, of
    probabilities it does."""
    logits, labels = both_forms(cross_entropy)
    value, _ = cross_entropy(logits, labels=labels)
    log_p, _ = log_softmax(logits)
    np.testing.assert_allclose(
        cross_entropy(log_p, labels=labels)[0], value, rtol=1e-14
    )
    assert abs(cross_entropy(np.exp(log_p), labels=labels)[0] - value) > 0.05


def test_equal_weights_change_nothing_and_a_weight_of_zero_leaves_out():
    """Only because the mean is a weighted one."""
    logits, labels = both_forms(cross_entropy)
    value, _ = cross_entropy(logits, labels=labels)
    equal, _ = cross_entropy(logits, labels=labels, weight=[5, 5, 5])
    np.testing.assert_allclose(equal, value, rtol=1e-14)
    without, _ = cross_entropy(logits, labels=labels, weight=[1, 1, 0])
    kept = labels != 2
    expected, _ = cross_entropy(logits[kept], labels=labels[kept])
    np.testing.assert_allclose(without, expected, rtol=1e-14)


def test_smoothing_moves_the_minimum_to_a_finite_gap():
    """With ε = 0.3 and 3 classes: probabilities 0.8, 0.1, 0.1, so a gap of ln 8."""
    logits = np.array([[np.log(8), 0, 0]])
    _, backward = cross_entropy(logits, labels=[0], label_smoothing=0.3)
    np.testing.assert_allclose(backward(ONE), [[0, 0, 0]], atol=1e-15)
    _, backward = cross_entropy(logits, labels=[0], label_smoothing=1)
    np.testing.assert_allclose(
        backward(ONE), np.array([[7, -7 / 2, -7 / 2]]) / 15, rtol=1e-14
    )


def test_labels_that_are_probabilities_are_not_changed():
    labels = np.full((2, 3), 1 / 3)
    before = labels.copy()
    cross_entropy(np.ones((2, 3)), labels=labels, weight=[1, 2, 3], label_smoothing=0.5)
    np.testing.assert_equal(labels, before)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_answers_far_out_are_exact(dtype):
    """No logarithm of a probability that was rounded to 0, and no difference of large
    numbers."""
    logits = np.array([-1e4, -1e4, 1e4, 1e4], dtype)
    _, backward = binary_cross_entropy_with_logits(logits, labels=[0, 1, 0, 1])
    np.testing.assert_equal(backward(dtype(4)), [0, -1, 1, 0])
    value, _ = binary_cross_entropy_with_logits(logits, labels=[0, 1, 0, 1])
    assert value == 5000
    assert value.dtype == backward(dtype(4)).dtype == dtype


def test_a_sure_answer_that_is_right_still_costs_something():
    value, backward = binary_cross_entropy_with_logits(np.array([-40.0]), labels=[0])
    np.testing.assert_allclose(value, np.exp(-40), rtol=1e-14)
    np.testing.assert_allclose(backward(ONE), [np.exp(-40)], rtol=1e-14)


def test_yes_or_no_is_a_choice_of_two_classes():
    logits = np.random.default_rng(0).normal(size=5)
    labels = np.array([0, 1, 1, 0, 1])
    value, _ = binary_cross_entropy_with_logits(logits, labels=labels)
    two = np.stack([np.zeros(5), logits], axis=1)
    np.testing.assert_allclose(value, cross_entropy(two, labels=labels)[0], rtol=1e-14)


@pytest.mark.parametrize("p", [1, 2])
def test_no_gradient_at_the_margin_and_none_for_the_true_class_alone(p):
    """The second class reaches the margin exactly; the third lies within it."""
    scores = np.array([[3.0, 2.0, 2.5]])
    tensor = torch.tensor(scores, requires_grad=True)
    functional.multi_margin_loss(tensor, torch.tensor([0]), p=p).backward()
    value, backward = multi_margin(scores, labels=[0], p=p)
    assert value == 0.5**p / 3
    np.testing.assert_allclose(backward(ONE), tensor.grad, rtol=1e-15)
    assert backward(ONE)[0, 1] == 0


def test_a_true_class_that_leads_by_the_margin_costs_nothing():
    """The true class does not count as its own rival, which would cost the margin."""
    scores = np.array([[5.0, 1.0, 2.0], [0.0, 9.0, 3.0]])
    value, backward = multi_margin(scores, labels=[0, 1], margin=3.0)
    assert value == 0
    np.testing.assert_equal(backward(ONE), np.zeros((2, 3)))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_far_out(dtype):
    scores = np.array([[1e4, -1e4], [1e4, -1e4]], dtype)
    value, backward = multi_margin(scores, labels=[0, 1], p=2)
    np.testing.assert_allclose(value, 20001.0**2 / 4, rtol=1e-6)
    np.testing.assert_allclose(backward(dtype(2)), [[0, 0], [20001, -20001]], rtol=1e-6)


@pytest.mark.parametrize("operation", ALL, ids=lambda f: f.__name__)
def test_a_loss_does_not_grow_with_the_batch(operation):
    logits, labels = both_forms(operation)
    once, backward = operation(logits, labels=labels)
    tiled, labels = np.tile(logits, (2, 1)), np.concatenate([labels, labels])
    twice, backward_twice = operation(tiled, labels=labels)
    np.testing.assert_allclose(once, twice, rtol=1e-14)
    np.testing.assert_allclose(
        backward(ONE), 2 * backward_twice(ONE)[:4], rtol=1e-14, atol=1e-17
    )


@pytest.mark.parametrize("operation", ALL, ids=lambda f: f.__name__)
def test_settings_of_another_float_type_do_not_change_the_type(operation):
    logits, labels = both_forms(operation)
    settings = {
        cross_entropy: {"weight": np.ones(3), "label_smoothing": np.float64(0.1)},
        binary_cross_entropy_with_logits: {"pos_weight": np.ones(3)},
        multi_margin: {"margin": np.float64(1)},
    }[operation]
    value, backward = operation(logits.astype(np.float32), labels=labels, **settings)
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32


def test_float64_probabilities_leave_float32_logits_float32():
    value, backward = cross_entropy(np.zeros((2, 3), np.float32), labels=np.eye(3)[:2])
    assert value.dtype == backward(np.ones((), np.float32)).dtype == np.float32


def test_a_single_class_is_certain():
    for labels in [[0], [[1.0]]]:
        value, backward = cross_entropy(np.array([[3.0]]), labels=labels)
        assert value == backward(ONE) == 0
