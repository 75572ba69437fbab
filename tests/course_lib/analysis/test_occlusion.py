"""Covering a part of an image, against a loop and against what a network looks at."""

import numpy as np
import pytest

from course_lib.analysis import occlusion_map
from course_lib.layers import Dense, Flatten, Sequential
from tests.course_lib.analysis.networks import small


@pytest.mark.parametrize(
    ("size", "stride", "fill"), [(3, 1, 0.0), (2, 3, 0.7), (8, 1, 0)]
)
@pytest.mark.parametrize("seed", [0, 1])
def test_each_entry_is_what_covering_its_patch_takes(size, stride, fill, seed):
    rng = np.random.default_rng(seed)
    network, image = small(rng), rng.normal(size=(2, 8, 9))
    before = image.copy()
    found = occlusion_map(network, image, label=1, size=size, stride=stride, fill=fill)
    assert found.shape == ((8 - size) // stride + 1, (9 - size) // stride + 1)
    whole = network.predict(image[None])[0]
    for (i, j), drop in np.ndenumerate(found):
        covered = image.copy()
        top, left = i * stride, j * stride
        covered[:, top : top + size, left : left + size] = fill
        expected = whole[1] - network.predict(covered[None])[0, 1]
        np.testing.assert_allclose(drop, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(image, before)


def test_many_places_are_passed_in_parts():
    rng = np.random.default_rng(0)
    network = Sequential(Flatten(), Dense(13 * 11, 2, rng=rng))
    image = rng.normal(size=(1, 13, 11))
    found = occlusion_map(network, image, label=0, size=1)
    contributions = network[1].weight.value[0].reshape(13, 11) * image[0]
    assert found.size == 143
    np.testing.assert_allclose(found, contributions, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    ("shape", "settings"),
    [
        ((1, 2, 8, 9), {}),
        ((8, 9), {}),
        ((2, 8, 9), {"size": 0}),
        ((2, 8, 9), {"size": 9}),
        ((2, 8, 9), {"stride": 0}),
    ],
)
def test_what_does_not_fit_is_refused(shape, settings):
    network = small(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"^occlusion_map: the image has shape"):
        occlusion_map(network, np.ones(shape), label=0, **({"size": 3} | settings))
