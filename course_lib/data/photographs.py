"""Two photographs to filter, to search and to show: a cat, and a cup of coffee.

The cat has fur, whiskers and two eyes of which one is a template for finding the
other; the cup has edges of every orientation on the straight grain of wood. Both are
free of rights; files/LICENSE-photographs.txt says whose work they are.
"""

import numpy as np

from course_lib.data.shipped import FILES, read_arrays
from course_lib.types import Array

CHECKSUMS = (
    ("cat", "a73ca133b727f9d3da83447755e8ef9805241dfdb0e12e65ef7b67179c8c93ae"),
    ("coffee", "8b4a53c64322d7c51254d14a7803a8ab95d548f4699a2501ad1ac01b9726efcd"),
)

# How bright red, green and blue look (ITU-R BT.601), as for torchvision's grayscale.
LUMINANCE = (0.299, 0.587, 0.114)


def load_photograph(name: str, *, gray: bool = False) -> Array:
    """A photograph of 288 rows and 448 columns.

    Args:
        name: "cat" or "coffee".
        gray: whether to return its luminance, 0.299 R + 0.587 G + 0.114 B.

    Returns:
        float64 from 0 (black) to 1: of shape (288, 448, 3), with red, green and blue
        last, as figures show it; or (288, 448) where it is gray. A network's batch
        of one is `image.transpose(2, 0, 1)[None]`.

    Raises:
        ValueError: there is no such photograph, or its file is damaged.
    """
    checksums = dict(CHECKSUMS)
    if name not in checksums:
        raise ValueError(
            f"load_photograph: there is no photograph {name!r}, expected one of "
            f"{', '.join(checksums)}."
        )
    (image,) = read_arrays(
        FILES / f"{name}.npz", checksum=checksums[name], caller="load_photograph"
    )
    color = image / 255
    return color @ np.array(LUMINANCE) if gray else color
