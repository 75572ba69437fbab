"""IDX, the file format of MNIST: a header of a few bytes, then the numbers.

    0, 0, type, axes | size of each axis, 4 bytes each | the entries, row by row

Numbers are big-endian (LeCun, Cortes and Burges, "The MNIST database", section "The IDX
file format").
"""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

from course_lib.types import Array

# The type's byte, and NumPy's name for it.
TYPES = (
    (0x08, ">u1"),
    (0x09, ">i1"),
    (0x0B, ">i2"),
    (0x0C, ">i4"),
    (0x0D, ">f4"),
    (0x0E, ">f8"),
)

DOWNLOAD_AGAIN = "Was its download cut short? Delete it, and it is downloaded again."


def read_idx(path: Path) -> Array:
    """The array in an IDX file, in the machine's own byte order.

    Args:
        path: the file; compressed with gzip if its name ends in .gz.

    Raises:
        ValueError: it is not such a file, or not whole.
    """
    content = _content(path)
    types = dict(TYPES)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in types:
        raise ValueError(
            f"read_idx: {path} begins with {content[:4].hex(' ') or 'nothing'}, "
            "expected 00 00, a type and the number of axes. Is it an IDX file?"
        )
    axes = content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"read_idx: {path} ends within its header. {DOWNLOAD_AGAIN}")
    shape = struct.unpack(f">{axes}I", content[4:start])
    dtype = np.dtype(types[content[2]])
    expected = start + int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if len(content) != expected:
        raise ValueError(
            f"read_idx: {path} has {len(content):,} bytes uncompressed, expected "
            f"{expected:,} for shape {shape}. {DOWNLOAD_AGAIN}"
        )
    entries = np.frombuffer(content, dtype, offset=start).reshape(shape)
    return entries.astype(dtype.newbyteorder("="))


def _content(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        return gzip.decompress(path.read_bytes())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"read_idx: {path} can't be uncompressed: {error}. {DOWNLOAD_AGAIN}"
        ) from error
