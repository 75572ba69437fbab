"""Names, roles and landmarks, as somebody hears them who can't see the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.site.visiting import NARROW, WIDE, Visit, pages

LABELS = """() => [...document.querySelectorAll("button, a, summary")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .filter((e) => e.hasAttribute("aria-label"))
    .map((e) => [e.getAttribute("aria-label"),
        (e.innerText || "").replace(/\\s+/g, " ").trim()
        || [...e.querySelectorAll("[title]:not([aria-hidden])")]
            .map((icon) => icon.title).join(" ")])
    .filter(([label, text]) => !label.toLowerCase().includes(text.toLowerCase()))"""
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .filter((e) => !e.closest("[aria-hidden=true]"))
    .filter((e) => !(e.innerText || e.ariaLabel || e.title || e.placeholder
        || e.labels?.length || e.querySelector("img[alt], svg[aria-label], svg title")))
    .map((e) => e.outerHTML.slice(0, 120))"""
LOST = """() => [...document.querySelectorAll("p, img, h1, h2, h3")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(
        "main, nav, header, footer, aside, dialog, [role]"))
    .map((e) => e.outerHTML.slice(0, 120))"""
LISTS = """() => [...document.querySelectorAll("[role=list]")]
    .flatMap((e) => [...e.children])
    .filter((e) => e.getAttribute("role") !== "listitem" && e.tagName !== "LI")
    .map((e) => e.outerHTML.slice(0, 120))"""
LEVELS = """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5)")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .map((e) => Number(e.tagName[1]))"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", pages())
def test_names_roles_and_landmarks(
    visit: Callable[..., Visit], path: str, width: int
) -> None:
    page = visit(path, width=width).page
    found = {
        "a label without the visible text": page.evaluate(LABELS),
        "a control without a name": page.evaluate(NAMELESS),
        "outside of any landmark": page.evaluate(LOST),
        "no item of its list": page.evaluate(LISTS),
    }
    assert {what: where for what, where in found.items() if where} == {}


@pytest.mark.parametrize("path", pages())
def test_headings_skip_no_level(visit: Callable[..., Visit], path: str) -> None:
    levels = visit(path).page.evaluate(LEVELS)
    assert levels[0] == 1
    steps = [b - a for a, b in pairwise(levels)]
    assert max(steps, default=0) <= 1
