"""Pictures and overlays show the numbers that came in, where they belong."""

import numpy as np
import pytest

from course_lib.data.photographs import load_photograph
from course_lib.figures import draw_images, draw_overlays
from course_lib.figures.palettes import faded, gray_colors, signed_colors
from tests.course_lib.figures.reading import (
    HREF,
    SVG,
    fills,
    images,
    places,
    root_of,
    texts,
)

RAMP = np.linspace(0, 1, 2 * 3 * 4).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (RAMP[0], [RAMP[0]]),
        (RAMP, list(RAMP)),
        (RAMP[:, None], list(RAMP)),
        ([RAMP[0], RAMP[1][None, :, :2]], [RAMP[0], RAMP[1][:, :2]]),
        ((RAMP * 255).round().astype(np.uint8), list(RAMP)),
        (np.stack([RAMP] * 3, axis=1), [np.stack([r] * 3, axis=-1) for r in RAMP]),
        (np.stack([RAMP[0]] * 3, axis=-1), [np.stack([RAMP[0]] * 3, axis=-1)]),
    ],
    ids=["HW", "NHW", "N1HW", "list", "uint8", "N3HW", "HW3"],
)
def test_every_layout_shows_the_same_pixels(given, expected):
    shown = images(draw_images(given, "A ramp"))
    assert len(shown) == len(expected)
    for picture, array in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(picture, gray_colors(array, 0, 1))


def test_channels_keep_their_colors():
    red = np.zeros((2, 3, 4, 5))
    red[:, 0] = 1
    for shown in images(draw_images(red + 0.2 * np.eye(5)[:4] * (red == 0), "Red")):
        assert shown.shape == (4, 5, 4)
        assert np.all(shown[..., 0] == 255)
        assert shown[0, 0, 1] == 51
        assert shown[0, 1, 1] == 0


def test_pictures_go_from_left_to_right_and_then_down():
    picture = draw_images(np.random.default_rng(0).random((5, 6, 8)), "A", columns=3)
    left, top, width, height = zip(*places(picture), strict=True)
    assert left[0] < left[1] < left[2]
    assert left[3:] == left[:2]
    assert top[0] == top[1] == top[2] < top[3] == top[4]
    assert top[3] - top[0] >= height[0]
    np.testing.assert_allclose(np.divide(width, height), 8 / 6, rtol=1e-4)


def test_pictures_of_other_shapes_keep_theirs():
    sizes = places(draw_images([np.eye(4), np.ones((3, 9))], "Two"))
    assert [round(w / h, 3) for _, _, w, h in sizes] == [1, 3]


def test_titles_stand_above_and_a_wrong_one_is_red():
    picture = draw_images(
        RAMP, "Two", titles=["a long title of a narrow picture", 7], marked=[0, 1]
    )
    assert "7" in texts(picture)
    words = " ".join(texts(picture))
    assert "a long title of a narrow picture" in words
    assert picture.html.count("var(--figure-red,") == 2  # the frame and the title


def test_limits_are_black_and_white():
    shown = images(draw_images(RAMP[0] * 4 - 1, "A", limits=(-1, 3)))[0]
    np.testing.assert_array_equal(shown, gray_colors(RAMP[0], 0, 1))
    shown = images(draw_images([RAMP[0], RAMP[0] * 2], "A", limits=None))
    assert shown[0].max(axis=(0, 1))[0] == 128
    assert shown[1].max() == 255


def test_a_constant_picture_can_be_seen():
    assert images(draw_images(np.ones((3, 3)), "White", limits=None))[0][0, 0, 0] == 128
    assert images(draw_images(np.ones((3, 3)), "White"))[0][0, 0, 0] == 255


def test_a_digit_has_square_pixels_and_a_photograph_smooth_ones():
    digit = draw_images(np.eye(8), "A digit").html
    photograph = draw_images(load_photograph("cat", gray=True), "A cat").html
    assert "pixelated" in digit
    assert "pixelated" not in photograph
    assert 'width="448" height="288"' in photograph


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"images": np.ones(4)}, r"picture has shape \(\)"),
        ({"images": np.ones((2, 2, 4, 5))}, r"shape \(2, 4, 5\), expected \(H, W\)"),
        ({"images": np.ones((0, 4, 5))}, "there is no picture"),
        ({"images": np.ones((2, 0, 5))}, r"shape \(0, 5\)"),
        ({"images": RAMP * 2}, "from 0 to 2, expected 0 to 1. Was the picture standar"),
        ({"images": RAMP - 0.01}, "from -0.01 to"),
        ({"images": RAMP * np.nan}, r"12 of 12 values of shape \(3, 4\) are NaN"),
        ({"images": RAMP, "titles": ["a"]}, "1 titles for 2 pictures"),
        ({"images": RAMP, "marked": [True] * 3}, "3 marked for 2 pictures"),
        ({"images": [np.eye(3)], "titles": ["x" * 99]}, "needs .* pt and has 9"),
    ],
)
def test_what_cannot_be_drawn(settings, message):
    with pytest.raises(ValueError, match=f"draw_images: .*{message}"):
        draw_images(alt="Nothing", **settings)


def test_rounding_beyond_a_limit_is_let_through():
    assert images(draw_images(RAMP[1] + 1e-9, "A ramp"))[0].max() == 255


COLOR = np.random.default_rng(0).random((6, 8, 3))
MAP = np.array([[0.0, 1, 2], [4, -2, 0]])


def test_a_map_is_stretched_over_the_faded_picture():
    picture = draw_overlays(COLOR, {"saliency": MAP}, "A map")
    original, below, cover = images(picture)
    np.testing.assert_array_equal(original, gray_colors(COLOR, 0, 1))
    np.testing.assert_array_equal(below, faded(COLOR))
    np.testing.assert_array_equal(cover, signed_colors(MAP, 4.0))
    assert texts(picture) == ["picture", "saliency"]
    boxes = places(picture)
    np.testing.assert_allclose(boxes[1], boxes[2], atol=1e-3)
    assert boxes[0][0] < boxes[1][0]


def test_channels_may_come_first_and_the_picture_may_be_left_out():
    chosen = draw_overlays(COLOR.transpose(2, 0, 1), {"a": MAP}, "A", original=None)
    np.testing.assert_array_equal(images(chosen)[0], faded(COLOR))
    assert len(images(chosen)) == 2


def test_each_map_has_its_own_scale_or_all_share_one():
    maps = {"a": MAP, "b": MAP / 2}
    own = images(draw_overlays(COLOR, maps, "A", original=None))
    shared = images(draw_overlays(COLOR, maps, "A", original=None, shared=True))
    np.testing.assert_array_equal(own[1], own[-1])
    assert shared[-1][..., 3].max() == 128


def test_the_picture_below_is_embedded_once():
    picture = draw_overlays(COLOR, {"a": MAP, "b": MAP + 1, "c": MAP * 0}, "Three")
    root = root_of(picture)
    assert len(list(root.iter(f"{SVG}image"))) == 5  # picture, below, three maps
    uses = [element.get(HREF) for element in root.iter(f"{SVG}use")]
    assert len(uses) == 3
    assert len(set(uses)) == 1
    assert len(places(picture)) == 7


def test_classes_have_colors_and_a_key():
    classes = np.array([[0, 1], [2, 3]])
    names = ["sky", "car", "road", "tree"]
    picture = draw_overlays(COLOR, {"true": classes}, "Classes", classes=names)
    assert images(picture)[2][..., 3].tolist() == [[0, 153], [153, 153]]
    assert texts(picture)[-3:] == names[1:]
    assert [fills(picture, c) for c in ("blue", "orange", "green", "purple")] == [
        1, 1, 1, 0
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("maps", "settings", "message"),
    [
        ({"a": MAP[None]}, {}, r"map 'a' has shape \(1, 2, 3\), expected \(h, w\)"),
        ({"a": MAP + np.inf}, {}, "NaN or infinite"),
        ({"a": MAP}, {"classes": ["x", "y"]}, "type float64 has values from -2.0 to 4"),
        ({"a": np.array([[2]])}, {"classes": ["x", "y"]}, "integers from 0 to 1"),
        ({"a": np.array([[-1]])}, {"classes": ["x", "y"]}, "values from -1"),
        ({"a": np.array([[0]])}, {"classes": list("abcdefgh")}, "8 classes, .* most 7"),
    ],
)
def test_what_cannot_be_laid_over(maps, settings, message):
    with pytest.raises(ValueError, match=f"draw_overlays: .*{message}"):
        draw_overlays(COLOR, maps, "Nothing", **settings)


def test_the_picture_below_must_run_from_0_to_1():
    with pytest.raises(ValueError, match="draw_overlays: values run from"):
        draw_overlays(COLOR * 255, {"a": MAP}, "Nothing")
