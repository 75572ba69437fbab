"""342 penguins, measured: a small real table whose columns have different units.

Adult birds of three species around Palmer Station, Antarctica (Gorman, Williams and
Fraser, 2014; as a table: Horst, Hill and Gorman, 2020). The numbers are in the public
domain; files/LICENSE-penguins.txt says where they come from.
"""

import numpy as np

from course_lib.data.shipped import FILES, read_arrays
from course_lib.types import Array

CHECKSUM = "7b2da32567cd76135ab7af6724f561c09febe2c20d421a78f321c092da83727f"

SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASURES = (
    "bill length (mm)",
    "bill depth (mm)",
    "flipper length (mm)",
    "body mass (g)",
)


def load_penguins() -> tuple[Array, Array]:
    """The penguins' measures and their species.

    The columns are not of one scale, a bill 13 to 60 mm and a bird 2,700 to 6,300 g:
    standardize them before you train on them.

    Returns:
        measures: float64 of shape (342, 4), with columns as MEASURES names them.
        species: int64 of shape (342,), with names in SPECIES.

    Raises:
        ValueError: the file is not the one that the library ships.
    """
    tenths, species = read_arrays(
        FILES / "penguins.npz", checksum=CHECKSUM, caller="load_penguins"
    )
    return tenths / 10, species.astype(np.int64)
