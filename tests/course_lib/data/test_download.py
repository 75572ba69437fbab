"""A download is whole and right or refused, and is taken up where it was cut."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from course_lib.data import download
from course_lib.data.download import data_folder, fetch
from tests.course_lib.data.serving import Server, serving

CONTENT = np.random.default_rng(0).bytes(2500)
NAME = "pixels.bin"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({NAME: CONTENT}) as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def got(server: Server, folder: Path, *manners: str) -> bytes:
    path = fetch(server.file(NAME, *manners), folder, progress=False)
    assert path == folder / NAME
    assert [other.name for other in folder.iterdir()] == [NAME]
    return path.read_bytes()


def test_a_file_is_fetched_into_a_new_folder(server: Server, tmp_path: Path) -> None:
    assert got(server, tmp_path / "new" / "folder", "good") == CONTENT
    assert server.requests == [("good", None)]


def test_a_file_that_is_there_is_not_fetched_again(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(CONTENT)
    assert got(server, tmp_path, "good") == CONTENT
    assert server.requests == []


@pytest.mark.parametrize("manner", ["good", "plain", "shifted", "past"])
def test_an_interrupted_download_goes_on(
    server: Server, tmp_path: Path, manner: str
) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:700])
    assert got(server, tmp_path, manner) == CONTENT
    assert server.requests[0] == (manner, "bytes=700-")
    # Who answers the range with nothing or with another is asked for everything.
    expected = [(manner, None)] if manner in {"past", "shifted"} else []
    assert server.requests[1:] == expected


def test_what_is_there_is_kept_and_not_written_again(
    server: Server, tmp_path: Path
) -> None:
    """A wrong beginning shows it: the whole is refused, and fetched anew."""
    (tmp_path / f"{NAME}.part").write_bytes(b"\0" * 700)
    assert got(server, tmp_path, "good") == CONTENT
    assert server.requests == [("good", "bytes=700-"), ("good", None)]


def test_a_connection_cut_in_the_middle_is_taken_up_again(
    server: Server, tmp_path: Path
) -> None:
    assert got(server, tmp_path, "cut") == CONTENT
    assert [wanted for _, wanted in server.requests] == [
        None,
        "bytes=1000-",
        "bytes=2000-",
    ]


def test_a_server_that_only_ever_sends_the_beginning_is_given_up(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionError, match=r"closed after 1,000 of 2,500 bytes"):
        fetch(server.file(NAME, "cut_plain"), tmp_path, progress=False)
    assert len(server.requests) == 2
    assert not (tmp_path / NAME).exists()


def test_what_arrived_before_a_failure_serves_the_next_attempt(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionError):
        fetch(server.file(NAME, "cut_plain"), tmp_path, progress=False)
    server.requests.clear()
    assert got(server, tmp_path, "good") == CONTENT
    assert server.requests == [("good", "bytes=1000-")]


@pytest.mark.parametrize(
    "manner", ["missing", "stuck", "corrupt", "short", "cut_plain", "portal"]
)
def test_the_next_mirror_is_tried(server: Server, tmp_path: Path, manner: str) -> None:
    assert got(server, tmp_path, manner, "good") == CONTENT


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        ("missing", "HTTP Error 404: Not Found"),
        ("stuck", "closed after 0 of 2,500 bytes"),
        ("corrupt", r"its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}"),
        ("short", "closed after 1,250 of 2,500 bytes"),
        ("portal", "closed after 26 of 2,500 bytes"),
    ],
)
def test_a_failure_says_why_and_leaves_no_file(
    server: Server, tmp_path: Path, manner: str, reason: str
) -> None:
    with pytest.raises(ConnectionError, match=f"{manner}/{NAME}: .*{reason}"):
        fetch(server.file(NAME, manner), tmp_path, progress=False)
    assert not (tmp_path / NAME).exists()


def test_what_is_wrong_is_not_taken_up_again(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        fetch(server.file(NAME, "corrupt"), tmp_path, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_a_page_to_log_in_at_does_not_spoil_the_next_attempt(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionError):
        fetch(server.file(NAME, "portal"), tmp_path, progress=False)
    assert got(server, tmp_path, "good") == CONTENT


@pytest.mark.parametrize("left", [CONTENT + b"x", b"\0" * len(CONTENT), CONTENT])
def test_whatever_an_earlier_attempt_left_is_no_harm(
    server: Server, tmp_path: Path, left: bytes
) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(left)
    assert got(server, tmp_path, "good") == CONTENT


def test_no_more_is_written_than_the_file_has(server: Server, tmp_path: Path) -> None:
    assert got(server, tmp_path, "long") == CONTENT


def test_offline_the_error_says_what_to_do(tmp_path: Path) -> None:
    """Nothing listens on a port that a server has just left."""
    with serving({NAME: CONTENT}) as gone:
        file = gone.file(NAME, "good", "plain")
    with pytest.raises(ConnectionError) as raised:
        fetch(file, tmp_path, progress=False)
    message = str(raised.value)
    for part in (NAME, *file.urls, "2,500 bytes", file.checksum, str(tmp_path)):
        assert part in message
    assert "Are you online?" in message


@pytest.mark.parametrize(
    ("damaged", "how"),
    [
        (CONTENT[:-1], "it has 2,499 bytes, expected 2,500"),
        (b"\0" + CONTENT[1:], "its SHA-256 is"),
    ],
)
def test_a_damaged_file_is_refused_and_kept(
    server: Server, tmp_path: Path, damaged: bytes, how: str
) -> None:
    (tmp_path / NAME).write_bytes(damaged)
    with pytest.raises(ValueError, match=f"{NAME} is damaged: {how}.*Delete it"):
        fetch(server.file(NAME, "good"), tmp_path, progress=False)
    assert (tmp_path / NAME).read_bytes() == damaged
    assert server.requests == []


def test_progress_is_shown_where_it_is_wanted(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:500])
    fetch(server.file(NAME, "good"), tmp_path)
    shown = capsys.readouterr()
    assert NAME in shown.err
    assert "2.50k/2.50k" in shown.err
    assert shown.err.endswith("\n")  # the bar is closed
    assert shown.out == ""
    fetch(server.file(NAME, "good"), tmp_path / "quiet", progress=False)
    assert capsys.readouterr().err == ""


def test_works_where_tqdm_is_not_installed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert fetch(server.file(NAME, "good"), tmp_path).read_bytes() == CONTENT


def test_the_folder_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "mine"))
    assert data_folder() == tmp_path / "mine"
    monkeypatch.setenv("COURSE_DATA", "~")
    assert data_folder() == Path.home()


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches"),
        ("linux", {}, "/home/ada/.cache"),
        ("darwin", {"XDG_CACHE_HOME": "/caches"}, "/home/ada/Library/Caches"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local"),
        ("win32", {}, "/home/ada/AppData/Local"),
    ],
)
def test_each_system_has_its_place(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    variables: dict[str, str],
    expected: str,
) -> None:
    for name in ("COURSE_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(download.sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert data_folder() == Path(expected) / "backprop-to-backbones"
