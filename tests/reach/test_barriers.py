"""Lines through closed airspaces that no way within a limit can get round."""

import importlib.util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import asset

from safeconduct.formats.certificate import to_json
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.barriers import barrier
from safeconduct.reach.flightproofs import flights_of
from safeconduct.reach.flights import certify_flight
from safeconduct.reach.plans import Ground
from safeconduct.reach.route import SEAL_M, route_front

ENDS = ((10.0, 45.0), (14.0, 45.0))
DIRECT_M = 315_400.0


@pytest.fixture(scope="module")
def checker(repo):
    spec = importlib.util.spec_from_file_location("check_certificate", repo / "tools" / "check_certificate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def box(code, west, south, east, north):
    return Airspace(code, (Polygon(((west, south), (east, south), (east, north), (west, north))),))


WALL = box("W", 11.5, 40.0, 12.5, 50.0)
NORTH, SOUTH = box("N", 11.5, 44.9, 12.5, 50.0), box("S", 11.5, 40.0, 12.5, 44.9)


def test_a_wall_across_the_ellipse_is_a_barrier():
    """It starts and ends beyond the ellipse and crosses the direct way."""
    line = barrier(ENDS, 1.2 * DIRECT_M, (WALL,), SEAL_M)
    assert line is not None
    assert all(11.5 < lon < 12.5 for lon, _ in line)
    assert (line[0][1] - 45.0) * (line[-1][1] - 45.0) < 0.0


def test_a_wall_that_can_be_flown_round_is_none():
    """With a limit that reaches its ends there is no barrier; nor in half a wall."""
    assert barrier(ENDS, 6.0 * DIRECT_M, (WALL,), SEAL_M) is None
    assert barrier(ENDS, 1.2 * DIRECT_M, (NORTH,), SEAL_M) is None


def test_two_neighbours_make_one_barrier():
    """The line steps from one to the other at their border, also over a crack of 10 m."""
    crack = box("S", 11.5, 40.0, 12.5, 44.9 - 10.0 / 111_000.0)
    for south in (SOUTH, crack):
        line = barrier(ENDS, 1.2 * DIRECT_M, (NORTH, south), SEAL_M)
        assert line is not None


def test_a_gap_of_a_kilometre_is_no_barrier():
    """There is a way through."""
    gap = box("S", 11.5, 40.0, 12.5, 44.89)
    assert barrier(ENDS, 1.2 * DIRECT_M, (NORTH, gap), SEAL_M) is None


def test_a_ring_around_one_end_is_a_closed_barrier():
    """Four sides round the start: no way out whatever the limit."""
    ring = (
        box("A", 9.0, 46.0, 11.0, 46.5),
        box("B", 9.0, 43.5, 11.0, 44.0),
        box("C", 8.5, 43.5, 9.0, 46.5),
        box("D", 11.0, 43.5, 11.5, 46.5),
    )
    line = barrier(ENDS, 4.0 * DIRECT_M, ring, SEAL_M)
    assert line is not None
    assert line[0] == line[-1]
    assert barrier(ENDS, 4.0 * DIRECT_M, ring[:3], SEAL_M) is None


boxes = st.builds(
    lambda w, s, dx, dy: (w, s, w + dx, s + dy),
    st.floats(10.2, 13.0), st.floats(42.5, 45.5), st.floats(0.2, 1.5), st.floats(0.3, 4.0),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=4), st.floats(1.02, 1.5))
def test_every_certificate_of_random_airspaces_is_accepted_and_no_barrier_is_false(checker, drawn, slack):
    """The independent checker accepts it; where a way without the cut exists, no line was given."""
    near = tuple(box(f"X{i}", *corners) for i, corners in enumerate(drawn))
    limit_m = slack * DIRECT_M
    found = route_front(*ENDS, near, limit_m=limit_m)
    certificate = certify_flight("random", ENDS, limit_m, near, frozenset(), [(w.needs, w.path) for w in found])
    assert all(path is not None for _, path in certificate.opens)
    said = checker.check(to_json({}, flights=[certificate]))
    assert len(said) == 2
    for cut, line in certificate.cuts:
        closed = [each for each in near if each.needs in cut]
        if line:
            assert not any(not way.needs & cut for way in route_front(*ENDS, closed, limit_m=0.99 * limit_m))


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=3), st.floats(1.02, 1.5))
def test_a_cut_that_does_not_close_gets_no_barrier(drawn, slack):
    """Random airspaces that can be flown round within 99 % of the limit: never a line."""
    near = tuple(box(f"X{i}", *corners) for i, corners in enumerate(drawn))
    limit_m = slack * DIRECT_M
    free_ways = [way for way in route_front(*ENDS, near, limit_m=0.99 * limit_m) if not way.needs]
    if free_ways:
        assert barrier(ENDS, limit_m, near, SEAL_M) is None


def test_what_does_not_fly_has_no_flights():
    """A team on foot, and an aircraft whose base no source names."""

    class Nowhere:
        def near(self, _points, _margin_km):
            return ()

        def airspaces(self, _codes):
            return ()

    ground = Ground((10.0, 45.0), "XA", (), (), Nowhere())
    assert flights_of(asset(base="nowhere"), ground) == ()
