"""Files from the network: fetched once, in pieces if need be, and checked.

A file counts only if its SHA-256 is the published one. What arrives goes into
`<name>.part`; it gets its name when it is whole and right. So a cut connection costs
no more than what had not arrived yet: the next attempt asks for the rest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

FOLDER_VARIABLE = "COURSE_DATA"
CHUNK = 1 << 16  # bytes: small enough for a bar that moves on a slow line
TIMEOUT = 30  # seconds without a byte, after which a server counts as silent
PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 206, 416  # HTTP (RFC 9110, 15.3.7, 15.5.17)


class RemoteFile(NamedTuple):
    """A file that others publish.

    Attributes:
        name: what it is called on disk.
        size: in bytes.
        checksum: its SHA-256, in hexadecimal digits.
        urls: where it is found, the best first.
    """

    name: str
    size: int
    checksum: str
    urls: tuple[str, ...]


def data_folder() -> Path:
    """Where downloads are kept: $COURSE_DATA, or the system's place for such files.

    That is %LOCALAPPDATA% on Windows, ~/Library/Caches on macOS, and elsewhere
    $XDG_CACHE_HOME or ~/.cache; there, in `backprop-to-backbones`.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        default = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        default = Path.home() / "Library" / "Caches"
    else:
        default = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(default) / "backprop-to-backbones"


def fetch(file: RemoteFile, folder: Path, *, progress: bool = True) -> Path:
    """The path of a file in `folder`, downloaded if it is not there yet.

    Args:
        file: what to fetch, and from where. Each address is tried until one has it.
        folder: where it is kept; made if it does not exist.
        progress: show a bar on stderr, if tqdm is installed.

    Raises:
        ValueError: the file is there and is not the published one.
        ConnectionError: no address had it.
    """
    path = folder / file.name
    if path.exists():
        problem = _difference(path, file)
        if problem:
            raise ValueError(
                f"fetch: {path} is damaged: {problem}. Was its download cut short? "
                "Delete it, and it is downloaded again."
            )
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{file.name}.part"
    failures = []
    for url in file.urls:
        resumed = part.exists()
        problem = _download(url, file, part, progress)
        if problem and resumed and not part.exists():
            # What was left of an earlier attempt was wrong, not what came now.
            problem = _download(url, file, part, progress)
        if problem is None:
            os.replace(part, path)
            return path
        failures.append(f"{url}: {problem}")
    raise ConnectionError(
        f"fetch: {file.name} could not be downloaded.\n  "
        + "\n  ".join(failures)
        + f"\nAre you online? You may also get the file ({file.size:,} bytes, SHA-256 "
        f"{file.checksum}) in another way and put it into {folder}."
    )


def _download(url: str, file: RemoteFile, part: Path, progress: bool) -> str | None:
    """Make `part` whole. Returns what went wrong, if something did; what can be resumed
    is then still there, and what is wrong is not.

    A server that closes early is asked for the rest, as long as each answer brings
    something.
    """
    # Here and not at the top: this takes as long as the rest of course_lib.data.
    from http.client import HTTPException
    from urllib.error import HTTPError

    received = _size(part)
    while received < file.size:
        before = received
        problem = f"closed after {before:,} of {file.size:,} bytes"
        try:
            _append(url, file, part, before, progress)
        except HTTPError as error:
            error.close()
            problem = str(error)
            if error.code == RANGE_NOT_SATISFIABLE:
                part.unlink()
        except (OSError, HTTPException) as error:
            problem = str(error) or type(error).__name__
        received = _size(part)
        if received <= before:
            return problem
    difference = _difference(part, file)
    if difference:
        part.unlink()
    return difference


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(url: str, file: RemoteFile, part: Path, start: int, progress: bool) -> None:
    """Write what the server sends from byte `start` on."""
    from urllib.request import Request, urlopen

    headers = {"Range": f"bytes={start}-"} if start else {}
    with urlopen(Request(url, headers=headers), timeout=TIMEOUT) as response:
        if response.status != PARTIAL_CONTENT:
            start = 0  # it ignores ranges, as servers may, and sends everything
        elif not response.headers["Content-Range"].startswith(f"bytes {start}-"):
            part.unlink()
            raise ConnectionError("sent another part than it was asked for")
        with (
            part.open("r+b" if start else "wb") as output,
            _progress_bar(file, start, progress) as bar,
        ):
            output.seek(start)
            # No more than the file has: a server can't fill the disk.
            while start < file.size and (
                chunk := response.read(min(CHUNK, file.size - start))
            ):
                output.write(chunk)
                start += len(chunk)
                bar.update(len(chunk))


def _difference(path: Path, file: RemoteFile) -> str | None:
    """In words, how the file at `path` is not the published one."""
    size = path.stat().st_size
    if size != file.size:
        return f"it has {size:,} bytes, expected {file.size:,}"
    digest = sha256()
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != file.checksum:
        return f"its SHA-256 is {digest.hexdigest()}, expected {file.checksum}"
    return None


@contextmanager
def _progress_bar(file: RemoteFile, start: int, shown: bool) -> Iterator[Any]:
    """tqdm's bar, or one that shows nothing where it is not wanted or not installed."""
    bar: Any = _NoBar()
    if shown:
        try:
            from tqdm import tqdm
        except ImportError:
            pass
        else:
            bar = tqdm(
                desc=file.name,
                total=file.size,
                initial=start,
                unit="B",
                unit_scale=True,
            )
    try:
        yield bar
    finally:
        bar.close()


class _NoBar:
    def update(self, amount: int) -> None: ...
    def close(self) -> None: ...
