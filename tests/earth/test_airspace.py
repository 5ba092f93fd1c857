from __future__ import annotations

import contextlib

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import degenerate_rings, hostile_positions, positions, rings

from safeconduct.earth import airspace
from safeconduct.earth.airspace import (
    Skies,
    airspaces,
    bounds,
    codes,
    contains,
    is_attributed,
    name_of,
    states_at,
    states_near,
)
from safeconduct.earth.geodesy import destination, distance_m, point_along
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import Airspace, Polygon

PLACES = [
    ((46.6548, 38.7189), {"IR"}),  # the wreck at Varzaqan
    ((45.41, 39.20), {"AZ"}),  # Nakhchivan, an exclave
    ((20.5, 54.7), {"RU"}),  # Kaliningrad, an exclave
    ((28.2, -29.6), {"LS"}),  # Lesotho, a hole in ZA
    ((12.4534, 41.9033), {"VA"}),  # the Vatican, a hole in IT
    ((12.45, 43.94), {"SM"}),  # San Marino
    ((7.4246, 43.7384), {"MC"}),  # Monaco
    ((103.82, 1.35), {"SG"}),  # Singapore
    ((166.93, -0.53), {"NR"}),  # Nauru
    ((179.19, -8.52), {"TV"}),  # Tuvalu
    ((-175.0, 66.5), {"RU"}),  # Chukotka, beyond the antimeridian
    ((179.9, -16.7), {"FJ"}),  # Fiji, on it
    ((-180.0, -16.9), {"FJ"}),  # Fiji, exactly on it, from the west
    ((180.0, -16.9), {"FJ"}),  # the same place
    ((-178.0, 51.8), {"US"}),  # Aleutians east of it
    ((173.0, 52.9), {"US"}),  # Aleutians west of it
    ((-176.5, -44.0), {"NZ"}),  # Chatham Islands
    ((15.6, 78.2), {"NO"}),  # Svalbard
    ((-100.0, 48.98), {"US"}),  # 2 km south of the 49th parallel
    ((-100.0, 49.02), {"CA"}),  # 2 km north of it
    ((21.16, 42.66), {"XK"}),  # user-assigned code in wide use
    ((33.3, 35.3), {"??:n-cyprus"}),  # attributed to no state by the source
    ((-30.0, 30.0), set()),  # high seas
    ((0.0, -80.0), set()),  # Antarctica is nobody's
    ((0.0, 90.0), set()),  # the pole
    ((51.0, 42.0), set()),  # middle of the Caspian
]


@pytest.mark.parametrize(("place", "expected"), PLACES)
def test_places_lie_in_the_right_airspace(place, expected):
    """Exclaves, enclaves, dwarfs, the antimeridian and nobody's land are attributed right."""
    assert states_at(place) == frozenset(expected)


@pytest.mark.parametrize(
    ("coast", "azimuth", "code"),
    [
        ((-9.5005, 38.7804), 270.0, "PT"),  # Cabo da Roca, westward
        ((166.935, -0.552), 180.0, "NR"),  # south coast of Nauru
        ((50.658, 36.955), 20.0, "IR"),  # Caspian shore of the source near Ramsar
    ],
)
def test_territorial_sea_is_twelve_miles(coast, azimuth, code):
    """Nine miles off a coast is the state's, fifteen miles off is the high sea."""
    assert states_at(destination(coast, azimuth, 9 * 1852.0)) == {code}
    assert states_at(destination(coast, azimuth, 15 * 1852.0)) == frozenset()


def test_narrow_straits_are_split_by_nearness():
    """In the Strait of Gibraltar and of Dover each side has its own half."""
    assert states_at((-5.6, 35.97)) == {"ES"}
    assert states_at((-5.6, 35.87)) == {"MA"}
    assert states_at((1.40, 51.08)) == {"GB"}
    assert states_at((1.55, 50.92)) == {"FR"}


def _shape(polygons):
    return shapely.union_all([shapely.Polygon(p.shell, p.holes) for p in polygons])


@pytest.fixture(scope="module")
def shapes():
    return {each.needs: _shape(each.polygons) for each in airspaces(codes())}


def test_no_airspace_is_empty_or_broken(shapes):
    """Every unit has at least one valid part, and none is smaller than the Vatican."""
    assert len(shapes) > 240
    parts = [shapely.Polygon(p.shell, p.holes) for each in airspaces(codes()) for p in each.polygons]
    assert all(part.is_valid for part in parts)
    assert min(shapes, key=lambda code: shapes[code].area) == "VA"


def test_airspaces_hardly_overlap(shapes):
    """No two airspaces share more than 20 km2: seas are split, lands win over seas."""
    names = list(shapes)
    tree = shapely.STRtree([shapes[name] for name in names])
    worst = 0.0
    for i, name in enumerate(names):
        for j in tree.query(shapes[name], predicate="intersects"):
            if j > i:
                common = shapes[name].intersection(shapes[names[j]])
                if common.area > 0:
                    worst = max(worst, common.area * 111.2**2 * np.cos(np.radians(common.centroid.y)))
    assert worst < 20.0


def test_no_part_spans_the_globe():
    """Parts are cut at the antimeridian, so none is wider than 165 degrees (the Eurasian part of RU is the widest)."""
    for each in airspaces(codes()):
        for polygon in each.polygons:
            lons = [lon for lon, _ in polygon.shell]
            assert max(lons) - min(lons) < 165.0


def test_names_and_codes():
    """Codes are sorted, ISO names go with them, unattributed areas are marked."""
    assert list(codes()) == sorted(codes())
    assert name_of("NR") == "Nauru"
    assert is_attributed("NR")
    assert not is_attributed("??:n-cyprus")


def test_unknown_code_names_the_nearest():
    """A wrong code is refused with what would have been right."""
    with pytest.raises(InvalidInput, match="no airspace goes by this code"):
        airspaces(["IRN"])
    with pytest.raises(InvalidInput, match="the case has no airspaces"):
        Skies(world=False).airspaces(["IR"])
    assert airspaces([]) == ()


def test_near_names_neighbours_and_not_the_world():
    """Around the wreck the four neighbours are near and the antipodes are not."""
    near = states_near([(46.6548, 38.7189)], 200.0)
    assert {"IR", "AM", "AZ", "TR"} <= set(near)
    assert not {"NZ", "US", "BR"} & set(near)
    assert list(near) == sorted(near)


def test_near_crosses_the_antimeridian():
    """A box around 180 finds Fiji from both sides and does not run round the globe."""
    near = states_near([(179.5, -17.0), (-179.5, -17.0)], 50.0)
    assert "FJ" in near
    assert not {"AO", "BR", "AU"} & set(near)


def test_near_of_nothing_is_nothing():
    """No points, no states; a margin that is none is refused."""
    assert states_near([], 10.0) == ()
    for bad in (float("nan"), -1.0, float("inf")):
        with pytest.raises(InvalidInput):
            states_near([(0.0, 0.0)], bad)


@settings(max_examples=60, deadline=None)
@given(st.lists(positions(), min_size=1, max_size=3), st.floats(0, 3000), st.floats(0, 360), st.floats(0, 0.99))
def test_near_never_misses(points, margin_km, azimuth, share):
    """A state in which a place within the margin of a point lies is among the near ones."""
    reached = destination(points[0], azimuth, margin_km * 1000 * share)
    assert states_at(reached) <= set(states_near(points, margin_km))


@settings(max_examples=60, deadline=None)
@given(positions(), positions(), st.floats(0, 1))
def test_near_never_misses_on_the_way(a, b, share):
    """States under the geodesic between two points are near, unless it runs near the antipodes' ambiguity."""
    length = distance_m(a, b)
    if length > 19_900_000:
        return
    middle = point_along(a, b, length * share)
    assert states_at(middle) <= set(states_near([a, b], 60.0))


@settings(max_examples=100, deadline=None)
@given(rings(), positions())
def test_ring_contains_what_a_plane_says(ring, place):
    """Around the ring's first corner the gnomonic plane, where geodesics are straight, gives the same answer."""
    polygon = Polygon(ring)
    middle = airspace.unit_vectors(*np.array(ring).T).mean(axis=0)
    middle = middle / np.linalg.norm(middle)
    east = np.cross([0.3, 0.5, 0.8], middle)
    east = east / np.linalg.norm(east)
    north = np.cross(middle, east)

    def plane(lonlat):
        v = airspace.unit_vectors(*lonlat)
        return (v @ east / (v @ middle), v @ north / (v @ middle)) if v @ middle > 1e-3 else None

    shape = shapely.Polygon([plane(corner) for corner in ring])
    for probe in (place, ring[0], tuple(np.array(ring).mean(axis=0))):
        flat = plane(probe)
        if flat is None:
            assert not contains(polygon, probe)
        elif shape.is_valid and shape.boundary.distance(shapely.Point(flat)) > 1e-7:
            assert contains(polygon, probe) == shape.contains(shapely.Point(flat))


def test_corner_and_edge_count_as_inside():
    """The border belongs to the airspace; a hole's inside does not."""
    square = Polygon(((0, 0), (10, 0), (10, 10), (0, 10)), holes=(((4, 4), (6, 4), (6, 6), (4, 6)),))
    assert contains(square, (0.0, 0.0))
    assert contains(square, (5.0, 0.0))
    assert contains(square, (4.0, 5.0))
    assert contains(square, (2.0, 2.0))
    assert not contains(square, (5.0, 5.0))
    assert not contains(square, (-175.0, -5.0))


@given(degenerate_rings(), positions())
def test_degenerate_rings_never_surprise(ring, place):
    """Any ring gives an answer or our own error."""
    with contextlib.suppress(InvalidInput, OutOfDomain):
        assert contains(Polygon(ring), place) in (True, False)


def test_ring_round_the_globe_is_refused():
    """A ring along the equator has no smaller side."""
    with pytest.raises(OutOfDomain):
        contains(Polygon(((0, 0), (90, 0), (180, 0), (-90, 0))), (0.0, 1.0))


@given(hostile_positions())
def test_hostile_positions_are_refused(bad):
    """What is no position raises our error."""
    for call in (lambda: states_at(bad), lambda: states_near([bad], 1.0), lambda: bounds([(0.0, 0.0), bad], 1.0)):
        with pytest.raises(InvalidInput):
            call()


@given(st.lists(positions(), min_size=1, max_size=6), st.floats(0, 20_000))
def test_bounds_hold_their_points(points, margin_km):
    """The box holds every point, wherever the antimeridian runs."""
    box = bounds(points, margin_km)
    for lon, lat in points:
        assert box.south <= lat <= box.north
        assert (lon - box.west + 1e-9) % 360.0 <= box.east - box.west + 2e-9


SQUARE = Polygon(((46.0, 38.0), (47.5, 38.0), (47.5, 39.5), (46.0, 39.5)))


def test_custom_airspace_completes_the_world():
    """A case's own airspace lies over the world's: both permissions are needed there."""
    skies = Skies((Airspace("XA", (SQUARE,)),))
    assert skies.at((46.6548, 38.7189)) == {"IR", "XA"}
    assert {"IR", "XA"} <= set(skies.near([(46.6, 38.7)], 10.0))
    assert [each.needs for each in skies.airspaces(["XA", "IR"])] == ["XA", "IR"]


def test_custom_airspace_replaces_its_namesake():
    """An airspace under a code of the world's takes its place everywhere."""
    skies = Skies((Airspace("IR", (SQUARE,)),))
    assert skies.at((46.6548, 38.7189)) == {"IR"}
    assert skies.at((51.4, 35.7)) == frozenset()
    assert "IR" not in skies.near([(51.4, 35.7)], 10.0)
    assert skies.airspaces(["IR"]) == (Airspace("IR", (SQUARE,)),)


def test_custom_airspace_alone():
    """Without the world only the case's own airspaces count, and an empty one is nowhere."""
    skies = Skies((Airspace("XA", (SQUARE,)), Airspace("XB", ())), world=False)
    assert skies.at((46.6548, 38.7189)) == {"XA"}
    assert skies.near([(46.6, 38.7)], 10.0) == ("XA",)
    assert skies.airspaces(["XB"]) == (Airspace("XB", ()),)
