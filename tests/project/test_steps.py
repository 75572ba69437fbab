"""tools/: what a step does again, and what it says when something is missing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
COMMAND = "open('log', 'a').write('x'); open('out', 'w').write('y')"


def python(tool: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOOLS / tool, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


class Step:
    """A step over the folder `in` that counts its runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "in").mkdir()
        (folder / "in" / "a").write_text("a")
        (folder / "in" / "b").write_text("b")

    def __call__(self, command: str = COMMAND) -> subprocess.CompletedProcess[str]:
        options = ["made", "--inputs", "in", "--outputs", "out", "--"]
        return python(
            "step.py", *options, sys.executable, "-c", command, cwd=self.folder
        )

    def runs(self) -> int:
        return len((self.folder / "log").read_text())


@pytest.fixture
def step(tmp_path: Path) -> Step:
    made = Step(tmp_path)
    assert made().returncode == 0
    assert made.runs() == 1
    return made


def test_nothing_changed_nothing_runs(step: Step) -> None:
    os.utime(step.folder / "in" / "a", (0, 0))
    (step.folder / "in" / "__pycache__").mkdir()
    (step.folder / "in" / "__pycache__" / "a.pyc").write_text("compiled")
    assert "up to date" in step().stdout
    assert step.runs() == 1


@pytest.mark.parametrize(
    "change", ["edited", "deleted", "added", "renamed", "no output"]
)
def test_what_changed_is_noticed(step: Step, change: str) -> None:
    first = step.folder / "in" / "a"
    if change == "edited":
        before = first.stat()
        first.write_text("A")
        os.utime(first, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "deleted":
        first.unlink()
    elif change == "added":
        (step.folder / "in" / "c").write_text("")
    elif change == "renamed":
        first.rename(step.folder / "in" / "c")
    else:
        (step.folder / "out").unlink()
    step()
    assert step.runs() == 2


def test_a_failed_step_shows_its_end_and_runs_again(step: Step) -> None:
    (step.folder / "in" / "a").write_text("A")
    failed = step("print('the reason'); raise SystemExit(3)")
    assert failed.returncode == 1
    assert "the reason" in failed.stdout
    assert "failed after" in failed.stdout
    assert step().returncode == 0
    assert step.runs() == 2


def test_steps_of_make_course_are_numbered(step: Step) -> None:
    (step.folder / "out").unlink()
    os.environ["COURSE_STEPS"] = "one made three"
    try:
        assert step().stdout.splitlines()[-1].startswith("[2/3] made: ")
    finally:
        del os.environ["COURSE_STEPS"]


def setup(folder: Path, programs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run setup.sh where these programs are all that there is."""
    folder.mkdir()
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", TOOLS / "setup.sh"],
        cwd=folder,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


OLD = 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac'
NO_VENV = 'case "$2" in *print*) echo 3.11 ;; *ensurepip*) exit 1 ;; *) exit 0 ;; esac'


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({}, ["Python 3.11 or newer", "there is none", "apt install python3"]),
        ({"python3": OLD}, ["Python 3.11 or newer", "python3 is 3.9", "brew install"]),
        ({"python3": NO_VENV}, ["no venv module", "apt install python3.11-venv"]),
    ],
    ids=["no python", "too old", "no venv"],
)
def test_what_is_missing_gets_one_line(
    tmp_path: Path, programs: dict[str, str], said: list[str]
) -> None:
    result = setup(tmp_path / "bin", programs)
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    for part in said:
        assert part in result.stderr


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    new = 'case "$1" in tools*) echo "ran $1" ;; *) echo 3.12 ;; esac'
    result = setup(tmp_path / "bin", {"python3": OLD, "python3.12": new})
    assert result.stdout.splitlines()[-1] == "ran tools/environment.py"


@pytest.mark.parametrize(
    ("state", "sound"),
    [
        ({}, True),
        ({".installing": ""}, False),
        ({".ready": "/another/place"}, False),
        ({"bin/python": None}, False),
    ],
    ids=["whole", "interrupted", "moved", "python gone"],
)
def test_a_broken_environment_is_noticed(
    tmp_path: Path, state: dict[str, str | None], sound: bool
) -> None:
    binary = tmp_path / ".venv" / "bin"
    binary.mkdir(parents=True)
    (binary / "python").write_text("#!/bin/sh\nexit 0\n")
    (binary / "python").chmod(0o755)
    for name, text in state.items():
        path = tmp_path / ".venv" / name
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
    code = f"import sys; sys.path.insert(0, {str(TOOLS)!r})\n"
    code += "import environment; print(environment.is_sound())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(sound)


def test_too_full_a_disk_gets_one_line(tmp_path: Path) -> None:
    code = f"""
import sys, shutil; sys.path.insert(0, {str(TOOLS)!r})
import environment
shutil.disk_usage = lambda path: shutil._ntuple_diskusage(9e9, 8e9, 1e9)
environment.check_disk()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().startswith("make: 1.0 GB are free here")
    assert len(done.stderr.strip().splitlines()) == 1


def test_clean_keeps_what_somebody_edited(tmp_path: Path) -> None:
    source = tmp_path / "_build" / "source"
    for name in ("adam", "dense"):
        (source / name).mkdir(parents=True)
        (source / name / f"{name}.ipynb").write_text(name)
    (tmp_path / "_build" / "html").mkdir()
    (tmp_path / "_build" / "html" / "index.html").write_text("page")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine").write_text("mine")
    record = {
        name: {
            f"_build/source/{name}/{name}.ipynb": hashlib.sha256(
                name.encode()
            ).hexdigest()
        }
        for name in ("adam", "dense")
    }
    (tmp_path / "_build" / "generated.json").write_text(json.dumps(record))
    (source / "adam" / "adam.ipynb").write_text("marked by hand")

    done = python("clean.py", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "_build/source/adam/adam.ipynb: it was edited" in done.stdout
    assert (source / "adam" / "adam.ipynb").read_text() == "marked by hand"
    assert not (source / "dense").exists()
    assert not (tmp_path / "_build" / "html").exists()
    assert (tmp_path / "work" / "mine").exists()
