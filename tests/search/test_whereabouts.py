"""Where an assessment takes them to be: the book's map until the place is known."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.assessment.worlds import SITE, case, report
from tests.search.reports import told

from safeconduct.desk.cases import open_case
from safeconduct.model.instants import instant
from safeconduct.model.known import as_known
from safeconduct.model.places import Bearing, Searched
from safeconduct.search.book import write_book
from safeconduct.search.whereabouts import whereabouts

CASE = open_case("varzaqan-2024").case
SEARCHED = as_known(CASE, instant("2024-05-19T17:00Z"))
FOUND = as_known(CASE, instant("2024-05-20T06:00Z"))


def test_while_the_place_is_unknown_it_is_the_map_of_the_book():
    """Cell for cell the map that `search plan` starts from, its outside included."""
    chart, book = whereabouts(SEARCHED), write_book(SEARCHED)
    assert np.array_equal(chart.map.poa, book.map.poa)
    assert chart.map.outside == book.map.outside
    assert not chart.known


def test_map_and_outside_add_up():
    """Total probability is 1."""
    chart = whereabouts(SEARCHED)
    assert math.fsum((*chart.map.poa.tolist(), chart.map.outside)) == pytest.approx(1.0, abs=1e-12)


def test_ways_are_computed_to_the_likeliest_cell():
    """The site is the middle of the cell with the highest probability."""
    chart = whereabouts(SEARCHED)
    best = int(np.argmax(chart.map.poa))
    assert chart.site == (chart.map.grid.lon_deg[best], chart.map.grid.lat_deg[best])


def test_two_reports_that_agree_make_each_other_likelier():
    """Without the track, the report from the mine is less likely true than beside it."""
    alone = replace(SEARCHED, evidence=tuple(e for e in SEARCHED.evidence if e.id != "companions-track"))
    chance = [
        next(s.weight for s in whereabouts(case).reports if s.evidence.id == "companions-sungun")
        for case in (SEARCHED, alone)
    ]
    assert chance[0] > chance[1]


def test_once_found_the_find_stands_alone():
    """The place is known and nobody is off the map."""
    chart = whereabouts(FOUND)
    assert chart.known
    assert chart.map.outside == 0.0


def test_before_the_find_it_is_what_was_known_then():
    """With the find left out, the map is that of the other reports."""
    assert not whereabouts(FOUND, found=False).known


def test_without_a_report_with_a_place_there_is_no_map():
    """No place, no map."""
    assert whereabouts(replace(SEARCHED, evidence=())) is None


def chart_of(*reports):
    return whereabouts(case(evidence=reports))


@pytest.mark.parametrize("settles", [{"known": True}, {"finds": True}])
def test_a_report_that_settles_the_place_stands_alone(settles):
    """A known place, or a find, leaves the other reports out, whatever its grade; the map is one cell."""
    chart = chart_of(report("heavy", sigma_km=10.0), report("settled", at=(10.4, 0.1), reliability="F", **settles))
    assert chart.known
    assert [each.evidence.id for each in chart.reports] == ["settled"]
    assert chart.site == (10.4, 0.1)
    assert chart.map.poa.tolist() == [1.0]


def test_of_two_that_settle_it_the_later_known_counts():
    """A correction replaces the first find."""
    chart = chart_of(report("one", finds=True, known_h=2.0), report("two", at=(10.4, 0.1), finds=True, known_h=3.0))
    assert chart.site == (10.4, 0.1)


def test_withdrawn_and_placeless_reports_count_for_nothing():
    """What was taken back, and what says nothing of where, is not on the map; nothing else is no map."""
    gone, vague = report("gone", withdrawn_h=1.0), report("vague", mapped=False)
    assert chart_of(gone, vague) is None
    chart = chart_of(gone, vague, report("stays", at=(10.4, 0.1)))
    assert [each.evidence.id for each in chart.reports] == ["stays"]


def test_the_likeliest_report_comes_first():
    """An A1 report stands before a C3 report elsewhere, and ways go to the first."""
    weak = report("weak", points=((10.5, 0.1),), sigma_km=3.0, reliability="C", credibility="3")
    chart = chart_of(weak, report("sure", sigma_km=3.0))
    assert [each.evidence.id for each in chart.reports] == ["sure", "weak"]
    assert chart.site == pytest.approx(SITE, abs=0.01)


def test_the_effort_spread_over_the_map_adds_up_to_one():
    """The share of effort integrates to 1 and goes with the root of the density."""
    chart = chart_of(report(sigma_km=5.0))
    effort = chart.effort_km2()
    held = chart.map.poa > 0.0
    assert (effort * chart.map.grid.cell_km2).sum() == pytest.approx(1.0)
    ratio = effort[held] ** 2 / chart.map.density()[held]
    assert ratio.max() == pytest.approx(ratio.min())


def test_an_area_searched_alone_says_nothing_of_where():
    """What was seen empty needs another report beside it; alone it is no map."""
    assert chart_of(told("empty", "searched", Searched(0.9), radius_km=5.0)) is None


def test_a_bearing_puts_them_along_it():
    """Most lies to the north of the station, and the middle it is shown at is a place of its line."""
    chart = chart_of(told("df", "bearing", Bearing(0.0, 5.0, 40.0)))
    on_map = chart.map.poa / chart.map.poa.sum()
    assert on_map[chart.map.grid.lat_deg > SITE[1]].sum() > 0.9
    assert chart.site[1] >= SITE[1]


@pytest.mark.parametrize(
    ("points", "middle"),
    [
        (((10.0, 0.1), (10.2, 0.1)), (10.1, 0.1)),
        (((179.9, 5.0), (-179.9, 5.0)), (180.0, 5.0)),
        (((10.0, 0.1), (10.0, 0.1)), (10.0, 0.1)),
    ],
)
def test_a_track_is_shown_by_its_middle(points, middle):
    """Half-way along the line, across the antimeridian too; a line without length is its point."""
    chart = chart_of(report("line", kind="track", points=points, sigma_km=3.0))
    lon, lat = chart.reports[0].middle
    assert ((lon - middle[0] + 180.0) % 360.0 - 180.0, lat) == pytest.approx((0.0, middle[1]), abs=1e-6)
