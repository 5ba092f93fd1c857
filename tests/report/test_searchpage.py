"""The page of a search plan: what it says, and that a browser draws it from the file alone."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import open_report

from safeconduct.desk.assess import Changes
from safeconduct.desk.cases import load_case
from safeconduct.desk.search import plan_search
from safeconduct.model.instants import instant
from safeconduct.report.searchmap import scene
from safeconduct.report.searchpage import page as written

if TYPE_CHECKING:
    from playwright.sync_api import Page

CASE = load_case("varzaqan-2024")
HURT = '<img src=x onerror="window.__hurt=1"></script><script>window.__hurt=1</script>'


@cache
def planned():
    return plan_search(CASE, at="2024-05-19T15:00Z")


def test_the_page_says_what_the_terminal_says():
    """Why each crew was sent, risk, standard, limits, unknowns, and that it advises no end."""
    text = written(planned())
    for words in ("does not advise ending", "Why here", "Risk to searchers", "natsar-2023", "unknown: no terrain"):
        assert words in text


def test_sectors_without_clearance_are_drawn_broken_and_named():
    """State and words of each line on the map."""
    plan = planned().plan
    crews = replace(
        plan.crews, resources=tuple(replace(r, mark="NOT CLEARED - DO NOT FLY") for r in plan.crews.resources)
    )
    drawn = scene(replace(planned(), plan=replace(plan, crews=crews)))["routes"]["features"]
    sectors = [f["properties"] for f in drawn if f["properties"]["way"].startswith("S")]
    assert len(sectors) == len(plan.sectors)
    assert {s["state"] for s in sectors} == {"not-cleared"}
    assert all("NOT CLEARED - DO NOT FLY" in s["says"] for s in sectors)


def test_every_report_with_a_say_is_on_the_map():
    """Lines and labels by id."""
    made = scene(planned())
    drawn = {f["properties"]["way"] for f in made["routes"]["features"]}
    labels = {label["text"] for label in made["labels"]}
    for piece in planned().book.pieces:
        if piece.counts:
            assert f"report:{piece.report.id}" in drawn
            assert piece.report.id in labels


def test_a_what_if_marks_the_page():
    """A moved request stands over everything."""
    moved = Changes({}, (), (None, instant("2024-05-19T11:00Z")))
    made = plan_search(CASE, at="2024-05-19T15:00Z", changes=moved)
    assert made.what_if
    assert "WHAT-IF" in written(made)


@pytest.mark.browser
def test_the_map_is_drawn_without_network_or_errors(page: "Page", tmp_path: Path):
    """Heat, reports, sectors and borders are on the map; clicking a row shows its place."""
    path = tmp_path / "search.html"
    path.write_text(written(planned()), encoding="utf-8")
    open_report(page, path)
    assert page.evaluate("window.__mapIdle") is True
    assert page.evaluate("window.__map.getLayer('heat') !== undefined")
    layers = page.evaluate("window.__map.queryRenderedFeatures().map(f => f.layer.id)")
    assert {"cleared", "report", "outlines"} <= set(layers)
    page.click('[data-way="S1"]')
    assert "First 16 teams" in page.inner_text("#chosen-way")


@pytest.mark.browser
def test_hostile_texts_do_nothing(page: "Page", tmp_path: Path):
    """Words of a case are never markup."""
    hurt = replace(CASE, title=HURT, evidence=tuple(replace(e, what=HURT) for e in CASE.evidence))
    path = tmp_path / "search.html"
    path.write_text(written(plan_search(hurt, at="2024-05-19T15:00Z")), encoding="utf-8")
    open_report(page, path)
    assert page.evaluate("window.__hurt === undefined")
