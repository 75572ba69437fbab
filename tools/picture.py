"""The picture of README.md, from the built book and the graded sample class.

    make course && .venv/bin/python tools/picture.py

On the left the first chapter's figure, a prediction made and some steps taken; on the
right what a student reads whose Adam forgot the bias correction.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

SITE = Path("_build/html")
CHAPTER = SITE / "graphs" / "computational_graphs.html"
FIGURE = "graph=diamond&done=cdeed"
FEEDBACK = Path("_build/sample_class/feedback")
HINT = 'class="hint"'
TARGET = Path("book/static/course.png")
WIDTH = 660  # of each half, in pixels
HEIGHT = 2000  # of the window; more than either half needs
MARGIN = 24
QUIET = "#pst-back-to-top, .bd-header-article, .headerlink { display: none !important }"


def chapter(page: Page) -> bytes:
    page.goto(f"{CHAPTER.resolve().as_uri()}#fig-graph-stepper:{FIGURE}")
    page.evaluate("() => MathJax.startup.promise")
    page.add_style_tag(content=QUIET)
    page.locator(".figure-choices button").nth(2).click()
    return page.locator("#fig-graph-stepper").screenshot()


def feedback(page: Page) -> bytes:
    """From the student's code to the hint, on the first page that has one."""
    for path in sorted(FEEDBACK.glob("*/adam/adam.html")):
        if HINT not in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.resolve().as_uri())
        failed = page.locator("section, article, div").filter(has=page.locator(".hint"))
        code = failed.last.locator("xpath=preceding-sibling::*[1]").bounding_box()
        test = failed.last.bounding_box()
        if code is None or test is None:
            sys.exit(f"picture: {path} has no code before its hint")
        height = test["y"] + test["height"] - code["y"]
        return page.screenshot(clip={**code, "height": height}, full_page=True)
    sys.exit(f"picture: no feedback with a hint in {FEEDBACK}: run `make course` first")


def main() -> None:
    browser = os.environ.get("COURSE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        halves = [Image.open(io.BytesIO(take(page))) for take in (chapter, feedback)]
        chromium.close()
    height = max(half.height for half in halves)
    width = sum(half.width for half in halves)
    picture = Image.new("RGB", (width + 3 * MARGIN, height + 2 * MARGIN), "white")
    left = MARGIN
    for half in halves:
        picture.paste(half, (left, MARGIN + (height - half.height) // 2))
        left += half.width + MARGIN
    picture.save(TARGET, optimize=True)
    print(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
