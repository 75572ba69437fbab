"""Notebooks as text, in the py:percent form, with the line where each cell begins.

Jupytext reads the same form, and a test holds this reading to its. Read here, a mistake
in a source can be reported with its line, and nothing needs to be installed.
"""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKER = re.compile(r"# ?%%(?!%)(?=\s|$)")
KIND = re.compile(r"\[(markdown|md|raw)\]")
OPTION = re.compile(r"\s([A-Za-z_][\w-]*)=(?=[\"{\[])")
MAGIC = re.compile(r"# ?(%{1,2}[A-Za-z].*)")


class SourceError(ValueError):
    """A source of an assignment that can't be used: says where, what, and why."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}, line {line}: {message}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Block:
    """One cell of a text notebook.

    Attributes:
        title: what follows `# %%`, without kind and options.
        kind: "code", "markdown" or "raw".
        options: `key=value` pairs of the header, values as JSON.
        source: the text below the header.
        line: the header's line, from 1.
    """

    title: str
    kind: str
    options: dict[str, Any]
    source: str
    line: int


def read(path: Path) -> list[Block]:
    """The cells of a text notebook.

    Raises:
        SourceError: a header can't be read, or text stands before the first cell.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if MARKER.match(line)]
    before = _without_front_matter(lines[: starts[0]] if starts else lines)
    for i, line in before:
        if line.strip():
            raise SourceError(
                path, i + 1, "there is text before the first cell. Begin with `# %%`."
            )
    ends = [*starts[1:], len(lines)]
    return [
        _block(path, start, lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]


def _block(path: Path, start: int, lines: list[str]) -> Block:
    header = lines[0][MARKER.match(lines[0]).end() :]  # type: ignore[union-attr]
    options: dict[str, Any] = {}
    title = header
    while match := OPTION.search(title):
        try:
            value, end = json.JSONDecoder().raw_decode(title, match.end())
        except json.JSONDecodeError as error:
            raise SourceError(
                path, start + 1, f"{match[1]}= is not valid JSON: {error.msg}."
            ) from None
        options[match[1]] = value
        title = title[: match.start()] + title[end:]
    kind = KIND.search(title)
    title = KIND.sub("", title).strip()
    body = "\n".join(lines[1:]).rstrip()
    if kind is None:
        return Block(title, "code", options, _uncommented_magics(body), start + 1)
    name = "raw" if kind[1] == "raw" else "markdown"
    return Block(title, name, options, _uncommented(body), start + 1)


def _uncommented(body: str) -> str:
    """The text of a cell that is written as comments, or as one quoted string."""
    for quotes in ('"""', "'''"):
        if body.startswith(quotes) and body.endswith(quotes) and len(body) > 5:
            return body[3:-3].strip("\n")
    return "\n".join(re.sub(r"^# ?", "", line) for line in body.split("\n"))


def _uncommented_magics(body: str) -> str:
    return "\n".join(
        match[1] if (match := MAGIC.fullmatch(line)) else line
        for line in textwrap.dedent(body).split("\n")
    )


def _without_front_matter(lines: list[str]) -> list[tuple[int, str]]:
    """Numbered lines, less the `# ---` block that jupytext puts at the top."""
    numbered = list(enumerate(lines))
    fences = [i for i, line in numbered if line.rstrip() == "# ---"]
    if len(fences) >= 2 and not any(line.strip() for line in lines[: fences[0]]):
        return numbered[fences[1] + 1 :]
    return numbered
