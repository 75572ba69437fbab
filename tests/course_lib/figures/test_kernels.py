"""Kernels and feature maps: one scale, and every layout a layer may have."""

import numpy as np
import pytest

from course_lib.figures import draw_feature_maps, draw_kernels
from course_lib.figures.palettes import gray_colors, signed_colors
from tests.course_lib.figures.reading import images, places, texts

SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
WEIGHTS = np.random.default_rng(1).normal(size=(5, 2, 3, 4))


def kernels(picture, count):
    """The drawn kernels, without the scale's bar."""
    return images(picture)[:count]


def test_kernels_share_one_scale():
    picture = draw_kernels({"x": SOBEL, "half": SOBEL / 2}, "Two")
    first, second = kernels(picture, 2)
    np.testing.assert_array_equal(first, signed_colors(SOBEL, 2))
    np.testing.assert_array_equal(second, signed_colors(SOBEL, 4))
    assert texts(picture) == ["x", "half", "−2", "2"]


def test_or_each_has_its_own_and_no_scale_is_written():
    picture = draw_kernels({"x": SOBEL, "half": SOBEL / 4}, "Two", shared=False)
    assert len(images(picture)) == 1  # both look the same, there is no bar
    assert len(places(picture)) == 2
    assert texts(picture) == ["x", "half"]


@pytest.mark.parametrize(
    "shaped",
    [WEIGHTS[:, 0], WEIGHTS[:, :1], list(WEIGHTS[:, 0])],
    ids=["(O, kh, kw)", "(O, 1, kh, kw)", "list"],
)
def test_one_channel_is_a_grid(shaped):
    picture = draw_kernels(shaped, "Five")
    limit = abs(WEIGHTS[:, 0]).max()
    for shown, w in zip(kernels(picture, 5), WEIGHTS[:, 0], strict=True):
        np.testing.assert_array_equal(shown, signed_colors(w, limit))
    assert len({top for _, top, _, _ in places(picture)[:5]}) == 1


def test_a_single_kernel_and_gray():
    (shown,) = kernels(draw_kernels(SOBEL, "One", palette="gray"), 1)
    np.testing.assert_array_equal(shown, gray_colors(SOBEL, -2, 2))


def test_three_channels_are_colors_around_mid_gray():
    weights = np.zeros((2, 3, 4, 5))
    weights[0, 0] = 2
    weights[1, 2, 1, 3] = -1
    first, second = images(draw_kernels(weights, "Colored"))
    assert first.shape == (4, 5, 4)
    assert first[0, 0].tolist() == [255, 128, 128, 255]
    assert second[1, 3].tolist() == [128, 128, 64, 255]


def test_several_channels_are_a_table_of_outputs_and_inputs():
    picture = draw_kernels(WEIGHTS, "Ten")
    assert texts(picture)[:2] == ["in 0", "in 1"]
    assert [t for t in texts(picture) if "out" in t] == [f"out {o}" for o in range(5)]
    shown = kernels(picture, 10)
    limit = abs(WEIGHTS).max()
    np.testing.assert_array_equal(shown[3], signed_colors(WEIGHTS[1, 1], limit))
    boxes = places(picture)
    assert boxes[0][1] == boxes[1][1] < boxes[2][1]
    assert boxes[0][0] == boxes[2][0] < boxes[1][0]


def test_one_sign_needs_half_a_scale():
    assert texts(draw_kernels(abs(SOBEL), "Positive"))[-2:] == ["0", "2"]
    assert texts(draw_kernels(-abs(SOBEL), "Negative"))[-2:] == ["−2", "0"]
    (shown,) = kernels(draw_kernels(-abs(SOBEL), "Negative"), 1)
    assert shown[1, 0, 3] == 255


def test_zero_kernels_are_paper():
    assert kernels(draw_kernels(np.zeros((2, 3, 3)), "None"), 1)[0][..., 3].max() == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones(6), r"shape \(6,\), expected \(kh, kw\).*Is it a bias"),
        (np.ones((2, 1, 1, 3, 3)), r"shape \(2, 1, 1, 3, 3\)"),
        (np.ones((0, 3, 3)), r"shape \(0, 3, 3\)"),
        (np.ones((2, 16, 3, 3)), r"\(2, 16, 3, 3\) have 16 input channels.*most 12"),
        ({"x": np.ones((1, 3, 3))}, r"'x' has shape \(1, 3, 3\)"),
        (SOBEL + np.inf, "Did training diverge"),
    ],
)
def test_what_is_no_kernel(given, message):
    with pytest.raises(ValueError, match=f"draw_kernels: .*{message}"):
        draw_kernels(given, "Nothing")


def test_an_unknown_palette():
    with pytest.raises(ValueError, match="palette is 'jet', expected 'signed' or"):
        draw_kernels(SOBEL, "Nothing", palette="jet")


MAPS = np.arange(-6.0, 6).reshape(3, 2, 2)


@pytest.mark.parametrize("given", [MAPS, MAPS[None]], ids=["CHW", "1CHW"])
def test_channels_share_a_scale(given):
    picture = draw_feature_maps(given, "Three", titles=["a", "b", "c"])
    shown = images(picture)
    for image, channel in zip(shown[:3], MAPS, strict=True):
        np.testing.assert_array_equal(image, signed_colors(channel, 6))
    assert texts(picture) == ["a", "b", "c", "−6", "6"]


def test_or_each_channel_has_its_own():
    picture = draw_feature_maps(MAPS, "Three", shared=False, palette="gray")
    assert len(places(picture)) == 3
    np.testing.assert_array_equal(images(picture)[0], gray_colors(MAPS[2], 2, 5))
    assert texts(picture) == []


def test_a_dead_channel_has_a_frame():
    html = draw_feature_maps(np.zeros((1, 4, 4)), "Dead").html
    assert html.count("stroke: var(--figure-gray,") == 2  # the channel and the scale


@pytest.mark.parametrize(
    ("given", "settings", "message"),
    [
        (np.ones((2, 3, 4, 4)), {}, r"\(2, 3, 4, 4\), expected \(C, H, W\).*y\[0\]"),
        (np.ones((1, 10)), {}, r"shape \(1, 10\).*dense"),
        (np.ones((0, 3, 3)), {}, r"shape \(0, 3, 3\)"),
        (MAPS, {"titles": ["a"]}, "1 titles for 3 channels"),
        (MAPS * np.nan, {}, r"12 of 12 values of shape \(3, 2, 2\) are NaN"),
    ],
)
def test_what_is_no_activation(given, settings, message):
    with pytest.raises(ValueError, match=f"draw_feature_maps: .*{message}"):
        draw_feature_maps(given, "Nothing", **settings)
