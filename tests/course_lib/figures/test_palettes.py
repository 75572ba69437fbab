"""Colors by their bytes."""

import numpy as np
import pytest

from course_lib.figures.colors import COLORS
from course_lib.figures.palettes import (
    class_colors,
    color_of,
    faded,
    gray_colors,
    signed_colors,
)

ORANGE, BLUE = (0xD0, 0x66, 0x1B), (0x2A, 0x7F, 0xC4)


def test_zero_is_the_paper_and_the_limit_is_opaque():
    colors = signed_colors([[0.0, 2, -2, 1, -4]], 2.0)
    assert colors.dtype == np.uint8
    assert colors[0, :, 3].tolist() == [0, 255, 255, 128, 255]
    assert colors[0, 1, :3].tolist() == list(ORANGE)
    assert colors[0, 3, :3].tolist() == list(ORANGE)
    assert colors[0, 2, :3].tolist() == list(BLUE)


def test_all_zeros_have_no_color():
    assert np.all(signed_colors(np.zeros((2, 3)), 0.0)[..., 3] == 0)


def test_gray_runs_from_black_to_white():
    colors = gray_colors([[-1.0, 0, 3]], -1, 3)
    assert colors.tolist() == [[[0, 0, 0, 255], [64, 64, 64, 255], [255] * 4]]


def test_three_channels_are_red_green_and_blue():
    assert gray_colors([[[0.0, 0.2, 1.0]]], 0, 1).tolist() == [[[0, 51, 255, 255]]]


def test_a_constant_picture_is_mid_gray():
    assert np.all(gray_colors(np.full((2, 2), 7.0), 7, 7)[..., :3] == 128)
    assert gray_colors(np.full((2, 2, 3), 7.0), 7, 7).shape == (2, 2, 4)


def test_class_zero_is_transparent_and_others_have_their_color():
    colors = class_colors([[0, 1, 2]], strength=0.6)
    assert colors[0, :, 3].tolist() == [0, 153, 153]
    assert colors[0, 1, :3].tolist() == list(BLUE)
    assert colors[0, 2, :3].tolist() == list(ORANGE)


def test_a_faded_picture_is_light_gray_and_keeps_its_order():
    colors = faded([[[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1]]])[0]
    gray = colors[:, 0]
    assert np.all(colors[:, :3] == gray[:, None])
    assert gray.tolist() == [102, 148, 192, 255]  # 0.4 + 0.6 · (0, .299, .587, 1)
    assert faded([[0.0, 1.0]])[0, :, 0].tolist() == [102, 255]


def test_there_are_no_more_kinds_than_colors():
    names = [str(i) for i in range(7)]
    assert color_of(5, caller="f", kinds=names[:6]) == COLORS["gray"]
    with pytest.raises(ValueError, match=r"f: 7 kinds \(0, 1, 2.*at most 6"):
        color_of(0, caller="f", kinds=names)
