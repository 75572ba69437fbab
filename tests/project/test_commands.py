"""The Makefile, and everything that promises one of its targets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE))
PROMISED = [
    *("course", "test", "serve", "book", "assignments", "start", "grade", "bench"),
    *("clean", "help", "lock", "browser", "student"),
]
TEXTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ".ci/run",
    ".github/workflows/ci.yml",
    ".pre-commit-config.yaml",
    *(path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("book/**/*.md"))),
]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_what_make_alone_prints_and_lists_every_target() -> None:
    listed = make()
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout == make("help").stdout
    assert set(re.findall(r"^  make ([a-z-]+) ", listed.stdout, re.M)) == TARGETS - {
        "always"
    }
    assert set(PROMISED) <= TARGETS


@pytest.mark.parametrize("text", TEXTS)
def test_every_make_target_that_is_named_exists(text: str) -> None:
    content = (ROOT / text).read_text(encoding="utf-8")
    if text.endswith(".md"):  # code alone: prose may "make sense"
        code = re.findall(r"```.*?```|`[^`]+`", content, re.DOTALL)
        content = "\n".join(part.strip("`") for part in code)
    command = r"(?:^\s*|run: |step |entry: |name: )make ([a-z][a-z-]*)"
    called = re.findall(command, content, re.MULTILINE)
    assert set(called) <= TARGETS


@pytest.mark.parametrize("target", ["start", "grade"])
def test_a_missing_variable_is_asked_for_in_one_line(target: str) -> None:
    result = make(target)
    assert result.returncode != 0
    assert f"make {target} ASSIGNMENT=adam" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_makefile_keeps_to_what_make_3_81_knows() -> None:
    """macOS has 3.81: no .ONESHELL, no grouped targets, no `!=`, no $(file)."""
    for newer in (
        r"\.ONESHELL",
        r"&:",
        r"^\w+\s*!=",
        r"\$\(file ",
        r"::=",
        r"\$\(let ",
    ):
        assert not re.search(newer, MAKEFILE, re.MULTILINE), newer


def workflows() -> list[Path]:
    return sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", workflows(), ids=lambda path: path.name)
def test_workflows_are_pinned_and_allowed_little(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 50
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])


def test_the_workflow_runs_what_the_course_promises() -> None:
    workflow = yaml.safe_load(
        (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    )
    course = workflow["jobs"]["course"]
    assert course["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest"],
        "python": ["3.11", "3.12", "3.13"],
    }
    runs = [step.get("run") for step in course["steps"]]
    assert {"make test", "make course", "make browser"} <= set(runs)
    student = workflow["jobs"]["student"]
    assert "windows-latest" in student["strategy"]["matrix"]["os"]
    assert not any("make" in step.get("run", "") for step in student["steps"])


def test_ci_runs_tests_a_cold_book_and_the_browser() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    order = [script.index(f"make {t}") for t in ("clean", "test", "course", "browser")]
    assert order == sorted(order)
    assert "set -euo pipefail" in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=False).returncode == 0


def test_pre_commit_needs_no_network() -> None:
    config = yaml.safe_load(
        (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    )
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    entries = [hook["entry"] for hook in config["repos"][0]["hooks"]]
    for tool in ("ruff check", "ruff format --check", "mypy"):
        assert any(tool in entry for entry in entries)
