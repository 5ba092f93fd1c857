"""Patterns: inside their area, as long as the effort, evenly spaced; the shapes of the manuals."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.patterns import (
    MOST_LEGS,
    SECTOR,
    SQUARE,
    TRACK,
    _least,
    _order,
    best_sweep,
    cut,
    line_km,
    sector,
    square,
    sweep,
    track_line,
)
from safeconduct.search.turns import u_turn_km

SIDES = st.tuples(st.floats(0.3, 60.0), st.floats(0.05, 1.0)).map(lambda t: (t[0], t[0] * t[1]))
RADIUS = st.one_of(st.just(0.0), st.floats(0.1, 3.0))


def effort_for(sides, coverage):
    return sides[0] * sides[1] * coverage


EFFORT = st.floats(0.5, 400.0)


@given(SIDES, EFFORT, RADIUS, st.booleans())
def test_legs_lie_in_the_area_and_turns_in_their_room(sides, effort, radius, across):
    """Every leg inside the rectangle, every point of the track inside it or its stated turning room."""
    made = sweep(*sides, effort, radius, across=across)
    half = np.array(sides) / 2.0
    assert (np.abs(made.legs) <= half + 1e-9).all()
    assert (np.abs(made.track) <= half + made.beyond_km + 1e-9).all()


@given(SIDES, EFFORT, RADIUS, st.booleans())
def test_it_is_never_longer_than_the_effort_and_short_of_it_by_less_than_a_leg(sides, effort, radius, across):
    """The stated tolerance: one leg more, drawn in as far as may be, would not fit."""
    made = sweep(*sides, effort, radius, across=across)
    assert made.total_km <= effort * (1 + 1e-9)
    if made.kind != TRACK and len(made.legs) < MOST_LEGS:
        along, beside = (sides[1], sides[0]) if across else sides
        assert effort < _least(along, beside, len(made.legs) + 1, radius)


@given(st.integers(1, 40), st.floats(0.05, 3.0), st.floats(0.0, 3.0))
def test_skipping_legs_flies_each_once_and_saves_turns(count, spacing, radius):
    """Never longer than one after the other; one after the other where turns are narrow enough."""
    order, length = _order(count, spacing, radius)
    assert sorted(order) == list(range(count))
    assert length <= (count - 1) * u_turn_km(spacing, radius) + 1e-9
    if spacing >= 2.0 * radius:
        assert order == tuple(range(count))


def test_tight_spacing_is_flown_in_wide_turns():
    """Twelve legs a third of a kilometre apart, 0.64 km of radius: under three quarters of the turns of neighbours."""
    order, length = _order(12, 1.0 / 3.0, 0.637)
    assert length < 0.75 * 11 * u_turn_km(1.0 / 3.0, 0.637)
    assert order[:3] == (0, order[1], 1)


@given(SIDES, EFFORT, RADIUS, st.booleans())
def test_the_drawn_track_is_as_long_as_it_is_said(sides, effort, radius, across):
    """Legs and turns add up to the line, but for the chords of its arcs."""
    made = sweep(*sides, effort, radius, across=across)
    assert line_km(made.track) == pytest.approx(made.total_km, rel=1e-3)
    assert made.legs_km == pytest.approx(math.fsum(line_km(leg) for leg in made.legs), rel=1e-9)


@given(SIDES, EFFORT, RADIUS)
def test_spacing_is_even_and_begins_half_of_it_inside(sides, effort, radius):
    """IAMSAR: the first leg half a spacing inside the edge, all legs equally far apart."""
    made = sweep(*sides, effort, radius)
    offsets = np.sort(made.legs[:, 0, 1])
    if made.kind != TRACK:
        assert offsets[0] == pytest.approx(made.spacing_km / 2.0 - sides[1] / 2.0, abs=1e-9)
        assert np.diff(offsets) == pytest.approx(np.full(len(offsets) - 1, made.spacing_km))


@given(SIDES, EFFORT, RADIUS)
def test_legs_draw_in_by_no_more_than_half_a_spacing(sides, effort, radius):
    """Where IAMSAR puts the commence search point."""
    made = sweep(*sides, effort, radius)
    if made.kind != TRACK:
        inset = sides[0] / 2.0 - np.abs(made.legs[..., 0]).max()
        assert inset <= made.spacing_km / 2.0 + 1e-9


@given(SIDES, EFFORT, RADIUS)
def test_short_legs_are_chosen_only_where_they_search_more(sides, effort, radius):
    """Legs along the long axis else."""
    assert best_sweep(*sides, effort, radius).legs_km >= sweep(*sides, effort, radius).legs_km - 1e-9


def test_a_worked_case():
    """10 x 4 km, no turns, 40 km: four legs of 10 km, a kilometre apart, less the three cross legs."""
    made = sweep(10.0, 4.0, 43.0, 0.0)
    assert len(made.legs) == 4
    assert made.spacing_km == pytest.approx(1.0)
    assert made.legs_km == pytest.approx(40.0)
    assert made.total_km == pytest.approx(43.0)


def test_effort_for_less_than_a_leg_is_one_line_through_the_middle():
    """A degenerate sector still has something to fly."""
    made = sweep(10.0, 0.5, 3.0, 1.0)
    assert made.kind == TRACK
    assert made.legs.tolist() == [[[-1.5, 0.0], [1.5, 0.0]]]


@given(st.integers(1, 12), st.floats(0.1, 5.0))
def test_the_square_has_the_length_of_its_formula(m, spacing):
    """2m legs are m (m + 1) S long."""
    total = m * (m + 1) * spacing
    made = square(10.0 * m * spacing, total, spacing)
    assert made.kind == SQUARE
    assert len(made.legs) == 2 * m
    assert line_km(made.track) == pytest.approx(total)
    assert made.total_km == pytest.approx(total)


@given(st.floats(0.5, 40.0), EFFORT, st.floats(0.05, 5.0))
def test_the_square_stays_in_its_square_and_its_effort(side, effort, spacing):
    """It stops where the next leg would leave it."""
    made = square(side, effort, spacing)
    assert np.abs(made.track).max() <= side / 2.0 + 1e-9
    assert made.total_km <= effort * (1 + 1e-9)


@given(st.floats(0.5, 40.0), EFFORT)
def test_the_sector_search_is_nine_radii_through_the_middle(side, effort):
    """Three triangles: every third leg begins in the middle; inside its square; no longer than the effort."""
    made = sector(side, effort)
    passes = len(made.legs) // 9
    assert made.kind == SECTOR
    assert made.total_km == pytest.approx(9.0 * passes * made.spacing_km)
    assert made.total_km <= effort * (1 + 1e-9)
    assert np.abs(made.track).max() <= side / 2.0 + 1e-9
    assert np.hypot(*made.track[::3].T) == pytest.approx(np.zeros(3 * passes + 1), abs=1e-9)
    assert [line_km(leg) for leg in made.legs] == pytest.approx([made.spacing_km] * len(made.legs))


def test_the_sector_search_turns_by_120_degrees():
    """At every corner."""
    steps = np.diff(sector(10.0, 45.0).track, axis=0)
    turned = [float(np.cross(np.append(a, 0), np.append(b, 0))[2]) for a, b in pairwise(steps)]
    sines = np.array(turned) / 25.0
    assert np.sort(np.abs(sines))[-6:] == pytest.approx(np.full(6, math.sin(math.radians(120))))


@given(st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=2, max_size=6), EFFORT, RADIUS)
def test_a_track_line_keeps_to_its_effort(points, effort, radius):
    """Once along the route, or there and back."""
    route = np.array(points)
    if line_km(route) < 1.0:
        return
    made = track_line(route, effort, 1.0, radius)
    assert made.total_km <= effort * (1 + 1e-9)


def test_a_track_line_returns_beside_itself():
    """Out half a spacing on one side, back on the other."""
    made = track_line(np.array([[0.0, 0.0], [10.0, 0.0]]), 30.0, 2.0, 0.5)
    assert made.legs[0].tolist() == [[0.0, 1.0], [10.0, 1.0]]
    assert made.legs[1].tolist() == [[10.0, -1.0], [0.0, -1.0]]


def test_a_line_is_cut_at_its_length():
    """In the middle of a stretch."""
    assert cut(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]]), 5.0).tolist() == [[0.0, 0.0], [3.0, 0.0], [3.0, 2.0]]


@pytest.mark.parametrize("lengths", [(0.0, 1.0, 1.0), (1.0, math.nan, 1.0), (1.0, 1.0, 0.0), (1.0, 1.0, math.inf)])
def test_what_is_no_length_is_refused(lengths):
    """One clear error for degenerate sectors and efforts."""
    with pytest.raises(OutOfDomain):
        sweep(*lengths, 0.1)
