"""Contours, slices and paths."""

import re

import numpy as np
import pytest

from course_lib.figures import draw_loss_slices, draw_paths, log_levels, subplots
from course_lib.figures.contours import draw_contours
from course_lib.figures.paths import frame_around
from tests.course_lib.figures.reading import texts

STEPS = np.linspace(-1, 1, 9)
BOWL = np.add.outer(STEPS**2, 4 * STEPS**2) + 1
PATH = np.array([[-2.0, 1.0], [-1, 0.5], [0, 0]])


def bowl(x):
    return x @ (np.array([1.0, 4.0]) * x)


def test_levels_grow_geometrically_from_the_lowest_height():
    levels = np.array(log_levels(np.array([[2.0, 3], [1002, 5]])))
    assert len(levels) == 9
    np.testing.assert_allclose(levels[0], 3)
    ratios = (levels[1:] - 2) / (levels[:-1] - 2)
    np.testing.assert_allclose(ratios, 1000 ** (1 / 9))
    assert levels[-1] < 1002


def test_levels_of_several_and_of_what_is_not_finite():
    two = log_levels(np.array([0.0, np.inf]), np.array([np.nan, 8.0]), count=3)
    np.testing.assert_allclose(two, [0.008, 0.08, 0.8])
    assert log_levels(np.ones((3, 3))) == []
    with pytest.raises(ValueError, match=r"log_levels: .*shape \(2,\).*nowhere finite"):
        log_levels(np.array([np.nan, np.inf]))


def contours(heights, x=STEPS, y=STEPS):
    _, axes = subplots()
    draw_contours(axes, x, y, heights, [0.5, 1.0])
    return axes.collections


def test_rows_are_y():
    x, y = np.linspace(-2, 2, 41), np.linspace(0, 3, 31)
    _, lines = contours(np.tile(x**2, (31, 1)), x, y)
    for level, path in zip([0.5, 1.0], lines.get_paths(), strict=True):
        np.testing.assert_allclose(abs(path.vertices[:, 0]), np.sqrt(level), atol=0.01)


def test_what_is_not_finite_stays_blank():
    heights = np.add.outer(STEPS**2, STEPS**2)
    heights[:, 5:] = np.nan
    fill, _ = contours(heights)
    assert max(path.vertices[:, 0].max() for path in fill.get_paths()) <= STEPS[4]


def test_the_first_index_is_alpha():
    """Along α the bowl is flat, so the lines reach its border there first."""
    flat = draw_loss_slices(BOWL, STEPS, "A bowl", levels=[2.0])
    steep = draw_loss_slices(BOWL.T, STEPS, "A bowl", levels=[2.0])
    spans = []
    for picture in (flat, steep):
        line = picture.html.split("stroke: var(--figure-gray")[0]
        numbers = line[line.rindex(' d="') :].split('"')[1]
        points = np.array(
            [float(n) for n in numbers.replace("M", "").replace("L", "").split()
             if n != "z"]
        ).reshape(-1, 2)  # fmt: skip
        spans.append(np.ptp(points, axis=0))
    assert spans[0][0] > 1.5 * spans[1][0]
    assert spans[1][1] > 1.5 * spans[0][1]


def test_contours_have_their_numbers_and_names():
    shown = texts(draw_loss_slices({"plain": BOWL, "skip": BOWL / 2}, STEPS, "Two"))
    assert {"plain", "skip", "α", "β"} <= set(shown)
    lowest = log_levels(BOWL, BOWL / 2)[0]
    assert any(t and t.startswith(f"{lowest:.1g}"[:3]) for t in shown)


def test_one_direction_is_a_curve():
    shown = texts(draw_loss_slices({"flat": BOWL[:, 4], "steep": BOWL[4]}, STEPS, "A"))
    assert {"flat", "steep", "α", "loss"} <= set(shown)
    assert "β" not in shown


def test_a_constant_landscape_and_one_with_a_hole_can_be_drawn():
    draw_loss_slices(np.ones((9, 9)), STEPS, "Flat")
    draw_loss_slices(np.where(BOWL > 3, np.inf, BOWL), STEPS, "A hole around")


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        (BOWL[:8], r"shapes {'': \(8, 9\)} and steps \(9,\), expected \(n,\)"),
        ({"a": BOWL, "b": BOWL[0]}, "the same for all"),
        ({}, r"shapes {}"),
        (BOWL[None], r"\(1, 9, 9\)"),
        (BOWL[0] * np.nan, "nothing to draw"),
    ],
)
def test_what_is_no_slice(losses, message):
    with pytest.raises(ValueError, match=f"draw_loss_slices: .*{message}"):
        draw_loss_slices(losses, STEPS, "Nothing")


def test_paths_are_named_and_begin_at_a_dot():
    picture = draw_paths(bowl, {"SGD": PATH, "Adam": PATH / 2}, "Two", levels=[1, 4])
    assert {"SGD", "Adam", "x₁", "x₂"} <= set(texts(picture))
    assert "stroke: currentColor" in picture.html


def test_one_path_needs_no_name_and_several_may_have_a_panel_each():
    assert "SGD" not in texts(draw_paths(bowl, {"SGD": PATH}, "One", levels=[1, 4]))
    apart = draw_paths(bowl, {"a": PATH, "b": PATH, "c": PATH}, "Three", apart=True)
    assert texts(apart).count("x₁") == 3
    assert "a" in texts(apart)
    dots = re.findall(r'<use [^>]*(x=.*) style="stroke: currentColor"', apart.html)
    assert len(set(dots)) == 3


def test_the_function_is_asked_at_points():
    asked = []

    def plane(x):
        asked.append(x)
        return x[0]

    draw_paths(plane, {"a": PATH}, "A plane", limits=(-3, 1, 0, 2), levels=[0])
    points = np.array(asked)
    assert points.shape[1:] == (2,)
    assert points.min(axis=0).tolist() == [-3, 0]
    assert points.max(axis=0).tolist() == [1, 2]


def test_the_frame_holds_all_finite_points():
    left, right, bottom, top = frame_around([PATH, [[np.nan, 9], [1, -1]]])
    np.testing.assert_allclose([left, right], [-2 - 0.45, 1 + 0.45])
    np.testing.assert_allclose([bottom, top], [-1 - 0.3, 1 + 0.3])
    left, right, bottom, top = frame_around([PATH * [1, 0]])
    np.testing.assert_allclose([bottom, top], [-0.06, 0.06])
    left, right, _, _ = frame_around([PATH[:1]])
    assert left < -2 < right


def test_a_path_that_diverges_is_cut():
    wild = np.array([[1.0, 1.0], [np.inf, 0], [np.nan, np.nan]])
    assert "nan" not in draw_paths(bowl, {"a": wild}, "Gone").html.lower()


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ({}, "there are no paths"),
        ({"a": PATH.T}, r"'a' has shape \(2, 3\), expected \(steps, 2\)"),
        ({"a": PATH[0]}, r"shape \(2,\)"),
        ({"a": PATH * np.nan}, "finite first point"),
        ({str(i): PATH for i in range(7)}, "7 kinds"),
    ],
)
def test_what_is_no_path(paths, message):
    with pytest.raises(ValueError, match=f"draw_paths: .*{message}"):
        draw_paths(bowl, paths, "Nothing")
