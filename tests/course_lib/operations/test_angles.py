import numpy as np
import pytest

from course_lib.operations.angles import from_sine_cosine, to_sine_cosine, wrap


@pytest.mark.parametrize("turns", [-3, -1, 0, 1, 2])
def test_whole_turns_do_not_count(turns):
    angles = np.array([-3.1, -1.0, 0.0, 0.5, 3.1])
    np.testing.assert_allclose(wrap(angles + turns * 2 * np.pi), angles, atol=1e-14)


def test_half_a_turn_wraps_to_the_lower_end():
    np.testing.assert_allclose(wrap(np.array([np.pi, -np.pi])), [-np.pi, -np.pi])
    assert wrap(np.float32(4)).dtype == np.float32


def test_sine_and_cosine_by_hand():
    y = to_sine_cosine(np.array([[0, np.pi / 2, -np.pi / 6]]))
    np.testing.assert_allclose(y, [[[0, 1], [1, 0], [-0.5, np.sqrt(0.75)]]], atol=1e-15)


def test_an_angle_comes_back_whatever_the_length():
    angles = np.random.default_rng(0).uniform(-np.pi, np.pi, (3, 4))
    for length in [1.0, 0.01, 30.0]:
        y = length * to_sine_cosine(angles)
        np.testing.assert_allclose(from_sine_cosine(y), angles, rtol=1e-14)
    assert from_sine_cosine(np.zeros((3, 2))).tolist() == [0, 0, 0]
