"""Flights of a case: exact where few borders lie in reach, on the lattice beyond, and what the two agree on."""

import random
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.assessment.worlds import NEIGHBOUR, ThreeSkies

from safeconduct.earth.airspace import Skies
from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.latticefile import kept_world
from safeconduct.reach import airways
from safeconduct.reach.airways import Flights
from safeconduct.reach.fronts import end_at, world_front

PAIRS = [  # start, end, own state
    ((37.41, 55.97), (46.65, 38.72), "RU"),
    ((32.99, 40.13), (46.65, 38.72), "TR"),
    ((49.8, 40.5), (46.65, 38.72), "AZ"),
    ((23.9, 37.9), (36.0, 36.5), "GR"),
    ((44.2, 33.3), (46.65, 38.72), "IQ"),
]


@pytest.fixture(scope="module")
def coarse():
    return Flights(Skies())


@pytest.mark.parametrize(("start", "end", "own"), PAIRS)
def test_both_searches_agree(start, end, own, coarse, monkeypatch):
    """
    On pairs where both are quick: the fastest way and the fewest needs are the same, within half a per cent; no way of
    the lattice needs what the exact search could do without, or is shorter. (It may miss a set of its own that only
    opens a corridor narrower than the lattice.)
    """
    exact = Flights(Skies()).between(start, end, own)
    monkeypatch.setattr(airways, "EXACT_CORNERS", 0)
    rough = coarse.between(start, end, own)
    assert rough[0].needs == exact[0].needs
    assert min(len(each.needs) for each in rough) == min(len(each.needs) for each in exact)
    for option in rough:
        best = min(each.distance_m for each in exact if each.needs <= option.needs)
        assert option.distance_m >= best * 0.9999
    for each in exact:
        same = [option.distance_m for option in rough if option.needs == each.needs]
        assert all(length <= 1.005 * each.distance_m for length in same)


def test_states_are_entered_where_the_way_meets_them(coarse, monkeypatch):
    """On the lattice too, each need has a stay along the way, in order, within its length."""
    monkeypatch.setattr(airways, "EXACT_CORNERS", 0)
    start, end, own = PAIRS[0]
    for option in coarse.between(start, end, own):
        entered = [stay for stay in option.crossings if stay.needs in option.needs]
        assert {stay.needs for stay in entered} == option.needs
        assert [stay.enter_m for stay in entered] == sorted(stay.enter_m for stay in entered)
        assert all(0.0 <= stay.enter_m <= stay.leave_m <= option.distance_m * 1.01 for stay in entered)


OPPOSITE = [((10.0, 2.5), (-170.0, -2.5)), ((10.0, 2.5), (-170.0, -2.4)), ((0.0, -90.0), (0.0, 90.0)),
            ((-46.47, -23.43), (133.53, 23.43)), ((10.0, 2.5), (-175.0, 0.0))]  # fmt: skip


@pytest.fixture(scope="module")
def three():
    return Flights(ThreeSkies())


@pytest.mark.parametrize(("start", "end"), OPPOSITE)
def test_nearly_opposite_ends_have_ways_all_round(start, end, three):
    """Few airspaces, ends opposite or nearly so: no error; every way is as long as its path, and none is absurd."""
    found = three.between(start, end, NEIGHBOUR)
    assert found
    for option in found:
        length = sum(distance_m(here, there) for here, there in pairwise(option.path))
        assert length == pytest.approx(option.distance_m, rel=2e-3)
        assert option.coarse
        assert option.distance_m < 1.01 * distance_m(start, end)
        assert max(distance_m(here, there) for here, there in pairwise(option.path)) < 300_000.0


@pytest.mark.parametrize(("start", "end"), OPPOSITE)
def test_nearly_opposite_ends_have_a_straight_flight(start, end, three):
    """Some great circle, as long as the distance between the ends."""
    flight = three.straight(start, end)
    length = sum(distance_m(here, there) for here, there in pairwise(flight.path))
    assert length == pytest.approx(distance_m(start, end), rel=1e-9)


def test_a_flight_that_is_searched_exactly_is_not_coarse():
    """Few corners and not opposite: the exact search."""
    assert not any(option.coarse for option in Flights(ThreeSkies()).between((10.0, 2.5), (10.0, -1.5), NEIGHBOUR))


@pytest.mark.soak
def test_without_the_finer_lattice_ways_are_little_longer():
    """The lattice of an assessment beside the two of `ways`, on random pairs: two per cent, one set in twenty."""
    fine, draw = kept_world(), random.Random(5)
    coarse, longer, missing = replace(fine, fine=None), [], 0
    for _ in range(40):
        start, end = (end_at(fine, (draw.uniform(-10, 60), draw.uniform(10, 55))) for _ in range(2))
        limit_m = 1.2 * distance_m(start.place, end.place)
        best, rough = (
            {way.needs: way.distance_m for way in world_front(each, start, end, limit_m=limit_m, max_needs=5).ways}
            for each in (fine, coarse)
        )
        longer += [rough[needs] / length - 1.0 for needs, length in best.items() if needs in rough]
        missing += len(best.keys() - rough.keys())
    assert max(longer) < 0.02
    assert missing < 0.05 * len(longer)


def test_a_straight_flight_needs_what_it_crosses():
    """Whatever it enters, the straight flight is the geodesic with all states on it."""
    start, end, _ = PAIRS[0]
    option = Flights(Skies()).straight(start, end)
    assert option.distance_m == distance_m(start, end)
    assert {"RU", "AZ", "IR"} <= option.needs


def test_a_flight_is_looked_for_once(monkeypatch):
    """The second question about the same two places is answered from the first."""
    asked = []
    real = airways.route_front
    monkeypatch.setattr(airways, "route_front", lambda *a, **k: asked.append(a) or real(*a, **k))
    found = Flights(Skies())
    assert found.between(*PAIRS[2]) is found.between(*PAIRS[2])
    assert len(asked) == 1


def test_the_shipped_case_needs_no_compiled_code():
    """The ways of the worked case are all searched exactly: the compiler's library is never loaded."""
    code = (
        "import sys, safeconduct; safeconduct.assess(safeconduct.load_case('varzaqan-2024')); "
        "assert 'numba' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
