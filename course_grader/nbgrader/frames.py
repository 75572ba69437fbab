"""Where an error came from, read off the traceback that IPython wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

ANSI = re.compile(r"\x1b\[[0-9;]*m")
IN_CELL = re.compile(r"\s*Cell In\[(\d+)\], line (\d+)(?:, in ([^\s(]+))?")
IN_FILE = re.compile(r"\s*File (.+?):(\d+)(?:, in ([^\s(]+))?")
NEXT_ERROR = re.compile(r"\s*(The above exception|During handling of the above)")


class Frame(NamedTuple):
    """One line of code on the way to an error."""

    execution: int | None  # the cell's execution count; None for a file
    line: int
    function: str


def plain(text: str) -> str:
    """The text without a terminal's colors."""
    return ANSI.sub("", text)


def read_frames(traceback: Iterable[str]) -> list[Frame]:
    """The frames of the error that was raised last, outermost first.

    What is not a frame's header is skipped: source lines and messages may hold a
    test's secrets, and none of them is passed on.
    """
    frames: list[Frame] = []
    for part in traceback:
        text = plain(part)
        if NEXT_ERROR.match(text):
            frames = []
        elif match := IN_CELL.match(text):
            frames.append(Frame(int(match[1]), int(match[2]), match[3] or ""))
        elif match := IN_FILE.match(text):
            frames.append(Frame(None, int(match[2]), match[3] or ""))
    return frames
