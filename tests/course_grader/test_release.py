"""Releases are generated the same every time, and nobody's edits are overwritten."""

import subprocess
import time
from pathlib import Path

import pytest

from course_grader import release
from course_grader.generated_files import RECORD, EditedError

FORMGRADER_EDIT = "an instructor's edit"


def git(root: Path, *command: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", "-C", str(root), *identity, *command], check=True)


def edit(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A toy", FORMGRADER_EDIT), encoding="utf-8")
    return path.read_bytes()


def change_source(root: Path) -> None:
    path = root / "solutions" / "toy" / "toy.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A word between", "A changed word"), encoding="utf-8")


def test_generates_the_same_bytes_every_time(root: Path) -> None:
    assert release.update("toy", root)
    path = release.release_path("toy", root)
    first = path.read_bytes()
    assert not release.update("toy", root)
    path.unlink()
    (root / RECORD).unlink()
    assert release.generate("toy", root) == path
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert b"4711" not in first


def test_an_unchanged_assignment_takes_no_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release.update("toy", root)
    monkeypatch.setattr(release, "staged", None)  # reading the source would fail now
    began = time.process_time()
    assert not release.update("toy", root)
    assert release.is_current("toy", root)
    assert release.stage("toy", root).is_file()
    assert time.process_time() - began < 0.2


def test_a_changed_source_is_generated_anew(root: Path) -> None:
    release.update("toy", root)
    change_source(root)
    assert not release.is_current("toy", root)
    assert release.update("toy", root)
    assert release.is_current("toy", root)
    for path in (release.staged_path("toy", root), release.release_path("toy", root)):
        assert "A changed word" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("which", [release.staged_path, release.release_path])
def test_an_edited_notebook_is_kept(root: Path, which: object) -> None:
    assert callable(which)
    release.update("toy", root)
    path = which("toy", root)
    edited = edit(path)
    for _ in range(2):
        with pytest.raises(EditedError, match=r"was edited and is left as it is") as e:
            release.update("toy", root)
        assert path.relative_to(root).as_posix() in str(e.value)
        assert "\n" not in str(e.value)
        assert path.read_bytes() == edited
        change_source(root)
    path.unlink()
    assert release.update("toy", root)
    assert "A changed word" in path.read_text(encoding="utf-8")


def test_staging_alone_keeps_edits_too(root: Path) -> None:
    path = release.stage("toy", root)
    assert not release.release_path("toy", root).exists()
    change_source(root)
    assert release.stage("toy", root) == path
    edited = edit(path)
    change_source(root)
    with pytest.raises(EditedError):
        release.stage("toy", root)
    assert path.read_bytes() == edited


def test_in_a_fresh_clone_what_is_committed_counts_as_generated(root: Path) -> None:
    release.update("toy", root)
    git(root, "init", "-q")
    git(root, "add", "assignments", "solutions")
    git(root, "commit", "-qm", "first")
    (root / RECORD).unlink()
    release.staged_path("toy", root).unlink()
    change_source(root)
    assert release.update("toy", root)
    path = release.release_path("toy", root)
    assert "A changed word" in path.read_text(encoding="utf-8")

    git(root, "commit", "-qam", "second")
    (root / RECORD).unlink()
    release.staged_path("toy", root).unlink()
    edit(path)
    with pytest.raises(EditedError):
        release.update("toy", root)


def test_no_gradebook_is_made_or_changed(root: Path) -> None:
    before = {p for p in root.rglob("*") if "solutions" not in p.parts}
    release.update("toy", root)
    after = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    assert before == set()
    assert {p for p in after if not p.startswith("solutions")} == {
        "_build/generated.json",
        "_build/source/toy/toy.ipynb",
        "assignments/toy/toy.ipynb",
    }


def test_starts_with_a_copy_that_is_never_overwritten(root: Path) -> None:
    release.update("toy", root)
    copy = release.start("toy", root)
    assert copy == root / "work" / "toy" / "toy.ipynb"
    assert copy.read_bytes() == release.release_path("toy", root).read_bytes()
    mine = edit(copy)
    with pytest.raises(FileExistsError, match="you have begun already") as caught:
        release.start("toy", root)
    assert str(copy) in str(caught.value)
    assert copy.read_bytes() == mine


def test_only_what_exists_can_be_started(root: Path) -> None:
    release.update("toy", root)
    with pytest.raises(FileNotFoundError, match=r"no assignment 'tov'. There are: toy"):
        release.start("tov", root)
