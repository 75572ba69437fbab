"""Finding templates, in noise and among digits."""

import numpy as np
import pytest

from course_lib.data import load_digits
from course_lib.filtering import correlate, find_maxima, match_template

IMAGE = np.random.default_rng(0).normal(size=(20, 31))
TEMPLATE = IMAGE[6:11, 17:24]


@pytest.mark.parametrize("seed", [0, 1])
def test_scores_are_correlation_coefficients(seed):
    rng = np.random.default_rng(seed)
    image, template = rng.normal(size=(8, 11)), rng.normal(size=(3, 4))
    scores = match_template(image, template)
    assert scores.shape == (6, 8)
    for r, c in np.ndindex(scores.shape):
        part = image[r : r + 3, c : c + 4]
        expected = np.corrcoef(part.ravel(), template.ravel())[0, 1]
        assert abs(scores[r, c] - expected) < 1e-12


def test_the_template_is_found_where_it_was_cut_out():
    scores = match_template(IMAGE, TEMPLATE)
    assert np.unravel_index(scores.argmax(), scores.shape) == (6, 17)
    assert abs(scores.max() - 1) < 1e-14
    assert np.partition(scores.ravel(), -2)[-2] < 0.8
    assert np.abs(scores).max() <= 1


@pytest.mark.parametrize("seed", [0, 7, 16, 39])
def test_rounding_does_not_overstep_one(seed):
    """Without the limits, these would score 1 + 2·10⁻¹⁶ and −1 − 2·10⁻¹⁶."""
    image = np.random.default_rng(seed).normal(size=(9, 11))
    template = image[2:5, 3:7]
    assert 1 - 1e-15 < match_template(image, template).max() <= 1
    assert -1 <= match_template(image, -template).min() < -1 + 1e-15


@pytest.mark.parametrize(("contrast", "brightness"), [(0.01, 5), (30, -2), (1, 1e6)])
def test_brightness_and_contrast_do_not_count(contrast, brightness):
    scores = match_template(IMAGE, TEMPLATE)
    tolerance = 1e-15 * max(1, abs(brightness) / contrast) * 100
    changed = match_template(contrast * IMAGE + brightness, TEMPLATE)
    np.testing.assert_allclose(changed, scores, atol=tolerance)
    changed = match_template(IMAGE, contrast * TEMPLATE + brightness)
    np.testing.assert_allclose(changed, scores, atol=tolerance)
    negative = match_template(IMAGE, -contrast * TEMPLATE + brightness)
    np.testing.assert_allclose(negative, -scores, atol=tolerance)


def test_plain_correlation_rewards_brightness():
    """A white patch beats the template's own place, but not by the normalised score."""
    scene = np.clip(IMAGE, -1, 1) / 2 + 0.5
    scene[0:6, 0:8] = 1
    template = scene[6:11, 17:24]
    plain = correlate(scene, template, mode="valid")
    row, column = np.unravel_index(plain.argmax(), plain.shape)
    assert row <= 1
    assert column <= 1
    scores = match_template(scene, template)
    assert np.unravel_index(scores.argmax(), scores.shape) == (6, 17)


@pytest.mark.parametrize("level", [0.0, 0.1, 1e6, -3.7])
def test_flat_parts_score_zero(level):
    scene = np.full((12, 20), level)
    scene[:, 12:] += np.random.default_rng(0).normal(size=(12, 8))
    scores = match_template(scene, TEMPLATE)
    np.testing.assert_equal(scores[:, :6], 0)
    assert (scores[:, 6:] != 0).all()


def test_what_counts_as_flat_can_be_said():
    scene = np.full((5, 7), 100.0)
    scene[2, 3] += 0.01
    assert match_template(scene, TEMPLATE).item() != 0
    assert match_template(scene, TEMPLATE, flat=1e-4).item() == 0


def test_integers_and_float32_are_matched_in_float64():
    bytes_ = np.rint(40 * np.clip(IMAGE, -3, 3) + 128).astype(np.uint8)
    scores = match_template(bytes_, bytes_[6:11, 17:24])
    assert scores.dtype == np.float64
    assert abs(scores[6, 17] - 1) < 1e-14
    single = match_template(IMAGE.astype(np.float32), TEMPLATE.astype(np.float32))
    assert single.dtype == np.float64
    assert abs(single[6, 17] - 1) < 1e-14


def test_a_digit_is_found_among_others():
    images, _ = load_digits()
    wall = np.concatenate(
        [np.concatenate(row, axis=1) for row in images[:24].reshape(4, 6, 8, 8)]
    )
    scores = match_template(wall, images[15])
    assert find_maxima(scores, threshold=0.99, distance=3) == [(16, 24)]


@pytest.mark.parametrize(
    ("image", "template", "message"),
    [
        (np.ones((5, 5, 3)), TEMPLATE, r"image has shape \(5, 5, 3\).*color"),
        (IMAGE, np.ones((2, 2, 3)), r"template \(2, 2, 3\)"),
        (IMAGE, np.full((3, 3), 0.1), r"no contrast.*close to 0\.1"),
        (IMAGE, np.zeros((3, 3)), r"no contrast"),
    ],
)
def test_refuses_and_says_why(image, template, message):
    with pytest.raises(ValueError, match=f"match_template: .*{message}"):
        match_template(image, template)


def test_a_template_larger_than_the_image_is_refused():
    with pytest.raises(ValueError, match=r"larger than the image"):
        match_template(TEMPLATE, IMAGE)


SCORES = np.array(
    [
        [0.1, 0.9, 0.8, 0.0, 0.5],
        [0.0, 0.7, 0.2, 0.6, 0.0],
        [0.3, 0.0, 0.0, 0.0, 0.9],
    ]
)


@pytest.mark.parametrize(
    ("threshold", "distance", "expected"),
    [
        (0.4, 1, [(0, 1), (2, 4), (0, 4)]),
        (0.4, 2, [(0, 1), (2, 4)]),
        (0.25, 1, [(0, 1), (2, 4), (0, 4), (2, 0)]),
        (0.5, 1, [(0, 1), (2, 4)]),
        (0.65, 0, [(0, 1), (2, 4), (0, 2), (1, 1)]),
        (0.9, 1, []),
    ],
)
def test_maxima_silence_their_neighbours(threshold, distance, expected):
    before = SCORES.copy()
    found = find_maxima(SCORES, threshold=threshold, distance=distance)
    assert found == expected
    np.testing.assert_equal(SCORES, before)


def test_whole_numbers_have_maxima_and_nothing_has_none():
    assert find_maxima(np.eye(3, dtype=int), threshold=0, distance=1) == [
        (0, 0),
        (2, 2),
    ]
    assert find_maxima(np.ones((0, 4)), threshold=0, distance=1) == []


@pytest.mark.parametrize(("scores", "distance"), [(np.ones(4), 1), (SCORES, -1)])
def test_maxima_refuse_and_say_why(scores, distance):
    with pytest.raises(ValueError, match=r"find_maxima: scores have shape .*distance"):
        find_maxima(scores, threshold=0, distance=distance)
