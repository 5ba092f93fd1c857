"""The page in a real browser: it draws, it fetches nothing, it says what may not be flown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import open_report
from tests.report.sample import sample
from tests.report.test_html import hostile

from safeconduct.report import html

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def show(page: Page, folder: Path, text: str) -> None:
    path = folder / "report.html"
    path.write_text(text, encoding="utf-8")
    open_report(page, path)


def test_map_is_drawn_without_network_or_errors(page: Page, tmp_path: Path):
    """The map is drawn from the file alone, with every layer, and nothing complains."""
    show(page, tmp_path, html.page(sample()))
    assert page.evaluate("window.__mapIdle") is True
    layers = page.evaluate("window.__map.queryRenderedFeatures().map(f => f.layer.id)")
    assert {"borders", "outlines", "cleared", "not-cleared", "graticule"} <= set(layers)


def test_choosing_a_way_says_that_it_is_not_cleared(page: Page, tmp_path: Path):
    """Clicking a way that is not cleared highlights it and shows the words."""
    show(page, tmp_path, html.page(sample()))
    page.click('[data-way="uav-night"]')
    assert "NOT CLEARED - DO NOT FLY" in page.inner_text("#chosen-way")
    assert "Unarmed UAV" in page.inner_text("tr.chosen")
    assert "NOT CLEARED - DO NOT FLY" in page.inner_text("tr.chosen")


def test_hostile_texts_do_nothing(page: Page, tmp_path: Path):
    """Hostile words neither run nor break the map."""
    show(page, tmp_path, html.page(hostile()))
    assert page.evaluate("window.__hurt === undefined")


def test_dark_page_is_drawn(page: Page, tmp_path: Path):
    """Where the reader prefers dark, paper and map are dark."""
    page.emulate_media(color_scheme="dark")
    show(page, tmp_path, html.page(sample()))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 29)"
    assert page.evaluate("window.__map.getPaintProperty('paper', 'background-color')") == "#232a2e"


def test_narrow_screen_needs_no_sideways_scrolling(page: Page, tmp_path: Path):
    """On a telephone the page is as wide as the screen; wide figures scroll in their own frames."""
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, tmp_path, html.page(sample()))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
