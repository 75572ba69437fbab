"""The digits are the real ones, whole; a split loses and repeats nothing."""

from pathlib import Path

import numpy as np
import pytest

from course_lib.data import digits
from course_lib.data.digits import load_digits, split

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


def numbered(labels: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Samples that say their own number, to follow where each of them goes."""
    return np.arange(len(labels))[:, None], np.array(labels)


def test_every_sample_goes_into_one_part_with_its_label() -> None:
    x, labels = numbered([0, 1, 2] * 30)
    parts = split(x, labels, fractions=(0.5, 0.3, 0.2), rng=np.random.default_rng(0))
    assert [len(part) for part, _ in parts] == [45, 27, 18]
    dealt = np.concatenate([part for part, _ in parts])
    np.testing.assert_array_equal(np.sort(dealt, axis=0), x)
    for part, part_labels in parts:
        np.testing.assert_array_equal(part_labels, labels[part[:, 0]])


def test_every_class_gets_its_share() -> None:
    _, labels = load_digits()
    for _, part in split(labels, labels, rng=np.random.default_rng(0)):
        shares = np.bincount(part) / CLASS_SIZES
        assert np.ptp(shares) < 1 / 174  # within one sample of the smallest class
    (_, train), (_, test) = split(labels, labels, rng=np.random.default_rng(0))
    assert (len(train), len(test)) == (1438, 359)


def test_a_split_depends_on_the_generator_alone() -> None:
    x, labels = numbered([0, 1] * 50)
    first, again, other = (
        split(x, labels, rng=np.random.default_rng(seed))[0][0] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(np.sort(first, axis=0), np.sort(other, axis=0))


def test_a_part_is_not_sorted() -> None:
    _, labels = load_digits()
    for _, part in split(labels, labels, rng=np.random.default_rng(0)):
        changes = np.mean(part[1:] != part[:-1])
        assert changes > 0.85  # 0.9 is expected where all orders are alike


@pytest.mark.parametrize(
    "fractions", [(0.8, 0.1), (0.8, 0.3), (1.2, -0.2), (80, 20), (1.0, 0.0)]
)
def test_fractions_must_add_up(fractions: tuple[float, ...]) -> None:
    x, labels = numbered([0, 1] * 50)
    with pytest.raises(ValueError, match="split: fractions are"):
        split(x, labels, fractions=fractions, rng=np.random.default_rng(0))


def test_lengths_must_agree() -> None:
    x, labels = numbered([0, 1] * 50)
    with pytest.raises(ValueError, match="split: 99 images"):
        split(x[1:], labels, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="Are the labels one-hot"):
        split(x, np.eye(2)[labels], rng=np.random.default_rng(0))


def test_no_part_may_be_empty() -> None:
    x, labels = numbered([0, 1, 2])
    with pytest.raises(ValueError, match="split: 3 samples are too few"):
        split(x, labels, rng=np.random.default_rng(0))
