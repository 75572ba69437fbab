"""The digits are the real ones, whole."""

from pathlib import Path

import numpy as np
import pytest

from course_lib.data import digits, load_digits

# How many of each digit, as the data set's authors count them.
CLASS_SIZES = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_shapes_types_and_ranges() -> None:
    images, labels = load_digits()
    assert images.shape == (1797, 8, 8)
    assert images.dtype == np.float64
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert labels.shape == (1797,)
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == CLASS_SIZES


def test_the_first_digit_is_the_published_zero() -> None:
    images, labels = load_digits()
    assert labels[0] == 0
    assert (images[0] * 16).astype(int).tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]


def test_changing_what_was_loaded_does_not_last() -> None:
    images, labels = load_digits()
    images[:], labels[:] = -1.0, -1
    again, labels_again = load_digits()
    assert again.min() == 0
    assert labels_again.min() == 0


def test_a_damaged_file_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(digits.FILE.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "digits.npz"
    damaged.write_bytes(content)
    monkeypatch.setattr(digits, "FILE", damaged)
    with pytest.raises(ValueError, match=r"load_digits: .*digits\.npz is damaged"):
        load_digits()


def test_the_license_is_shipped_beside_the_file() -> None:
    text = (digits.FILE.parent / "LICENSE-digits.txt").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text
    assert "Alpaydin" in text
