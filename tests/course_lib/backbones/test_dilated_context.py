"""The context module: its receptive fields, and the identity it starts from."""

import numpy as np
import pytest

from course_lib.analysis.receptive_field import (
    measure_receptive_field,
    receptive_fields,
)
from course_lib.backbones import dilated_context
from course_lib.backbones.dilated_context import identity
from tests.course_lib.backbones.tables.dilated_context import LARGE


@pytest.mark.parametrize(
    ("dilations", "sizes"),
    [
        ((1, 1, 2, 4, 8, 16, 1), [3, 5, 9, 17, 33, 65, 67, 67]),
        ((1, 2, 4, 8), [3, 7, 15, 31, 31]),
        ((1, 2, 3), [3, 7, 13, 13]),
    ],
)
def test_receptive_fields(dilations, sizes):
    """Table 1's, and those of the course's demonstration, computed and measured."""
    rng = np.random.default_rng(0)
    network = dilated_context(num_classes=2, dilations=dilations, noise=0.5, rng=rng)
    fields = receptive_fields(network, (1, 2, 70, 75))
    seen = [f.size for f in fields if f.type == "Conv2d"]
    assert seen == [(size, size) for size in sizes]
    measured = measure_receptive_field(network, (2, 2, 70, 75), samples=2, rng=rng)
    assert measured.size == (sizes[-1], sizes[-1])


@pytest.mark.parametrize("multiples", [None, LARGE[:-1]], ids=["basic", "large"])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_it_starts_as_the_identity(multiples, padding):
    network = dilated_context(
        num_classes=3,
        multiples=multiples,
        padding=padding,
        rng=np.random.default_rng(0),
    )
    x = np.random.default_rng(1).normal(size=(2, 3, 67, 70))
    inside = slice(33, -33) if padding == "valid" else slice(None)
    expected = np.maximum(x, 0)[:, :, inside, inside]
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-14)


def test_the_identity_of_channels_that_stand_for_others():
    """C = 2, from four channels to six: two of the four for each, three of the six."""
    weight = identity((6, 4, 1, 1), np.random.default_rng(0), channels=2, noise=0.0)
    expected = np.zeros((6, 4))
    expected[:3, :2] = expected[3:, 2:] = 2 / 6
    np.testing.assert_array_equal(weight[:, :, 0, 0], expected)


def test_noise_is_all_around_the_identity():
    weight = identity((40, 40, 3, 3), np.random.default_rng(0), channels=40, noise=0.1)
    middle = weight[range(40), range(40), 1, 1].copy()
    np.testing.assert_array_equal(middle, 1)
    weight[range(40), range(40), 1, 1] -= 1
    assert np.count_nonzero(weight) == 40 * 40 * 9 - 40
    # The standard error of a standard deviation of n numbers is σ/√(2n).
    deviation = weight[weight != 0].std()
    assert abs(deviation - 0.1) < 4 * 0.1 / np.sqrt(2 * 40 * 40 * 9)
