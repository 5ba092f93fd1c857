"""Flights of a case: exact where few borders lie in reach, on the lattice beyond, and what the two agree on."""

import subprocess
import sys

import pytest

from safeconduct.earth.airspace import Skies
from safeconduct.earth.geodesy import distance_m
from safeconduct.reach import airways
from safeconduct.reach.airways import Flights

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
