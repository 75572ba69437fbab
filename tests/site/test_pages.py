"""Every page, wide and narrow, light and dark, with every host but our own blocked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.visiting import NARROW, ROOT, WIDE, Visit, pages, site_folder

SCREENSHOTS = ROOT / "_build" / "screenshots"


def sideways(page: Page) -> list[str]:
    """What is wider than the window, if the page scrolls sideways."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("article *")]
                .filter((e) => e.getBoundingClientRect().right > width + 1)
                .slice(0, 3)
                .map((e) => `${e.tagName}.${e.className} is wider than the page`)
                .concat("the page scrolls sideways");
        }"""
    )


def mathematics(page: Page) -> list[str]:
    """Formulas that were not typeset, or were typeset as an error."""
    return page.evaluate(
        """() => [...document.querySelectorAll("article .math")]
            .filter((e) => !e.querySelector("mjx-container"))
            .map((e) => `not typeset: ${e.textContent.slice(0, 60)}`)
            .concat([...document.querySelectorAll("mjx-merror")]
                .map((e) => `TeX error: ${e.textContent.slice(0, 60)}`))"""
    )


def pictures(page: Page) -> list[str]:
    """Pictures that are broken, or say nothing to who can't see them."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main img")]
            .flatMap((e) => [
                [e.complete && e.naturalWidth > 0, "does not load"],
                [e.hasAttribute("alt"), "has no alt text"],
            ].filter(([good]) => !good).map(([, why]) => `${e.src} ${why}`))
            .concat([...document.querySelectorAll("article svg")]
                .filter((e) => !e.closest("button, a, [aria-hidden=true]"))
                .filter((e) => !e.parentElement.closest("svg"))
                .filter((e) => !(e.getAttribute("aria-label") || "").trim()
                    && !e.querySelector(":scope > title") && !e.ariaHidden)
                .map((e) => `an svg has no label: ${e.outerHTML.slice(0, 80)}`))"""
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", [*pages(), "search.html"])
def test_page_is_sound(
    visit: Callable[..., Visit], path: str, width: int, theme: str
) -> None:
    shown = visit(path, width=width, theme=theme)
    page = shown.page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = f"{path.removesuffix('.html').replace('/', '_')}_{width}_{theme}.png"
    page.screenshot(path=SCREENSHOTS / name, full_page=True)

    problems = shown.problems() + sideways(page) + mathematics(page) + pictures(page)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert problems == []


@pytest.mark.parametrize("path", pages())
def test_page_says_what_it_is(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path).page
    assert page.locator("h1:visible").count() == 1
    assert page.locator("h1:visible").inner_text().rstrip("#") in page.title()
    description = page.locator("meta[name=description]")
    assert description.count() == 1
    assert len(description.get_attribute("content") or "") > 20
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("path", pages())
def test_page_reads_without_scripts(visit: Callable[..., Visit], path: str) -> None:
    shown = visit(path, width=NARROW, scripts=False)
    assert shown.page.locator("article h1").is_visible()
    assert shown.problems() == []


def test_there_is_no_page_beside_the_table_of_contents() -> None:
    folder: Path = site_folder()
    built = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if not path.relative_to(folder).parts[0].startswith("_")
    }
    assert built == {*pages(), "search.html", "genindex.html"}
