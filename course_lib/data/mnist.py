"""MNIST and Fashion-MNIST: 70,000 gray images each, of 28×28 pixels and ten classes.

MNIST shows handwritten digits (LeCun, Bottou, Bengio and Haffner, 1998),
Fashion-MNIST articles of clothing (Xiao, Rasul and Vollgraf, 2017). They are downloaded
on first use, 12 and 31 MB. Sizes and checksums are those that TensorFlow Datasets
publishes; torchvision's MD5s are of the same files.
"""

from pathlib import Path

import numpy as np

from course_lib.data.download import RemoteFile, data_folder, fetch
from course_lib.data.idx import read_idx
from course_lib.data.splits import Samples
from course_lib.types import Array

# Each folder of a mirror has the four files, by these names.
NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


def _files(
    mirrors: tuple[str, ...], sizes: tuple[int, ...], checksums: tuple[str, ...]
) -> tuple[RemoteFile, ...]:
    return tuple(
        RemoteFile(name, size, checksum, tuple(mirror + name for mirror in mirrors))
        for name, size, checksum in zip(NAMES, sizes, checksums, strict=True)
    )


MNIST = _files(
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    (9912422, 28881, 1648877, 4542),
    (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)
FASHION_MNIST = _files(
    (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    (26421880, 29515, 4422102, 5148),
    (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)
FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_mnist(
    *, folder: Path | None = None, progress: bool = True
) -> tuple[Samples, Samples]:
    """Handwritten digits: 60,000 to train with, 10,000 to test with.

        (x_train, y_train), (x_test, y_test) = load_mnist()

    The people who wrote the test set wrote none of the training set.

    Args:
        folder: where the files are, or go if they are not there; by default `mnist` in
            `data_folder()`.
        progress: show a bar for each download, if tqdm is installed.

    Returns:
        Two pairs (images, labels): images uint8 of shape (N, 1, 28, 28), from 0 (paper)
        to 255 (ink); labels int64 of shape (N,), the digits. Floats would take 4 times
        the memory or 8: `to_float` turns the images needed into numbers from 0 to 1.

    Raises:
        ConnectionError: a file is missing and can't be downloaded.
        ValueError: a file is damaged.
    """
    return _load(MNIST, folder or data_folder() / "mnist", progress)


def load_fashion_mnist(
    *, folder: Path | None = None, progress: bool = True
) -> tuple[Samples, Samples]:
    """Clothes: 60,000 to train with, 10,000 to test with.

    Args:
        folder: where the files are, or go if they are not there; by default
            `fashion-mnist` in `data_folder()`.
        progress: show a bar for each download, if tqdm is installed.

    Returns:
        As `load_mnist`. FASHION_CLASSES names the labels.

    Raises:
        ConnectionError: a file is missing and can't be downloaded.
        ValueError: a file is damaged.
    """
    return _load(FASHION_MNIST, folder or data_folder() / "fashion-mnist", progress)


def _load(
    files: tuple[RemoteFile, ...], folder: Path, progress: bool
) -> tuple[Samples, Samples]:
    arrays = [read_idx(fetch(file, folder, progress=progress)) for file in files]
    return _samples(*arrays[:2]), _samples(*arrays[2:])


def _samples(images: Array, labels: Array) -> Samples:
    return images[:, None], labels.astype(np.int64)
