"""Ways of ships: never over land, coloured by territorial seas, through straits, none where no water joins."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from safeconduct.earth.airspace import airspaces, codes
from safeconduct.earth.geodesy import densify, distance_m
from safeconduct.earth.land import land, sea_nodes
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.sea import SNAP_KM, sea_of


def box(west, south, east, north):
    return Polygon(((west, south), (east, south), (east, north), (west, north)))


ISLAND = box(9.0, -1.5, 11.0, 1.5)
WATERS = Airspace("XA", (box(8.8, 0.0, 11.2, 1.7),))  # the northern half of the island's sea
GRID = np.array([(x / 4.0, y / 4.0) for x in range(20, 61) for y in range(-14, 15)])
WEST, EAST = (8.0, 0.2), (12.0, 0.2)


@pytest.fixture(scope="module")
def island():
    return sea_of([WATERS], [ISLAND], GRID)


@pytest.fixture(scope="module")
def world():
    return sea_of(airspaces(codes()), land(), sea_nodes())


def sail(sea, start, end, *, free=frozenset(), most=5):
    return sea.ways(start, end, free=free, max_needs=most)


def deepest_km(path, shapes):
    """How far inland the path comes, sampled each half kilometre, in kilometres."""
    tree, worst = shapely.STRtree(shapes), 0.0
    for here, there in pairwise(path):
        points = np.array(densify(here, there, 500.0))
        hits = tree.query(shapely.points(points), predicate="within")
        for at, which in hits.T:
            depth_deg = shapely.boundary(shapes[which]).distance(shapely.Point(points[at]))
            worst = max(worst, depth_deg * 111.2)
    return worst


def test_a_ship_goes_round_an_island_both_ways(island):
    """The short side needs the state's leave, the long side nobody's."""
    ways = sail(island, WEST, EAST).front.ways
    assert [way.needs for way in ways] == [frozenset({"XA"}), frozenset()]
    corner = ((9.0, 1.5), (11.0, 1.5))
    shortest = distance_m(WEST, corner[0]) + distance_m(*corner) + distance_m(corner[1], EAST)
    assert ways[0].distance_m == pytest.approx(shortest, rel=0.005)
    assert all(deepest_km(way.path, [shapely.box(9.0, -1.5, 11.0, 1.5)]) < 0.1 for way in ways)


def test_its_own_waters_are_open(island):
    """The state's own ship needs nobody's leave and takes the short side alone."""
    (way,) = sail(island, WEST, EAST, free=frozenset({"XA"})).front.ways
    assert way.needs == frozenset()


def test_a_harbour_starts_from_the_nearest_water(island):
    """A place on land near the shore sails from the node beside it and says how far off that is."""
    found = sail(island, (9.01, 0.25), EAST)
    assert 0.0 < found.off_km[0] <= SNAP_KM
    assert found.front.ways


def test_a_place_inland_has_no_way(world):
    """Too far from water: no front, and the distance says which end."""
    found = sail(world, (33.0, 39.2), (25.0, 36.0))
    assert found.front is None
    assert found.off_km[0] is None


def test_an_enclosed_sea_is_joined_to_no_other():
    """Water inside a ring of land cannot be left."""
    ring = Polygon(box(5.0, -3.0, 15.0, 3.0).shell, (box(7.0, -2.0, 13.0, 2.0).shell,))
    assert sail(sea_of([], [ring], GRID), (8.0, 0.0), (4.0, 0.0)).front is None


@pytest.mark.parametrize(
    ("start", "end", "needs", "km"),
    [
        ((29.25, 41.4), (26.0, 39.9), {"TR"}, 336),  # through the Bosporus and the Dardanelles
        ((54.3, 24.9), (58.5, 25.0), None, 500),  # out of the Gulf
        ((12.7, 55.2), (12.6, 56.3), None, 134),  # the Sound
        ((178.5, -17.0), (-178.5, -17.5), None, 330),  # across the antimeridian
    ],
)
def test_straits_are_open(world, start, end, needs, km):
    """Ways through narrow water exist, at about their charted length, and come no more than 0.3 km inland."""
    ways = sail(world, start, end).front.ways
    assert ways
    assert ways[0].distance_m / 1000.0 == pytest.approx(km, rel=0.12)
    if needs is not None:
        assert needs <= ways[0].needs
    shapes = [shapely.Polygon(p.shell, p.holes) for p in land()]
    assert max(deepest_km(way.path, shapes) for way in ways) < 0.3


def test_ships_never_cross_land(world):
    """Between random places in crowded waters no way comes more than 0.3 km inland."""
    draw, shapes = np.random.default_rng(4), [shapely.Polygon(p.shell, p.holes) for p in land()]
    nodes = sea_nodes()
    crowded = nodes[(nodes[:, 0] > 23.0) & (nodes[:, 0] < 28.0) & (nodes[:, 1] > 35.0) & (nodes[:, 1] < 40.0)]
    for _ in range(4):
        start, end = crowded[draw.integers(0, len(crowded), 2)].tolist()
        found = sail(world, tuple(start), tuple(end))
        if found.front is not None:
            assert max(deepest_km(way.path, shapes) for way in found.front.ways) < 0.3
