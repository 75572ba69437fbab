"""1,797 handwritten digits of 8×8 pixels, and a way to set some of them aside.

They are the test set of "Optical Recognition of Handwritten Digits" (Alpaydin and
Kaynak, 1998), shipped with the library; files/LICENSE-digits.txt says under which
license.
"""

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from course_lib.types import Array

FILE = Path(__file__).parent / "files" / "digits.npz"
CHECKSUM = "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"
DOTS = 16  # a pixel counts the inked ones among the 4×4 dots under it


def load_digits() -> tuple[Array, Array]:
    """The digits and what they show.

    Returns:
        images: float64 of shape (1797, 8, 8), from 0 (paper) to 1 (ink).
        labels: int64 of shape (1797,), from 0 to 9.

    Raises:
        ValueError: the file is not the one that the library ships.
    """
    content = FILE.read_bytes()
    found = sha256(content).hexdigest()
    if found != CHECKSUM:
        raise ValueError(
            f"load_digits: {FILE} is damaged: its SHA-256 is {found}, expected "
            f"{CHECKSUM}. Was it edited, or its download cut short? Get a fresh copy "
            "of the course."
        )
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return arrays["images"] / DOTS, arrays["labels"].astype(np.int64)


def split(
    images: Array,
    labels: Array,
    *,
    fractions: Sequence[float] = (0.8, 0.2),
    rng: np.random.Generator,
) -> tuple[tuple[Array, Array], ...]:
    """Divide samples at random into parts, each with its share of every class.

        (x_train, y_train), (x_test, y_test) = split(images, labels, rng=rng)

    13 people wrote the digits, and each part has some of everyone's: what is measured
    on a part set aside holds for new digits of these people, less for new people.

    Args:
        images: samples along the first axis, of any shape.
        labels: the class of each sample, of shape (N,).
        fractions: the size of each part, adding up to 1. Within a class the cuts are
            rounded to whole samples.
        rng: decides which sample goes where.

    Returns:
        A pair (images, labels) for each part, in random order. Every sample is in
        exactly one part.

    Raises:
        ValueError: the lengths differ, the fractions do not add up to 1, or a part
            would be empty.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(images) != len(labels):
        raise ValueError(
            f"split: {len(images)} images, labels of shape {labels.shape}; expected "
            "one label an image. Are the labels one-hot?"
        )
    if min(fractions) <= 0 or not np.isclose(sum(fractions), 1, rtol=0, atol=1e-9):
        raise ValueError(
            f"split: fractions are {tuple(fractions)}, expected positive numbers that "
            "add up to 1. Are they percentages, or sizes?"
        )
    bounds = np.cumsum(fractions)[:-1]
    order = rng.permutation(len(labels))
    parts: list[list[Array]] = [[] for _ in fractions]
    for label in np.unique(labels):
        members = order[labels[order] == label]
        cuts = np.rint(bounds * len(members)).astype(int)
        for part, chosen in zip(parts, np.split(members, cuts), strict=True):
            part.append(chosen)
    shuffled = [rng.permutation(np.concatenate(part)) for part in parts]
    if min(len(part) for part in shuffled) == 0:
        raise ValueError(
            f"split: {len(labels)} samples are too few for parts of {tuple(fractions)}:"
            " one would be empty."
        )
    return tuple((images[part], labels[part]) for part in shuffled)
