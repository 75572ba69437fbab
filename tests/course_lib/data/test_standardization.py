"""Statistics come from the training set, and constant features do no harm."""

import numpy as np
import pytest

from course_lib.data import Standardization, load_digits, split


def samples(*shape, seed=0):
    """Features of very different means and spreads."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) * rng.uniform(0.1, 9, shape[1:]) + 5.0


@pytest.mark.parametrize("seed", [0, 1])
def test_each_feature_gets_mean_0_and_standard_deviation_1(seed):
    x = samples(30, 4, seed=seed)
    z = Standardization.fit(x).transform(x)
    np.testing.assert_allclose(z.mean(axis=0), np.zeros(4), atol=1e-14)
    np.testing.assert_allclose(z.std(axis=0), np.ones(4), rtol=1e-14)


def test_each_pixel_by_itself_or_each_channel_as_a_whole():
    x = samples(6, 3, 4, 5)
    by_pixel = Standardization.fit(x)
    assert by_pixel.mean.shape == by_pixel.std.shape == (3, 4, 5)
    np.testing.assert_allclose(by_pixel.transform(x).std(axis=0), 1, rtol=1e-13)
    by_channel = Standardization.fit(x, per_channel=True)
    assert by_channel.mean.shape == by_channel.std.shape == (3, 1, 1)
    z = by_channel.transform(x)
    np.testing.assert_allclose(z.mean(axis=(0, 2, 3)), np.zeros(3), atol=1e-14)
    np.testing.assert_allclose(z.std(axis=(0, 2, 3)), 1, rtol=1e-13)


def test_channel_statistics_serve_images_of_another_size():
    standardization = Standardization.fit(samples(6, 3, 4, 5), per_channel=True)
    x = samples(2, 3, 7, 6)
    expected = (x - standardization.mean) / standardization.std
    np.testing.assert_equal(standardization.transform(x), expected)


def test_by_hand():
    standardization = Standardization.fit([[1, 10], [3, 10], [5, 40]])
    np.testing.assert_allclose(standardization.mean, [3, 20], rtol=1e-15)
    np.testing.assert_allclose(standardization.std, np.sqrt([8 / 3, 200]), rtol=1e-15)
    np.testing.assert_allclose(
        standardization.transform([[3, 40]]), [[0, 20 / np.sqrt(200)]], rtol=1e-15
    )
    np.testing.assert_allclose(
        standardization.inverse([[np.sqrt(3 / 8), 0]]), [[4, 20]], rtol=1e-15
    )


def test_the_test_set_is_seen_with_the_training_sets_statistics():
    train, test = samples(30, 4), samples(8, 4, seed=1) + 100
    standardization = Standardization.fit(train)
    z = standardization.transform(test)
    np.testing.assert_equal(z, (test - train.mean(axis=0)) / train.std(axis=0))
    assert np.abs(z.mean(axis=0)).min() > 5
    np.testing.assert_equal(standardization.mean, train.mean(axis=0))


@pytest.mark.parametrize("per_channel", [False, True])
def test_the_inverse_goes_back(per_channel):
    x = samples(6, 3, 4)
    standardization = Standardization.fit(x, per_channel=per_channel)
    back = standardization.inverse(standardization.transform(x))
    np.testing.assert_allclose(back, x, rtol=1e-13)


def test_a_constant_feature_becomes_0():
    """0.1 is not its own mean in floating point, whose deviation would become ±1."""
    x = samples(7, 3)
    x[:, 1] = 0.1
    standardization = Standardization.fit(x)
    assert (standardization.mean[1], standardization.std[1]) == (0.1, 1)
    z = standardization.transform(x)
    np.testing.assert_equal(z[:, 1], np.zeros(7))
    np.testing.assert_allclose(z[:, [0, 2]].std(axis=0), 1, rtol=1e-14)
    np.testing.assert_equal(standardization.transform([[0, 0.6, 0]])[0, 1], 0.5)
    np.testing.assert_equal(standardization.inverse(z)[:, 1], x[:, 1])


def test_a_constant_channel_becomes_0():
    x = samples(7, 3, 2, 2)
    x[:, 2] = 0.1
    z = Standardization.fit(x, per_channel=True).transform(x)
    np.testing.assert_equal(z[:, 2], np.zeros((7, 2, 2)))


def test_digits_have_pixels_that_are_never_inked():
    (train, _), (test, _) = split(*load_digits(), rng=np.random.default_rng(0))
    standardization = Standardization.fit(train)
    assert np.isfinite(standardization.transform(test)).all()
    assert np.sum(standardization.std == 1) == np.sum(np.ptp(train, axis=0) == 0) > 0


def test_correlations_stay():
    x = samples(30, 2)
    x[:, 1] += 3 * x[:, 0]
    z = Standardization.fit(x).transform(x)
    np.testing.assert_allclose(np.corrcoef(z.T), np.corrcoef(x.T), rtol=1e-13)


def test_types():
    x = samples(6, 3)
    single = Standardization.fit(x.astype(np.float32))
    assert single.mean.dtype == single.std.dtype == np.float32
    assert single.transform(x.astype(np.float32)).dtype == np.float32
    assert single.inverse(x.astype(np.float32)).dtype == np.float32
    images = np.arange(24, dtype=np.uint8).reshape(4, 6) * 10
    bytes_ = Standardization.fit(images)
    np.testing.assert_equal(bytes_.transform(images)[0], np.full(6, -np.sqrt(1.8)))
    assert bytes_.transform(images).dtype == np.float64


def test_nothing_that_came_in_is_changed():
    x = samples(6, 3)
    before = x.copy()
    standardization = Standardization.fit(x)
    standardization.inverse(standardization.transform(x))
    np.testing.assert_equal(x, before)


@pytest.mark.parametrize("shape", [(4,), (0, 3), (3, 0)])
def test_fit_needs_samples_and_features(shape):
    with pytest.raises(ValueError, match=r"Standardization.fit: x has shape \(.*batch"):
        Standardization.fit(np.ones(shape))


@pytest.mark.parametrize("method", ["transform", "inverse"])
@pytest.mark.parametrize(
    ("fitted", "per_channel", "shape"),
    [
        ((6, 3), False, (3,)),
        ((6, 3), False, (6, 1)),
        ((6, 1), False, (6, 3)),
        ((6, 3), False, (6, 3, 2)),
        ((6, 3, 4, 5), False, (6, 3, 4, 6)),
        ((6, 3, 4, 5), False, (6, 3, 1, 5)),
        ((6, 3, 4, 5), True, (3, 4, 5)),
        ((6, 3, 4, 5), True, (6, 4, 3, 5)),
    ],
)
def test_samples_of_another_shape_are_refused(method, fitted, per_channel, shape):
    standardization = Standardization.fit(samples(*fitted), per_channel=per_channel)
    message = rf"Standardization.{method}: x has shape \(.*expected \(N, {fitted[1]}, …"
    with pytest.raises(ValueError, match=message):
        getattr(standardization, method)(np.ones(shape))
