"""1,797 handwritten digits of 8×8 pixels.

They are the test set of "Optical Recognition of Handwritten Digits" (Alpaydin and
Kaynak, 1998), shipped with the library; files/LICENSE-digits.txt says under which
license.
"""

import numpy as np

from course_lib.data.shipped import FILES, read_arrays
from course_lib.types import Array

FILE = FILES / "digits.npz"
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
    images, labels = read_arrays(FILE, checksum=CHECKSUM, caller="load_digits")
    return images / DOTS, labels.astype(np.int64)
