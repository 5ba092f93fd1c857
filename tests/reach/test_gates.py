"""Gaps between borders, corners that stick out, and what the fine lattice makes of them."""

import numpy as np
import pytest

from safeconduct.earth.geodesy import distance_m
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.borders import borders_of
from safeconduct.reach.fronts import end_at, world_front
from safeconduct.reach.gates import corners, gates
from safeconduct.reach.lattice import world_lattice
from safeconduct.reach.plane import lon_lats
from safeconduct.reach.route import route_front


def box(name, west, south, east, north):
    return Airspace(name, (Polygon(((west, south), (east, south), (east, north), (west, north))),))


# Two long walls with a gap of 22 km between them, far narrower than the lattice of 160 km.
WALLS = (box("XA", -8.0, -1.0, 3.0, 1.0), box("XB", 3.2, -1.0, 14.0, 1.0))
# A land of 22 km between two others, open at both ends.
STRIP = (box("XC", -6.0, 0.2, 6.0, 3.0), box("XD", -6.0, -3.0, 6.0, 0.0))


def test_a_gap_has_a_node_in_its_middle():
    """Between two walls 22 km apart there are nodes in nobody's sky, each within 1 km of the middle."""
    borders = borders_of(WALLS)
    places = lon_lats(gates(borders))
    free = places[~borders.held(places).any(axis=1)]
    assert len(free) > 0
    assert np.abs(free[:, 0] - 3.1).max() < 0.01


def test_a_bay_makes_no_gap():
    """Both sides of one corner are no gap: a single box has none outside and none that the lattice needs."""
    assert len(gates(borders_of([box("XA", 0.0, 0.0, 8.0, 8.0)]))) == 0


def test_corners_lie_outside_of_what_they_are_corners_of():
    """Each box gives its four corners, three kilometres outside."""
    borders = borders_of([box("XA", 0.0, 0.0, 8.0, 8.0)])
    places = lon_lats(corners(borders))
    assert len(places) == 4
    assert not borders.held(places).any()
    away = [min(distance_m(tuple(p), c) for c in ((0.0, 0.0), (8.0, 0.0), (0.0, 8.0), (8.0, 8.0))) for p in places]
    assert 2_500.0 < min(away) <= max(away) < 3_500.0


@pytest.mark.parametrize("walls", [(), (box("XA", 0.0, 0.0, 0.1, 0.1),)], ids=["nothing", "one"])
def test_little_or_nothing_has_no_gaps(walls):
    """No airspaces have neither gaps nor corners; one small box has no gap."""
    borders = borders_of(walls)
    assert len(gates(borders)) == 0
    assert len(corners(borders)) == 4 * len(walls)


@pytest.mark.parametrize(
    ("walls", "start", "end"),
    [(WALLS, (2.0, 5.0), (4.5, -5.0)), (STRIP, (-9.0, 1.0), (9.0, -1.0))],
    ids=["through a gap", "along a strip"],
)
def test_a_corridor_narrower_than_the_lattice_is_taken(walls, start, end):
    """The way without permissions passes the corridor, and is as long as the exact solver's within 0.2 %."""
    lattice = world_lattice(walls, nodes=20_000, fine=True)
    front = world_front(lattice, end_at(lattice, start), end_at(lattice, end), limit_m=1.3 * distance_m(start, end))
    exact = route_front(start, end, walls, max_needs=0)[0]
    assert front.ways[-1].needs == frozenset()
    assert front.ways[-1].distance_m == pytest.approx(exact.distance_m, rel=2e-3)


def test_a_border_counts_as_inside():
    """A place on an edge is beside its owner; a place two metres off is not."""
    borders = borders_of([box("XA", 0.0, 0.0, 8.0, 8.0)])
    assert borders.beside((0.0, 4.0)).any()
    assert not borders.beside((-2e-5, 4.0)).any()
    assert np.array_equal(end_at(world_lattice([box("XA", 0.0, 0.0, 8.0, 8.0)]), (0.0, 4.0)).held, [[1]])
