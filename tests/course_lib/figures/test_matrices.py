"""Matrices with their numbers, frames and colors."""

import re

import numpy as np
import pytest

from course_lib.figures import draw_boxes, draw_confusion, draw_matrices
from tests.course_lib.figures.reading import fills, texts

K = np.array([[1.0, 0, -2], [0.5, 4, 0]])


def strengths(picture, color):
    """How much of the paper each cell of a color covers, in their order."""
    pattern = rf"fill: var\(--figure-{color}, #\w+\)(?:; fill-opacity: ([\d.]+))?"
    return [float(found or 1) for found in re.findall(pattern, picture.html)]


def test_every_entry_is_written_in_order():
    picture = draw_matrices(K, "A matrix")
    assert texts(picture) == ["1", "0", "−2", "0.5", "4", "0"]


def test_color_is_sign_and_size():
    picture = draw_matrices(K, "A matrix")
    np.testing.assert_allclose(strengths(picture, "orange"), [0.1375, 0.06875, 0.55])
    np.testing.assert_allclose(strengths(picture, "blue"), [0.275])


def test_matrices_share_a_scale_or_have_their_own():
    shared = draw_matrices({"a": [[4.0]], "b": [[1.0]]}, "Two")
    own = draw_matrices({"a": [[4.0]], "b": [[1.0]]}, "Two", shared=False)
    np.testing.assert_allclose(strengths(shared, "orange"), [0.55, 0.1375])
    np.testing.assert_allclose(strengths(own, "orange"), [0.55, 0.55])


def test_what_rounding_left_is_nearly_zero_and_has_no_color():
    picture = draw_matrices([[1.0, 1e-17], [-1e-17, 1e-9]], "Whitened")
    assert texts(picture) == ["1", "≈0", "≈0", "1e−09"]
    assert fills(picture, "blue") == 0


def test_a_product_has_its_signs_and_a_vector_is_a_column():
    picture = draw_matrices(
        {"K": K, "x": [1, 2, 3], "y": K @ [1, 2, 3]}, "y = Kx", signs=("·", "=")
    )
    shown = texts(picture)
    assert [t for t in shown if t in {"K", "·", "x", "=", "y"}] == list("K·x=y")


def test_a_sign_survives_a_new_line():
    wide = np.ones((2, 12))
    picture = draw_matrices({"a": wide, "b": wide}, "Two", signs=("=",))
    places = re.findall(r'<text[^>]* x="([\d.]+)"[^>]*>([=b1])<', picture.html)
    start = places.index(next(place for place in places if place[1] == "="))
    sign, name, first = places[start : start + 3]
    assert (name[1], first[1]) == ("b", "1")
    assert float(first[0]) - float(sign[0]) > 15  # beside the first cell, 20 wide


def test_rows_and_columns_have_names():
    shown = texts(
        draw_matrices(
            {"K": K, "x": [1, 2, 3]}, "A", row_names="ab", column_names=["p", "q", "r"]
        )
    )
    assert [t for t in shown if t in "abpqr"] == ["p", "q", "r", "a", "b"]


def test_marked_entries_have_one_outline():
    frame = "stroke-width: 1.5; stroke-linecap: square"
    marked = K != 100
    marked[0, 2] = marked[1, 2] = False
    picture = draw_matrices({"K": K, "b": K}, "A", marked={"K": marked})
    assert picture.html.count(frame) == 8  # the outline of 2 × 2 cells
    single = draw_matrices(K, "A", marked=K == 4)
    assert single.html.count(frame) == 4


def test_what_is_not_finite_is_written_without_color():
    picture = draw_matrices([[np.nan, np.inf, 2.0]], "Diverged")
    assert texts(picture) == ["nan", "inf", "2"]
    np.testing.assert_allclose(strengths(picture, "orange"), [0.55])


def test_zeros_alone_have_no_color():
    assert fills(draw_matrices(np.zeros((2, 2)), "Zeros"), "orange") == 0


@pytest.mark.parametrize(
    ("matrices", "settings", "message"),
    [
        (np.ones((2, 2, 2)), {}, r"'' has shape \(2, 2, 2\), expected \(rows, columns"),
        ({"a": np.ones((0, 2))}, {}, r"'a' has shape \(0, 2\)"),
        ({}, {}, "0 signs for 0 matrices"),
        ({"a": K, "b": K}, {"signs": "·="}, "2 signs for 2 matrices"),
        (K, {"marked": [[True]]}, r"marks of '' have shape \(1, 1\).*\(2, 3\)"),
        (K, {"marked": K}, "type float64, expected booleans"),
        (np.ones((2, 40)), {}, r"shape \(2, 40\) needs 800 pt and has 400"),
        (K, {"row_names": "abc"}, r"3 names for \[2\] rows"),
        (K, {"column_names": "ab"}, r"2 names for \[3\] columns"),
    ],
)
def test_what_is_no_matrix(matrices, settings, message):
    with pytest.raises(ValueError, match=f"draw_matrices: .*{message}"):
        draw_matrices(matrices, "Nothing", **settings)


def test_a_confusion_matrix_has_names_and_a_framed_diagonal():
    picture = draw_confusion([[12345, 1], [0, 7]], ["cat", "dog"], "Cats and dogs")
    shown = texts(picture)
    assert shown[0] == "rows: true class, columns: predicted class"
    assert shown.count("cat") == shown.count("dog") == 2
    assert {"12345", "1", "0", "7"} <= set(shown)
    assert picture.html.count("stroke-linecap: square") >= 8


@pytest.mark.parametrize("counts", [np.ones((2, 3)), np.ones((3, 3)), np.ones(2)])
def test_a_confusion_matrix_has_a_name_for_each_class(counts):
    with pytest.raises(ValueError, match=r"draw_confusion: counts of .* 2 names"):
        draw_confusion(counts, ["cat", "dog"], "Nothing")


def blue_faces(mask):
    return fills(draw_boxes({"a": mask}, "A block"), "blue")


@pytest.mark.parametrize(
    ("chosen", "faces"),
    [
        ((0, 0, 0, 0), 3),  # the corner nearest to the eye
        ((0, 2, 1, 2), 1),  # on the first sample's face
        ((1, 0, 0, 1), 1),  # on the first channel's face
        ((1, 1, 0, 0), 1),  # on the top
        ((1, 1, 1, 1), 0),  # inside
        ((slice(None), 0), 2 * 6 + 6 + 2),  # batch norm, 2 samples, 2 × 3 positions
        ((0,), 4 * 6 + 6 + 4),  # layer norm, 4 channels
        ((0, 0), 6 + 6 + 1),  # instance norm
    ],
)
def test_the_faces_of_a_block_show_its_entries(chosen, faces):
    mask = np.zeros((2, 4, 2, 3), bool)
    mask[chosen] = True
    assert blue_faces(mask) == faces


def test_blocks_have_their_names_and_axes():
    mask = np.ones((2, 3, 1, 2), bool)
    shown = texts(draw_boxes(dict.fromkeys("abcd", mask), "Four"))
    assert [t for t in shown if t in "abcd"] == list("abcd")
    assert shown.count("N") == shown.count("C") == shown.count("H·W") == 4


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({}, "groups have shapes"),
        ({"a": np.ones((2, 3, 4), bool)}, r"'a' has shape \(2, 3, 4\).*\(N, C, H, W\)"),
        ({"a": np.ones((2, 3, 4, 1))}, "type float64, expected booleans"),
        ({"a": np.ones((2, 3, 4, 4), bool)}, r"\(2, 3, 16\), expected at most 12"),
        (
            {"a": np.ones((2, 3, 1, 1), bool), "b": np.ones((3, 2, 1, 1), bool)},
            "all equal",
        ),
    ],
)
def test_what_is_no_block(groups, message):
    with pytest.raises(ValueError, match=f"draw_boxes: .*{message}"):
        draw_boxes(groups, "Nothing")
