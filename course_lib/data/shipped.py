"""Files that come with the library, each checked before it is believed."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from course_lib.types import Array

FILES = Path(__file__).parent / "files"


def read_arrays(path: Path, *, checksum: str, caller: str) -> tuple[Array, ...]:
    """The arrays of an .npz file, in the order in which they were stored.

    Args:
        path: the file.
        checksum: its SHA-256, in hexadecimal digits.
        caller: the function that an error names.

    Raises:
        ValueError: the file is not the one that the library ships.
    """
    content = path.read_bytes()
    found = sha256(content).hexdigest()
    if found != checksum:
        raise ValueError(
            f"{caller}: {path} is damaged: its SHA-256 is {found}, expected "
            f"{checksum}. Was it edited, or its download cut short? Get a fresh copy "
            "of the course."
        )
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return tuple(arrays[name] for name in arrays.files)
