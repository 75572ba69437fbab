"""Where windows lie, counted one by one."""

from dataclasses import FrozenInstanceError
from itertools import product

import numpy as np
import pytest

from course_lib.operations.windows import STRIP, AxisWindows, Windows, strips

GRID = [
    AxisWindows(size, kernel, stride, padding, dilation, ceil_mode)
    for size, kernel, stride, padding, dilation, ceil_mode in product(
        [1, 2, 5, 8], [1, 2, 3, 6], [1, 2, 3], [0, 1, 3], [1, 2], [False, True]
    )
    if padding <= kernel // 2 and (kernel - 1) * dilation < size + 2 * padding
]


def starts(axis):
    """Of all windows, one by one: each fits; with ceil_mode, one more may stick out,
    if it does not begin in the padding at the end."""
    start, end = -axis.padding, axis.size + axis.padding
    while start + axis.span <= end:
        yield start
        start += axis.stride
    if axis.ceil_mode and start - axis.stride + axis.span < end and start < axis.size:
        yield start


def test_the_grid_is_large():
    assert len(GRID) > 200


def test_counts_windows():
    for axis in GRID:
        assert axis.count == len(list(starts(axis))), axis


def test_every_entry_of_every_window_is_reached_once_in_order():
    for axis in GRID:
        found = []
        for i in range(axis.kernel):
            windows, entries = axis.place(i)
            reached = zip(
                np.arange(axis.count)[windows],
                np.arange(axis.size)[entries],
                strict=True,
            )
            found += [(i, window, entry) for window, entry in reached]
        expected = [
            (i, window, start + i * axis.dilation)
            for i in range(axis.kernel)
            for window, start in enumerate(starts(axis))
            if 0 <= start + i * axis.dilation < axis.size
        ]
        assert found == expected, axis


@pytest.mark.parametrize("include_padding", [True, False])
def test_lengths_count_entries(include_padding):
    for axis in GRID:
        if axis.dilation == 1:
            margin = axis.padding if include_padding else 0
            expected = [
                sum(
                    -margin <= start + i < axis.size + margin
                    for i in range(axis.kernel)
                )
                for start in starts(axis)
            ]
            lengths = axis.lengths(include_padding=include_padding)
            np.testing.assert_equal(lengths, expected)


def test_places_of_an_image_come_row_by_row():
    windows = Windows(
        (AxisWindows(4, 2, 2, 0, 1, False), AxisWindows(5, 2, 3, 0, 1, False))
    )
    assert windows.counts == (2, 2)
    x = np.arange(20).reshape(4, 5)
    seen = [x[entries].tolist() for _, entries in windows.places()]
    assert seen == [
        [[0, 3], [10, 13]],
        [[1, 4], [11, 14]],
        [[5, 8], [15, 18]],
        [[6, 9], [16, 19]],
    ]


@pytest.mark.parametrize(
    ("shape", "order", "sizes"),
    [
        ((5, 3, 2), (0, 1, 2), [5]),  # images lie together
        ((5, 3, STRIP // 55), (0, 1, 2), [2, 2, 1]),
        ((5, 3, STRIP // 24 + 1), (1, 2, 0), [1, 1, 1]),  # channels do
        ((5, 3, STRIP // 24 + 1), (1, 0, 2), [1, 1, 1]),
        ((1, 3, STRIP // 8), (0, 1, 2), [1]),
        ((0, 3, 2), (0, 1, 2), []),
    ],
)
def test_strips_are_all_of_the_images_in_turn(shape, order, sizes):
    """Of 8 bytes an entry: the second and third arrays take 2.2 and 5 strips."""
    x = np.ones([shape[i] for i in order]).transpose(np.argsort(order))
    other = np.ones((*shape[:2], 7))
    axis = order[0]
    found = []
    for part, other_part in strips(x, other):
        part += len(found)
        other_part += len(found)
        found.append(part.shape[axis])
        assert other_part.shape[axis] == found[-1]
    assert found == sizes
    expected = np.repeat(1.0 + np.arange(len(sizes)), sizes)
    np.testing.assert_equal(np.moveaxis(x, axis, -1)[0, 0], expected)
    np.testing.assert_equal(np.moveaxis(other, axis, -1)[0, 0], expected)


def test_windows_do_not_change_after_they_were_counted():
    axis = AxisWindows(4, 2, 2, 0, 1, False)
    for windows, name in [(axis, "size"), (Windows((axis,)), "axes")]:
        with pytest.raises(FrozenInstanceError):
            setattr(windows, name, None)
