"""Each interactive figure: a prediction first, by keyboard alone, on a phone, at night.

What the figures compute is tested against the library in tests/book.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.visiting import NARROW, ROOT, WIDE, Visit

PHONE = 360
TABS = 12  # more stops than a figure has
MARK = re.compile(r'data-figure="(\w+)"')
SCREENSHOTS = ROOT / "_build" / "screenshots"


def figures() -> list[tuple[str, str]]:
    """The page and the name of each interactive figure, found in the chapters."""
    return [
        (path.relative_to(ROOT / "book").with_suffix(".html").as_posix(), name)
        for path in sorted((ROOT / "book").glob("*/*.md"))
        for name in MARK.findall(path.read_text(encoding="utf-8"))
    ]


def mounted(page: Page, name: str) -> Locator:
    figure = page.locator(f"#fig-{name.replace('_', '-')} .figure-interactive")
    expect(figure).to_be_visible()
    figure.scroll_into_view_if_needed()
    return figure


def press_until(page: Page, key: str, reached: Callable[[], bool], limit: int) -> None:
    """Press a key until something holds, as somebody without a mouse would."""
    for _ in range(limit):
        if reached():
            return
        page.keyboard.press(key)
    pytest.fail(f"not reached by {limit} × {key}")


def has_focus(element: Locator) -> bool:
    return bool(element.evaluate("(e) => e.contains(document.activeElement)"))


def predict(page: Page, figure: Locator) -> None:
    """Reach the gate by Tab from the heading before the figure, and choose by Enter."""
    figure.evaluate(
        """(figure) => {
            const start = document.createElement("span");
            start.tabIndex = -1;
            figure.before(start);
            start.focus();
        }"""
    )
    choices = figure.locator(".figure-choices")
    press_until(page, "Tab", lambda: has_focus(choices), 3)
    page.keyboard.press("Enter")


def change_by_keyboard(page: Page, figure: Locator, controls: Locator) -> None:
    """Tab through the controls and use each, until one changes the figure's state."""
    before = figure.get_attribute("data-state")
    for _ in range(TABS):
        page.keyboard.press("Tab")
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "Enter"):
            if has_focus(controls) and figure.get_attribute("data-state") == before:
                page.keyboard.press(key)


@pytest.mark.parametrize(("path", "name"), figures())
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_prediction_first_then_by_keyboard_alone(
    visit: Callable[..., Visit], path: str, name: str, width: int, theme: str
) -> None:
    shown = visit(path, width=width, theme=theme)
    page = shown.page
    figure = mounted(page, name)
    gate = figure.locator(".figure-gate")
    controls = figure.locator(":scope > :not(.figure-gate)")
    expect(gate).to_be_visible()
    for control in controls.all():
        expect(control).to_be_hidden()

    predict(page, figure)
    expect(gate).to_have_attribute("data-prediction", re.compile(".+"))
    expect(gate.get_by_role("status")).not_to_be_empty()
    expect(controls.first).to_be_visible()

    before = figure.get_attribute("data-state")
    assert before
    page.screenshot(path=SCREENSHOTS / f"figure_{name}_{width}_{theme}.png")
    change_by_keyboard(page, figure, controls.first)
    assert figure.get_attribute("data-state") != before
    assert page.url.endswith(str(figure.get_attribute("data-state")))
    assert shown.problems() == []


@pytest.mark.parametrize(("path", "name"), figures())
def test_a_link_of_the_text_sets_the_state(
    visit: Callable[..., Visit], path: str, name: str
) -> None:
    shown = visit(path)
    page = shown.page
    figure = mounted(page, name)
    link = page.locator(f"a[data-figure-state][href='#fig-{name.replace('_', '-')}']")
    assert link.count() >= 1
    wanted = str(link.first.get_attribute("data-figure-state"))
    link.first.click()
    for part in wanted.split("&"):
        assert part in str(figure.get_attribute("data-state"))
    page.reload()  # the address alone brings it back
    for part in wanted.split("&"):
        assert part in str(mounted(page, name).get_attribute("data-state"))
    assert shown.problems() == []


@pytest.mark.parametrize(("path", "name"), figures())
def test_fits_a_phone_with_targets_for_a_thumb(
    visit: Callable[..., Visit], path: str, name: str
) -> None:
    page = visit(path, width=PHONE).page
    figure = mounted(page, name)
    predict(page, figure)
    for control in figure.locator(
        "button:visible, select:visible, input:visible"
    ).all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 43.9
        assert box["width"] >= 43.9
        assert box["x"] + box["width"] <= PHONE
    for drawing in figure.locator("svg:visible").all():
        sizes = drawing.evaluate(
            """(svg) => [...svg.querySelectorAll("text")].map((text) =>
                parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)"""
        )
        assert min(sizes, default=8) >= 8


@pytest.mark.parametrize(("path", "name"), figures())
def test_a_picture_stands_there_without_scripts(
    visit: Callable[..., Visit], path: str, name: str
) -> None:
    page = visit(path, width=NARROW, scripts=False).page
    figure = page.locator(f"#fig-{name.replace('_', '-')}")
    expect(figure.locator("svg:visible").first).to_be_visible()
    assert figure.locator(".figure-interactive").count() == 0


def test_there_are_figures_to_try() -> None:
    names = {name for _, name in figures()}
    assert {"graph_stepper", "adam_first_steps"} <= names
