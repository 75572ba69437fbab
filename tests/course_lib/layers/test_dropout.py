"""Masks are drawn anew for each call and each sample; evaluation draws none."""

import numpy as np
import pytest

from course_lib.graph import Node, backpropagate
from course_lib.layers import (
    AlphaDropout,
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    OriginalDropout,
    Sequential,
)

LAYERS = [
    (Dropout, (50, 40)),
    (OriginalDropout, (50, 40)),
    (Dropout1d, (50, 40, 3)),
    (Dropout2d, (50, 40, 3, 2)),
    (Dropout3d, (50, 40, 3, 2, 2)),
    (AlphaDropout, (50, 40)),
]
every_layer = pytest.mark.parametrize(("make", "shape"), LAYERS)


def rng(seed=0):
    return np.random.default_rng(seed)


def left_out(layer, x):
    """Which of 50×40 draws left a value out: where ones have become something lower."""
    y = layer(x).value
    return (y < y.max()).reshape(50, 40, -1)


@every_layer
@pytest.mark.parametrize("p", [0.2, 0.7])
def test_p_is_the_probability_to_be_left_out(make, shape, p):
    """2,000 draws: their share is within four standard deviations √(p(1 − p)/2000)."""
    share = left_out(make(p, rng=rng()), np.ones(shape)).mean()
    assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / 2000)


@every_layer
def test_each_sample_has_a_mask_of_its_own_and_each_call_too(make, shape):
    layer = make(0.5, rng=rng())
    first, second = (left_out(layer, np.ones(shape))[:, :, 0] for _ in range(2))
    assert len(np.unique(first, axis=0)) == 50
    assert len(np.unique(first, axis=1).T) == 40
    assert 0.4 < (first != second).mean() < 0.6


@every_layer
def test_whole_channels_or_single_values(make, shape):
    out = left_out(make(0.5, rng=rng()), np.ones(shape))
    assert (out == out[:, :, :1]).all()
    single = left_out(Dropout(0.5, rng=rng()), np.ones((50, 40, 6)))
    assert not (single == single[:, :, :1]).all()


@every_layer
def test_a_seed_decides(make, shape):
    x = rng(3).normal(size=shape)
    first, again, other = (make(0.5, rng=rng(s))(x).value for s in [0, 0, 1])
    np.testing.assert_equal(first, again)
    assert not np.array_equal(first, other)


@every_layer
def test_training_goes_with_the_mode(make, shape):
    layer = Sequential(make(0.5, rng=rng()))
    x = Node(rng(3).normal(size=shape))
    scale = 0.5 if make is OriginalDropout else 1
    before = layer[0].rng.bit_generator.state
    np.testing.assert_equal(layer.eval()(x).value, scale * x.value)
    np.testing.assert_equal(layer.train().predict(x.value), scale * x.value)
    y = layer(x)
    assert layer[0].rng.bit_generator.state != before
    assert not np.allclose(y.value, scale * x.value)
    gradients = backpropagate(layer.eval()(x), [x], gradient=x.value)
    np.testing.assert_equal(gradients[x], scale * x.value)


@every_layer
def test_evaluation_draws_nothing(make, shape):
    layer = make(0.5, rng=rng()).eval()
    before = layer.rng.bit_generator.state
    layer(np.ones(shape))
    assert layer.rng.bit_generator.state == before


@pytest.mark.parametrize(
    ("make", "scale"), [(Dropout, 1.25), (OriginalDropout, 1.0), (Dropout1d, 1.25)]
)
def test_backward_takes_the_mask_of_forward_and_its_scale(make, scale):
    x = Node(np.ones((50, 40, 3)))
    layer = make(0.2, rng=rng())
    first, second = layer(x), layer(x)  # a second mask comes in between
    gradients = backpropagate(first, [x], gradient=np.full(x.shape, 7.0))
    assert set(np.unique(first.value)) == {0, scale}
    np.testing.assert_equal(gradients[x], 7 * first.value)
    assert not np.array_equal(first.value, second.value)


def test_the_original_form_and_the_inverted_one_differ_by_1_minus_p_throughout():
    x = rng(3).normal(size=(50, 40))
    inverted, original = Dropout(0.2, rng=rng()), OriginalDropout(0.2, rng=rng())
    np.testing.assert_allclose(original(x).value, 0.8 * inverted(x).value)
    np.testing.assert_allclose(original.predict(x), 0.8 * inverted.predict(x))


def test_the_mean_over_many_masks_is_what_evaluation_gives():
    """Within five standard deviations of a mean over 400 masks."""
    x = rng(3).normal(size=(6, 5))
    for make, spread in [(Dropout, 0.5), (OriginalDropout, 0.4)]:
        layer = make(0.2, rng=rng())
        mean = np.mean([layer(x).value for _ in range(400)], axis=0)
        error = np.abs(mean - layer.predict(x)) / np.abs(x)
        assert error.max() < 5 * spread / np.sqrt(400)


def test_alpha_dropout_keeps_mean_and_variance_of_normal_numbers():
    """Over a million: the mean has a standard error of 1e-3, the variance one below
    2e-3, as no fourth moment here is above 4."""
    y = AlphaDropout(0.3, rng=rng())(rng(3).normal(size=(1000, 1000))).value
    assert abs(y.mean()) < 5e-3
    assert abs(y.var() - 1) < 1e-2


@every_layer
def test_nothing_or_all_left_out(make, shape):
    x = Node(rng(3).normal(size=shape))
    all_kept = make(0.0, rng=rng())(x)
    np.testing.assert_equal(all_kept.value, x.value)
    none_kept = make(1.0, rng=rng())(x)
    np.testing.assert_equal(none_kept.value, np.zeros(shape))
    ones = np.ones(shape)
    np.testing.assert_equal(backpropagate(all_kept, [x], gradient=ones)[x], ones)
    np.testing.assert_equal(backpropagate(none_kept, [x], gradient=ones)[x], 0 * ones)


@every_layer
@pytest.mark.parametrize("p", [-0.1, 1.1, 50])
def test_p_must_be_a_probability(make, shape, p):
    with pytest.raises(ValueError, match=rf"{make.__name__}: p is {p}.*percentage"):
        make(p, rng=rng())


def test_half_is_left_out_by_default():
    assert Dropout(rng=rng()).p == 0.5


@pytest.mark.parametrize(("make", "shape"), LAYERS[2:5])
def test_channels_need_all_axes(make, shape):
    for wrong in [shape[1:], (*shape, 2)]:
        with pytest.raises(
            ValueError, match=rf"{make.__name__}: x has shape .*{len(shape)} axes"
        ):
            make(rng=rng())(np.ones(wrong))


def test_float32_stays_and_state_is_empty():
    for make, shape in LAYERS:
        layer = make(0.3, rng=rng()).astype(np.float32)
        x = Node(np.ones(shape, np.float32))
        y = layer(x)
        assert y.value.dtype == np.float32
        gradients = backpropagate(y, [x], gradient=np.ones(shape))
        assert gradients[x].dtype == np.float32
        assert layer.state_dict() == {}
