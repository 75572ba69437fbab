"""MNIST, Fashion-MNIST and CIFAR-10, read by hand from small files of their formats."""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from course_lib.data import (
    cifar,
    load_cifar10,
    load_fashion_mnist,
    load_mnist,
    mnist,
)
from course_lib.data.cifar import read_cifar
from course_lib.data.idx import read_idx
from course_lib.data.mnist import FASHION_CLASSES, FASHION_MNIST, MNIST
from tests.course_lib.data.serving import serving

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (3, 28, 28), dtype=np.uint8)
LABELS = np.array([7, 0, 9], dtype=np.uint8)
TEST_IMAGES = RNG.integers(0, 256, (2, 28, 28), dtype=np.uint8)
TEST_LABELS = np.array([1, 8], dtype=np.uint8)

# In bytes, as published: MNIST's four files, then Fashion-MNIST's.
SIZES = [9912422, 28881, 1648877, 4542, 26421880, 29515, 4422102, 5148]


def idx(array: np.ndarray, code: int) -> bytes:
    shape = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, code, array.ndim]) + shape + array.tobytes()


@pytest.mark.parametrize(
    ("code", "dtype"),
    [(8, ">u1"), (9, ">i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")],
)
@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)])
def test_every_type_of_number_is_read(
    tmp_path: Path, code: int, dtype: str, shape: tuple[int, ...]
) -> None:
    array = (np.arange(np.prod(shape)) * 5 - 20).astype(dtype).reshape(shape)
    (tmp_path / "plain").write_bytes(idx(array, code))
    (tmp_path / "small.gz").write_bytes(gzip.compress(idx(array, code)))
    for name in ("plain", "small.gz"):
        read = read_idx(tmp_path / name)
        np.testing.assert_array_equal(read, array)
        assert read.dtype == array.dtype.newbyteorder("=")
        assert read.dtype.isnative
        read[...] = 0  # it may be written to


GOOD = idx(IMAGES, 8)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins with nothing"),
        (GOOD[:3], "begins with 00 00 08,"),
        (b"\x1f\x8b" + GOOD[2:], "begins with 1f 8b 08 03.*an IDX file"),
        (b"\0\x01" + GOOD[2:], "begins with 00 01 08 03.*an IDX file"),
        (b"\0\0\x0a" + GOOD[3:], "begins with 00 00 0a 03"),
        (GOOD[:4], "ends within its header"),
        (GOOD[:15], "ends within its header"),
        (GOOD[:-1], r"has 2,367 bytes uncompressed, expected 2,368 for shape \(3, 28"),
        (GOOD + b"\0", "has 2,369 bytes"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "some").write_bytes(content)
    with pytest.raises(ValueError, match=f"read_idx: .*some.* {message}"):
        read_idx(tmp_path / "some")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-9],  # cut short
        lambda content: content[:5],  # within gzip's own header
        lambda content: b"<html>" + content,  # not gzip
        lambda content: content[:-6] + b"\0" + content[-5:],  # gzip's own checksum
        lambda content: content[:12] + bytes(40) + content[52:],  # no deflate stream
    ],
)
def test_a_compressed_file_that_is_damaged_is_refused(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "some.gz").write_bytes(damage(gzip.compress(GOOD)))
    with pytest.raises(ValueError, match=r"some\.gz can't be uncompressed.*Delete it"):
        read_idx(tmp_path / "some.gz")


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "none.gz")
    with pytest.raises(FileNotFoundError):
        read_cifar(tmp_path / "none.tar.gz", cifar.TEST)


@pytest.mark.parametrize(
    ("constant", "load", "folder"),
    [
        ("MNIST", load_mnist, "mnist"),
        ("FASHION_MNIST", load_fashion_mnist, "fashion-mnist"),
    ],
)
def test_images_are_loaded_from_the_network_and_then_from_disk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    constant: str,
    load: Callable[..., tuple],
    folder: str,
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    arrays = (IMAGES, LABELS, TEST_IMAGES, TEST_LABELS)
    content = {
        name: gzip.compress(idx(array, 8))
        for name, array in zip(mnist.NAMES, arrays, strict=True)
    }
    with serving(content, piece=150) as server:
        files = tuple(server.file(name, "missing", "cut") for name in mnist.NAMES)
        monkeypatch.setattr(mnist, constant, files)
        first = load(progress=False)
    offline = load(folder=tmp_path / folder, progress=False)
    for (x_train, y_train), (x_test, y_test) in (first, offline):
        np.testing.assert_array_equal(x_train, IMAGES[:, None])
        np.testing.assert_array_equal(x_test, TEST_IMAGES[:, None])
        assert y_train.tolist() == [7, 0, 9]
        assert y_test.tolist() == [1, 8]
        assert x_train.dtype == np.uint8
        assert y_train.dtype == y_test.dtype == np.int64
        x_train[...] = 0  # it may be written to


def archive(folder: Path, contents: dict[str, bytes]) -> Path:
    path = folder / "cifar-10-binary.tar.gz"
    with tarfile.open(path, "w:gz") as file:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


def test_color_images_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two images in each of six files. The archive has its files in another order."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    images = RNG.integers(0, 256, (12, 3, 32, 32), dtype=np.uint8)
    labels = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], dtype=np.uint8)
    records = np.concatenate([labels[:, None], images.reshape(12, -1)], axis=1)
    names = [f"data_batch_{k}.bin" for k in (1, 2, 3, 4, 5)] + ["test_batch.bin"]
    contents = {
        name: records[2 * k : 2 * k + 2].tobytes() for k, name in enumerate(names)
    }
    path = archive(tmp_path, dict(reversed(contents.items())))
    with serving({path.name: path.read_bytes()}, piece=20_000) as server:
        monkeypatch.setattr(cifar, "ARCHIVE", server.file(path.name, "cut"))
        load_cifar10(progress=False)
    folder = tmp_path / "course" / "cifar-10"
    (x_train, y_train), (x_test, y_test) = load_cifar10(folder=folder, progress=False)
    np.testing.assert_array_equal(x_train, images[:10])
    np.testing.assert_array_equal(x_test, images[10:])
    assert y_train.tolist() == labels[:10].tolist()
    assert y_test.tolist() == [5, 8]
    assert y_train.dtype == np.int64
    x_train[...] = 0  # it may be written to
    assert [each.name for each in folder.iterdir()] == [path.name]  # nothing unpacked


@pytest.mark.parametrize("size", [0, 3072, 3074, 2 * 3073 - 1])
def test_records_that_are_not_whole_are_refused(tmp_path: Path, size: int) -> None:
    path = archive(tmp_path, {"test_batch.bin": bytes(size)})
    with pytest.raises(ValueError, match=f"test_batch.bin has {size:,} bytes"):
        read_cifar(path, cifar.TEST)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"test_batch.bin": RNG.bytes(3073)})
    whole = path.read_bytes()
    for damaged in (whole[:2000], whole[:5], b"<html>", b""):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"read_cifar: .* can't be read.*Delete"):
            read_cifar(path, cifar.TEST)
    path.write_bytes(whole)
    with pytest.raises(ValueError, match=r"data_batch_1\.bin"):
        read_cifar(path, cifar.TRAINING)


def test_the_published_files_are_named_in_full() -> None:
    files = [*MNIST, *FASHION_MNIST, cifar.ARCHIVE]
    assert [file.size for file in files] == [*SIZES, 170052171]
    assert len({file.checksum for file in files}) == 9
    for file in files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.checksum)
        assert len(file.urls) >= 2
        assert all(url.endswith(f"/{file.name}") for url in file.urls)
        assert all(re.match(r"https?://[^/]+/", url) for url in file.urls)
    assert len(FASHION_CLASSES) == len(cifar.CLASSES) == 10
