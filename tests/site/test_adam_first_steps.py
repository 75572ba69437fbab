"""The figure of Adam's first steps, worked by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.visiting import NARROW, Visit

CHAPTER = "optimization/adaptive_methods.html"
FIGURE = "#fig-adam-first-steps"


def host(page: Page) -> Locator:
    return page.locator(f"{FIGURE} .figure-interactive")


def predict(page: Page, answer: str) -> None:
    host(page).get_by_role("button", name=answer).focus()
    page.keyboard.press("Enter")


def test_nothing_is_shown_before_the_prediction(visit: Callable[..., Visit]) -> None:
    shown = visit(CHAPTER)
    figure = host(shown.page)
    expect(figure.get_by_role("button")).to_have_count(3)
    expect(figure.get_by_role("slider")).to_have_count(0)
    predict(shown.page, "too small")
    expect(figure.get_by_role("slider")).to_have_count(2)
    expect(figure).to_contain_text("With the usual rates it is too large: 3.16 times.")
    assert shown.problems() == []


def test_the_rates_move_by_keyboard_and_enter_the_address(
    visit: Callable[..., Visit],
) -> None:
    page = visit(CHAPTER).page
    figure = host(page)
    predict(page, "too large")
    expect(figure).to_have_attribute("data-state", "b1=0.9&b2=0.999")
    expect(figure).to_contain_text("Step 12 is the farthest off, at 6.57 times")
    page.keyboard.press("Tab")
    expect(figure.get_by_role("slider", name="β₁")).to_be_focused()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("slider", name="β₂")).to_be_focused()
    for key, rate in [("ArrowLeft", "0.995"), ("Home", "0"), ("End", "0.999")]:
        page.keyboard.press(key)
        expect(figure).to_have_attribute("data-state", f"b1=0.9&b2={rate}")
    assert page.url.endswith(f"{FIGURE}:b1=0.9&b2=0.999")


def test_a_link_in_the_text_sets_the_rates(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTER).page
    predict(page, "too small")
    page.get_by_role("link", name="both to 0.9", exact=True).click()
    expect(host(page)).to_have_attribute("data-state", "b1=0.9&b2=0.9")
    expect(host(page)).to_contain_text("0.316 times the corrected one: too small")


def test_an_address_sets_the_rates(visit: Callable[..., Visit]) -> None:
    page = visit(f"{CHAPTER}{FIGURE}:b1=0&b2=0.99").page
    predict(page, "too small")
    expect(host(page)).to_have_attribute("data-state", "b1=0&b2=0.99")
    expect(host(page)).to_contain_text("10 times the corrected one: too large")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_curve_can_be_seen_on_a_phone(
    visit: Callable[..., Visit], theme: str
) -> None:
    page = visit(CHAPTER, width=NARROW, theme=theme).page
    predict(page, "too large")
    drawing = host(page).locator("svg")
    strokes = drawing.locator("polyline").evaluate_all(
        "lines => lines.map((line) => getComputedStyle(line).stroke)"
    )
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper not in strokes
    assert drawing.bounding_box()["width"] <= NARROW
    heights = drawing.locator("text").evaluate_all(
        "texts => texts.map((text) => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= 12
    for slider in host(page).get_by_role("slider").all():
        assert slider.bounding_box()["height"] >= 44


def test_without_scripts_the_static_picture_stays(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTER, scripts=False).page
    expect(page.locator(f"{FIGURE} svg").first).to_be_visible()
    expect(page.locator(f"{FIGURE} button")).to_have_count(0)
