"""Where an assessment takes them to be: the book's map until the place is known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from safeconduct.desk.cases import open_case
from safeconduct.model.instants import instant
from safeconduct.model.known import as_known
from safeconduct.search.book import write_book
from safeconduct.search.whereabouts import whereabouts

CASE = open_case("varzaqan-2024").case
SEARCHED = as_known(CASE, instant("2024-05-19T17:00Z"))
FOUND = as_known(CASE, instant("2024-05-20T06:00Z"))


def test_while_the_place_is_unknown_it_is_the_map_of_the_book():
    """Cell for cell the map that `search plan` starts from, its outside included."""
    chart, book = whereabouts(SEARCHED), write_book(SEARCHED)
    assert np.array_equal(chart.poa, book.map.poa)
    assert chart.outside == book.map.outside
    assert not chart.known


def test_map_and_outside_add_up():
    """Total probability is 1."""
    chart = whereabouts(SEARCHED)
    assert math.fsum((*chart.poa.tolist(), chart.outside)) == pytest.approx(1.0, abs=1e-12)


def test_ways_are_computed_to_the_likeliest_cell():
    """The site is the middle of the cell with the highest probability."""
    chart = whereabouts(SEARCHED)
    best = int(np.argmax(chart.poa))
    assert chart.site == (chart.lon_deg[best], chart.lat_deg[best])


def test_two_reports_that_agree_make_each_other_likelier():
    """Without the track, the report from the mine is less likely true than beside it."""
    alone = replace(SEARCHED, evidence=tuple(e for e in SEARCHED.evidence if e.id != "companions-track"))
    chance = [
        next(s.weight for s in whereabouts(case).scenarios if s.evidence.id == "companions-sungun")
        for case in (SEARCHED, alone)
    ]
    assert chance[0] > chance[1]


def test_once_found_the_find_stands_alone():
    """The place is known and nobody is off the map."""
    chart = whereabouts(FOUND)
    assert chart.known
    assert chart.outside == 0.0


def test_before_the_find_it_is_what_was_known_then():
    """With the find left out, the map is that of the other reports."""
    assert not whereabouts(FOUND, found=False).known


def test_without_a_report_with_a_place_there_is_no_map():
    """No place, no map."""
    assert whereabouts(replace(SEARCHED, evidence=())) is None
