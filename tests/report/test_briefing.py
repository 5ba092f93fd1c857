"""Briefing sheets: what a coordinator needs to brief unlike crews, one A4 side each."""

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.search.crews import crew, grid_at, on_foot, plan_of, sector_on, shipped

from safeconduct.report.briefing import BLANK, briefing_lines, corner_rows
from safeconduct.report.briefingpage import sheets
from safeconduct.search.assignments import assignments

if TYPE_CHECKING:
    from playwright.sync_api import Page

BARRED = crew(
    id="guest", name="Guest", provider="XA", cleared=False, missing=("IR-ENTRY", "IR-OVER"),
    mark="NOT CLEARED - DO NOT FLY",
)  # fmt: skip
DRONE = crew(id="drone", name="Drone", kind="uav", endurance_h=20.0)


@cache
def four(**given):
    """A helicopter, a drone, eight teams and a guest that is not cleared, all at once."""
    grid = grid_at()
    return plan_of(
        (crew(), sector_on(grid, -6.0, -4.0, 6.0, 8.0)),
        (DRONE, sector_on(grid, 1.0, -4.0, 4.0, 6.0, id="S2")),
        (on_foot(), sector_on(grid, 2.0, 2.5, 2.0, 1.0, id="S3", hours=8.0)),
        (BARRED, sector_on(grid, 6.0, -4.0, 6.0, 4.0, id="S4")),
        grid=grid,
        **given,
    )


def told(planned, name):
    own = [a for a in assignments(planned) if a.resource.id == name]
    return "\n".join(briefing_lines(planned, own)), sheets(planned, own, assignments(planned))


@pytest.mark.parametrize("name", ["heli", "drone", "teams", "guest"])
def test_each_sheet_says_why_what_how_when_and_under_which_clearance(name):
    """On paper and as text alike."""
    text, page = told(four(), name)
    for words in (
        "of all probability", "exponential to inverse cube", "companions-track", "spacing", "on scene", "light:",
        "Not known", "terrain", "out:", "search:", "back:", "elevated" if name == "x" else "low", "W:", "source:",
        "does not advise ending", "RCC", "frequencies",
    ):  # fmt: skip
        assert words.lower() in text.lower()
        assert words.removesuffix(":").lower() in page.lower()


def test_corners_in_three_notations():
    """Degrees and minutes, UTM and MGRS, with the datum; the commence point too."""
    (made, *_) = assignments(four())
    rows = corner_rows(four(), made)
    assert [row[0] for row in rows] == ["SW", "SE", "NE", "NW", "CSP"]
    assert all(re.fullmatch(r"\d\d \d\d\.\d\d N \d{3} \d\d\.\d\d E", row[1]) for row in rows)
    assert all(re.fullmatch(r"38S \d{6} E \d{7} N", row[3]) for row in rows)
    assert all(re.fullmatch(r"38S [A-Z]{2} \d{5} \d{5}", row[4]) for row in rows)
    assert "WGS 84" in told(four(), "heli")[0]


def test_what_is_not_cleared_stands_over_and_under_the_sheet():
    """And each leg bears it; no track, no exact place for another party's crew."""
    text, page = told(four(), "guest")
    assert page.count("NOT CLEARED - DO NOT FLY") >= 5
    assert "*** NOT CLEARED - DO NOT FLY ***" in text
    assert 'class="track"' not in page
    assert 'class="sector broken"' in page
    assert "coarse (10 km) until acceptance" in page
    assert "IR-OVER" in text
    assert not re.search(r"38S [A-Z]{2} \d{5} \d{5}", page)


def test_the_cleared_bear_no_mark():
    """A mark on every sheet would be read on none."""
    assert 'class="mark"' not in told(four(), "heli")[1]


def test_a_what_if_marks_every_sheet():
    """Twice, and names what was supposed."""
    _, page = told(four(what_if=("IR-ENTRY granted",)), "heli")
    assert page.count('<p class="mark">WHAT-IF: IR-ENTRY granted</p>') == 2
    assert 'class="track"' not in page


def test_unknown_contacts_are_left_blank():
    """Nothing is invented."""
    assert BLANK in told(four(), "heli")[0]


def test_neighbours_are_told_how_to_keep_apart():
    """Aircraft by height or time, people beneath."""
    text, _ = told(four(), "drone")
    assert "SEPARATE BY HEIGHT OR TIME" in text
    assert "people on the ground under you" in text
    assert "150 m above the lowest" in text
    assert "aircraft overhead: be seen" in told(four(), "teams")[0]


def test_units_have_their_own_commence_points():
    """One line for each team."""
    text, _ = told(four(), "teams")
    assert len(re.findall(r"^unit +\d+  CSP 38S", text, re.MULTILINE)) == 8


def test_unverified_widths_are_marked():
    """The teams' width was not read in its source."""
    assert "UNVERIFIED" in told(four(), "teams")[0].split("SWEEP WIDTH")[1]
    assert "UNVERIFIED" not in told(four(), "heli")[0].split("SWEEP WIDTH")[1]


def test_words_of_a_case_are_never_markup():
    """A hostile name is text."""
    hurt = '<img src=x onerror="x">'
    grid = grid_at()
    _, page = told(plan_of((crew(name=hurt), sector_on(grid, -4.0, -4.0, 6.0, 8.0)), grid=grid), "heli")
    assert "<img" not in page


def crowded():
    """The longest sheets there are: long reports, many clearances, marks, neighbours, forty units."""
    grid = grid_at()
    long = "word " * 60
    case = shipped().case
    evidence = tuple(replace(e, what=long) for e in case.evidence)
    pieces = tuple(replace(p, report=replace(p.report, what=long)) for p in shipped().book.pieces)
    why = tuple((p.report.id, 2.0) for p in pieces if p.counts)
    missing = tuple(f"AN-ENTRY-OF-A-LONG-NAME-{n}" for n in range(9))
    barred = replace(BARRED, missing=missing, unknown=(long,) * 9, risk=("high", long[:200]), name="Guest " * 8)
    pairs = [
        (replace(barred, id=f"guest-{n}"), sector_on(grid, 2.0 * n - 8.0, -4.0, 2.0, 6.0, id=f"S{n}", why=why))
        for n in range(4)
    ]
    teams = (
        replace(barred, id="teams", kind="team", provider="IR"),
        sector_on(grid, -8.0, 2.0, 8.0, 6.0, id="S9", why=why),
    )
    many = (
        replace(on_foot(40.0), risk=("high", long[:200]), unknown=(long,) * 9),
        sector_on(grid, 1.0, 2.0, 8.0, 6.0, id="S8", why=why),
    )
    return plan_of(
        *pairs, teams, many, grid=grid, case=replace(case, evidence=evidence),
        book=replace(shipped().book, pieces=pieces), what_if=(long[:90], long[:90]),
    )  # fmt: skip


@pytest.mark.browser
def test_each_sortie_prints_on_one_side_of_a4(page: "Page", tmp_path):
    """As many sides as sorties, for the shipped plan and for the longest sheets there are."""
    for planned in (shipped(), four(), crowded()):
        every = assignments(planned)
        for name in {each.resource.id for each in every}:
            own = [each for each in every if each.resource.id == name]
            path = tmp_path / f"{name}.html"
            path.write_text(sheets(planned, own, every), encoding="utf-8")
            page.goto(path.as_uri())
            made = page.pdf(prefer_css_page_size=True, print_background=True)
            assert len(re.findall(rb"/Type /Page\b", made)) == len(own), name
