"""
A page of the system's own Chromium, driven by Playwright, with software graphics and no network of its own.

A test that uses the `page` fixture bears `@pytest.mark.browser`. Open a report with `open_report(page, path)`: it waits
for the map to be drawn and fails on script errors and on any request that leaves the machine.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

FLAGS = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOCAL = ("file:", "data:", "blob:", "about:")
MAP_DRAWN_MS = 60_000


def chromium() -> str | None:
    """Path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def page() -> Iterator["Page"]:
    """A fresh page, 1280 x 900, in a browser of its own."""
    from playwright.sync_api import sync_playwright  # lazy: only browser tests need it, and it is slow to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def open_report(page: "Page", path: Path) -> None:
    """Open *path* and wait until its map, if it has one, is drawn; fail on errors and on requests beyond the file."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith(LOCAL) else troubles.append(f"asked for {request.url}"),
    )
    page.goto(path.resolve().as_uri())
    page.wait_for_function("window.__mapIdle === undefined || window.__mapIdle === true", timeout=MAP_DRAWN_MS)
    assert troubles == []
