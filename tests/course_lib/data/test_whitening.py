"""Whitened data has the identity as its covariance; ZCA changes the data least."""

import numpy as np
import pytest

from course_lib.data import Whitening, load_digits

FITS = pytest.mark.parametrize("fit", [Whitening.fit_pca, Whitening.fit_zca])


def samples(n=50, features=4, seed=0):
    """Correlated features of different spreads, around a mean that is not 0."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(features, features))
    return rng.normal(size=(n, features)) @ mixing + rng.normal(size=features)


def covariance(x):
    return np.cov(x, rowvar=False, bias=True)


def off_diagonal(x):
    return np.abs(x - np.diag(np.diag(x))).max()


@FITS
@pytest.mark.parametrize("seed", [0, 1])
def test_the_covariance_becomes_the_identity(fit, seed):
    x = samples(seed=seed)
    assert off_diagonal(covariance(x)) > 0.5
    z = fit(x).transform(x)
    np.testing.assert_allclose(z.mean(axis=0), np.zeros(4), atol=1e-12)
    np.testing.assert_allclose(covariance(z), np.eye(4), atol=1e-12)


def test_by_hand():
    """Axes (1, 1)/√2 and (1, −1)/√2, with variances 4 and 1."""
    x = np.array([[7, 4], [3, 0], [6, 1], [4, 3]])
    pca = Whitening.fit_pca(x)
    np.testing.assert_allclose(pca.mean, [5, 2])
    np.testing.assert_allclose(pca.variances, [4, 1])
    half = np.sqrt(0.5)
    np.testing.assert_allclose(pca.matrix[0], [half / 2, half / 2])
    np.testing.assert_allclose(np.abs(pca.matrix[1]), [half, half])
    zca = Whitening.fit_zca(x)
    np.testing.assert_allclose(zca.matrix, [[0.75, -0.25], [-0.25, 0.75]])
    np.testing.assert_allclose(zca.inverse_matrix, [[1.5, 0.5], [0.5, 1.5]])
    np.testing.assert_allclose(zca.transform([[9, 2]]), [[3, -1]])


def test_pca_sorts_by_variance_and_fixes_the_signs():
    x = samples()
    pca = Whitening.fit_pca(x)
    assert (np.diff(pca.variances) < 0).all()
    np.testing.assert_allclose(pca.variances.sum(), np.trace(covariance(x)))
    axes = pca.matrix * np.sqrt(pca.variances)[:, None]
    np.testing.assert_allclose(axes @ axes.T, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(
        axes @ covariance(x) @ axes.T, np.diag(pca.variances), atol=1e-12
    )
    assert (np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], 1) > 0).all()


def test_zca_is_symmetric_and_closest_to_the_data():
    """Every whitening is a rotation of ZCA's; all others change the data more."""
    rng = np.random.default_rng(0)
    x = samples()
    centred = x - x.mean(axis=0)
    zca = Whitening.fit_zca(x)
    np.testing.assert_allclose(zca.matrix, zca.matrix.T, atol=1e-13)
    z = zca.transform(x)
    others = [Whitening.fit_pca(x).transform(x)]
    for _ in range(20):
        rotation, _ = np.linalg.qr(rng.normal(size=(4, 4)))
        others.append(z @ rotation)
        np.testing.assert_allclose(covariance(others[-1]), np.eye(4), atol=1e-12)
    change = np.mean((z - centred) ** 2)
    assert change < min(np.mean((other - centred) ** 2) for other in others)


@FITS
def test_the_inverse_goes_back(fit):
    x = samples()
    for eps in [0.0, 0.5]:
        whitening = fit(x, eps=eps)
        back = whitening.inverse(whitening.transform(x))
        np.testing.assert_allclose(back, x, rtol=1e-11)
        np.testing.assert_allclose(
            whitening.matrix @ whitening.inverse_matrix, np.eye(4), atol=1e-12
        )


@FITS
def test_statistics_are_those_of_the_training_set(fit):
    train, test = samples(), samples(seed=1) + 10
    whitening = fit(train)
    expected = (test - train.mean(axis=0)) @ whitening.matrix.T
    np.testing.assert_allclose(whitening.transform(test), expected, rtol=1e-13)
    assert off_diagonal(covariance(whitening.transform(test))) > 0.1


def test_fewer_components_keep_the_largest_variances():
    x = samples()
    whole, part = Whitening.fit_pca(x), Whitening.fit_pca(x, components=2)
    assert part.matrix.shape == (2, 4)
    assert part.inverse_matrix.shape == (4, 2)
    np.testing.assert_allclose(part.matrix, whole.matrix[:2], atol=1e-13)
    np.testing.assert_equal(part.variances, whole.variances[:2])
    back = part.inverse(part.transform(x))
    lost = np.sum((back - x) ** 2) / len(x)
    np.testing.assert_allclose(lost, whole.variances[2:].sum(), rtol=1e-12)
    zca = Whitening.fit_zca(x, components=2)
    assert zca.matrix.shape == (4, 4)
    np.testing.assert_allclose(zca.inverse(zca.transform(x)), back, rtol=1e-11)
    np.testing.assert_allclose(
        np.linalg.eigvalsh(covariance(zca.transform(x))), [0, 0, 1, 1], atol=1e-12
    )


@FITS
def test_eps_damps_what_hardly_varies(fit):
    x = samples()
    whitening = fit(x, eps=0.3)
    variances = np.linalg.eigvalsh(covariance(whitening.transform(x)))[::-1]
    expected = whitening.variances / (whitening.variances + 0.3)
    np.testing.assert_allclose(variances, expected, rtol=1e-12)


@FITS
def test_a_direction_without_variance_needs_eps_or_fewer_components(fit):
    x = samples()
    x = np.column_stack([x, x[:, 0] - 2 * x[:, 1], np.full(len(x), 0.1)])
    with pytest.raises(
        ValueError, match=r"Whitening.fit_...: along 2 of 6 principal axes .*eps"
    ):
        fit(x)
    with pytest.raises(ValueError, match=r"along 1 of 5 principal axes"):
        fit(x, components=5)
    z = fit(x, components=4).transform(x)
    variances = np.linalg.eigvalsh(covariance(z))[::-1]
    np.testing.assert_allclose(variances[:4], np.ones(4), rtol=1e-10)
    whitening = fit(x, eps=1e-3)
    np.testing.assert_equal(whitening.variances[4:], [0, 0])
    assert np.isfinite(whitening.transform(x)).all()


def test_digits():
    images, _ = load_digits()
    x = images.reshape(len(images), -1)
    z = Whitening.fit_zca(x, components=61).transform(x)
    variances = np.linalg.eigvalsh(covariance(z))
    np.testing.assert_allclose(variances, [0] * 3 + [1] * 61, atol=1e-10)


@FITS
def test_types(fit):
    x = samples().astype(np.float32)
    whitening = fit(x)
    for array in [whitening.matrix, whitening.inverse_matrix, whitening.variances]:
        assert array.dtype == np.float32
    z = whitening.transform(x)
    assert z.dtype == whitening.inverse(z).dtype == np.float32
    np.testing.assert_allclose(covariance(z), np.eye(4), atol=1e-3)
    integers = fit(np.array([[0, 1], [200, 0], [100, 3]], np.uint8))
    np.testing.assert_allclose(integers.mean, [100, 4 / 3])


@FITS
@pytest.mark.parametrize("shape", [(4,), (0, 3), (3, 0), (5, 2, 2)])
def test_fit_needs_rows(fit, shape):
    with pytest.raises(ValueError, match=r"Whitening.fit_...: x has shape \(.*flatten"):
        fit(np.ones(shape))


@FITS
@pytest.mark.parametrize("components", [0, 5, -1])
def test_there_must_be_as_many_components(fit, components):
    message = rf"Whitening.fit_...: components is {components}, x has 4 .*1 to 4"
    with pytest.raises(ValueError, match=message):
        fit(samples(), components=components)


def test_samples_of_another_size_are_refused():
    whitening = Whitening.fit_pca(samples(), components=3)
    with pytest.raises(ValueError, match=r"transform: x has shape \(2, 3\).*\(N, 4\)"):
        whitening.transform(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"inverse: x has shape \(2, 4\).*\(N, 3\)"):
        whitening.inverse(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"x has shape \(4,\)"):
        whitening.transform(np.ones(4))


@FITS
def test_nothing_that_came_in_is_changed(fit):
    x = samples()
    before = x.copy()
    whitening = fit(x, components=2)
    whitening.inverse(whitening.transform(x))
    np.testing.assert_equal(x, before)
