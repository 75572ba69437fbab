"""CIFAR-10: 60,000 color images of 32×32 pixels and ten classes.

Krizhevsky, "Learning multiple layers of features from tiny images" (2009). Downloaded
on first use, 170 MB. This is the binary version; the Python version is pickled, and
unpickling a file runs whatever code it holds. Size and checksum are those that
TensorFlow Datasets publishes; the author's page gives the same file's MD5,
c32a1d4ab5d03f1284b67883e8d87530.
"""

import gzip
import zlib
from pathlib import Path

import numpy as np

from course_lib.data.download import RemoteFile, data_folder, fetch
from course_lib.data.splits import Samples
from course_lib.types import Array

ARCHIVE = RemoteFile(
    "cifar-10-binary.tar.gz",
    170052171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    (
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"
        "cifar-10-binary.tar.gz",
    ),
)
INSIDE = "cifar-10-batches-bin"
TRAINING = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST = ("test_batch.bin",)
CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
IMAGE = (3, 32, 32)
RECORD = 1 + 3 * 32 * 32  # bytes: the label, then red, green, blue, row by row


def load_cifar10(
    *, folder: Path | None = None, progress: bool = True
) -> tuple[Samples, Samples]:
    """Small photographs: 50,000 to train with, 10,000 to test with.

        (x_train, y_train), (x_test, y_test) = load_cifar10()

    Args:
        folder: where the archive is, or goes if it is not there; by default `cifar-10`
            in `data_folder()`.
        progress: show a bar for the download, if tqdm is installed.

    Returns:
        Two pairs (images, labels): images uint8 of shape (N, 3, 32, 32), red, green
        and blue from 0 to 255; labels int64 of shape (N,), named in CLASSES.
        `to_float` turns the images needed into numbers from 0 to 1.

    Raises:
        ConnectionError: the archive is missing and can't be downloaded.
        ValueError: the archive is damaged.
    """
    folder = folder or data_folder() / "cifar-10"
    path = fetch(ARCHIVE, folder, progress=progress)
    return read_cifar(path, TRAINING), read_cifar(path, TEST)


def read_cifar(path: Path, names: tuple[str, ...]) -> Samples:
    """Images and labels from files in CIFAR-10's archive. Nothing is unpacked to disk.

    Args:
        path: the archive.
        names: files in its folder `cifar-10-batches-bin`.

    Returns:
        images, labels: as for `load_cifar10`, in the files' order.

    Raises:
        ValueError: a file is missing, or not a number of whole records.
    """
    import tarfile  # here: it takes longer to import than all else of this module

    parts = []
    try:
        with (
            path.open("rb") as file,
            tarfile.open(fileobj=file, mode="r:gz") as archive,
        ):
            for name in names:
                member = archive.extractfile(f"{INSIDE}/{name}")
                parts.append(_records(name, member.read() if member else b""))
    except (
        tarfile.TarError,
        KeyError,
        EOFError,
        zlib.error,
        gzip.BadGzipFile,
    ) as error:
        raise ValueError(
            f"read_cifar: {path} can't be read: {error}. Was its download cut short? "
            "Delete it, and it is downloaded again."
        ) from error
    images = np.concatenate([records[:, 1:] for records in parts])
    labels = np.concatenate([records[:, 0] for records in parts])
    return images.reshape(-1, *IMAGE), labels.astype(np.int64)


def _records(name: str, content: bytes) -> Array:
    """A row of bytes for each image: its label, then its pixels."""
    if len(content) == 0 or len(content) % RECORD != 0:
        raise ValueError(
            f"read_cifar: {name} has {len(content):,} bytes, expected a multiple of "
            f"{RECORD:,}. Is it the binary version of CIFAR-10?"
        )
    return np.frombuffer(content, np.uint8).reshape(-1, RECORD)
