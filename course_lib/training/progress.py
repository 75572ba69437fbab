"""A bar that shows how far training has come, if tqdm is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress_bar(steps: int, done: int, *, shown: bool) -> Iterator[Any]:
    """tqdm's bar, or one that shows nothing where it is not wanted or not installed.

    Args:
        steps: how many there are.
        done: how many of them lie behind already.
        shown: whether a bar is wanted.
    """
    bar: Any = _NoBar()
    if shown:
        try:
            from tqdm import tqdm
        except ImportError:
            pass
        else:
            bar = tqdm(total=steps, initial=done, unit="batch")
    try:
        yield bar
    finally:
        bar.close()


class _NoBar:
    def set_description(self, text: str) -> None: ...
    def set_postfix(self, values: dict[str, float]) -> None: ...
    def update(self) -> None: ...
    def close(self) -> None: ...
