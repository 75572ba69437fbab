"""What a reader does with the site: searches, switches themes, opens what is folded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.site.visiting import NARROW, Visit

CHAPTER = "optimization/adaptive_methods.html"


def test_search_finds_a_term_of_a_chapter(visit: Callable[..., Visit]) -> None:
    shown = visit("index.html")
    page = shown.page
    page.keyboard.press("Control+k")
    page.locator("input[type=search]:visible").fill("AdaDelta")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=AdaDelta*")
    result = page.locator("#search-results li a", has_text="Adaptive methods").first
    expect(result).to_be_visible()
    result.click()
    page.wait_for_url(f"**/{CHAPTER}**")
    assert shown.problems() == []


def test_theme_switch_reaches_both_themes_and_is_remembered(
    visit: Callable[..., Visit],
) -> None:
    shown = visit(CHAPTER, theme="light")
    page = shown.page
    root = page.locator("html")

    def background() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = background()
    switch = page.locator(".theme-switch-button:visible").first
    for _ in range(3):
        if root.get_attribute("data-theme") == "dark":
            break
        switch.click()
    expect(root).to_have_attribute("data-theme", "dark")
    assert background() != light
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    assert shown.problems() == []


def test_menu_opens_on_a_phone(visit: Callable[..., Visit]) -> None:
    shown = visit("index.html", width=NARROW)
    page = shown.page
    chapter = page.get_by_role("link", name="Adaptive methods", exact=True)
    expect(chapter.first).not_to_be_in_viewport()
    page.locator("button.primary-toggle:visible").click()
    opened = page.get_by_role("link", name="Adaptive methods", exact=True)
    expect(opened.locator("visible=true").first).to_be_in_viewport()
    opened.locator("visible=true").first.click()
    page.wait_for_url(f"**/{CHAPTER}")
    assert shown.problems() == []


@pytest.mark.parametrize(
    "path", ["graphs/computational_graphs.html", "optimization/adaptive_methods.html"]
)
def test_solutions_are_folded_and_open_by_keyboard(
    visit: Callable[..., Visit], path: str
) -> None:
    page = visit(path).page
    solutions = page.locator(".solution.admonition")
    assert solutions.count() >= 6
    for solution in solutions.all():
        assert solution.get_by_role("button").count() >= 1
        assert solution.locator("section").first.is_hidden()
    solutions.first.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    expect(solutions.first.locator("section").first).to_be_visible()
