"""What the browser tests share: sizes, the folder of the site, a visited page."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
WIDE, NARROW = 1280, 390
HEIGHT = 900


def site_folder() -> Path:
    return Path(os.environ.get("COURSE_SITE", ROOT / "_build" / "html"))


@dataclass
class Visit:
    """A page, and what went wrong on it so far."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        return [f"asked for {url}" for url in self.outside] + self.errors


def pages() -> list[str]:
    """The pages of the table of contents, in its order."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [c["file"] for part in toc["parts"] for c in part["chapters"]]
    return [f"{name}.html" for name in [toc["root"], *chapters]]
