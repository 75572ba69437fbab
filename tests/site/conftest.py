"""The built site behind a local server, and a browser that reaches nothing else.

`make browser` builds the book first. COURSE_SITE names another folder to test,
COURSE_CHROMIUM another browser.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, sync_playwright

from tests.site.visiting import HEIGHT, WIDE, Visit, site_folder

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site() -> Path:
    folder = site_folder()
    if not (folder / "index.html").is_file():
        pytest.fail(f"there is no book in {folder}: run `make browser`", pytrace=False)
    return folder


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test's output is not the place for an access log."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    handler = partial(_Handler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = os.environ.get("COURSE_CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    if found is None:
        pytest.fail(
            "no Chromium found: on Debian 'sudo apt install chromium', or name one in "
            "COURSE_CHROMIUM",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open a page of the site: `visit("index.html", width=390, theme="dark")`."""
    contexts = []

    def open_page(
        path: str, *, width: int = WIDE, theme: str = "light", scripts: bool = True
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        result = Visit(context.new_page())

        def admit(route: Route) -> None:
            if route.request.url.startswith(address):
                route.continue_()
            else:
                result.outside.append(route.request.url)
                route.abort()

        context.route("**/*", admit)
        page = result.page
        page.on("pageerror", lambda error: result.errors.append(f"script: {error}"))
        page.on(
            "console",
            lambda message: (
                result.errors.append(f"console: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        page.goto(f"{address}/{path}", wait_until="load")
        if scripts:
            page.evaluate(
                "() => window.MathJax && MathJax.startup && MathJax.startup.promise"
            )
        return result

    yield open_page
    for context in contexts:
        context.close()
