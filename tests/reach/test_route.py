"""Facts about route fronts that need no second solver."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.earth.geodesy import distance_m
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.crossings import Crossing
from safeconduct.reach.route import RouteOption, route_front


def box(needs, west, south, east, north, *holes):
    return Airspace(needs, (Polygon(corners(west, south, east, north), holes),))


def corners(west, south, east, north):
    return ((west, south), (east, south), (east, north), (west, north))


def needs_of(front):
    return [sorted(option.needs) for option in front]


WEST, EAST = (-5.0, 0.5), (10.0, 0.5)
A = box("A", 0.0, -5.0, 5.0, 5.0)
WALL = Airspace(
    "WALL", (Polygon(((-6.0, -6.0), (12.0, -6.0), (12.0, 7.0), (-6.0, 7.0)), (corners(-5.5, -5.5, 11.0, 6.0),)),)
)


def test_open_sky_is_one_geodesic_without_needs():
    """With no airspace the front is the geodesic itself."""
    expected = (RouteOption(frozenset(), distance_m(WEST, EAST), (WEST, EAST), ()),)
    assert expected == route_front(WEST, EAST, ())


def test_through_or_round():
    """One state in the way: through it with its permission, or round its corners without."""
    front = route_front(WEST, EAST, (A,))
    round_ = [distance_m(p, q) for p, q in (((-5.0, 0.5), (0.0, 5.0)), ((0.0, 5.0), (5.0, 5.0)), ((5.0, 5.0), EAST))]
    assert needs_of(front) == [["A"], []]
    assert distance_m(WEST, EAST) == front[0].distance_m
    assert sum(round_) == pytest.approx(front[1].distance_m, rel=1e-4)
    assert [stay.needs for stay in front[0].crossings] == ["A"]
    assert front[1].crossings == ()


def test_crossing_is_measured_along_the_path():
    """A stay begins and ends where the path meets the border."""
    (option,) = route_front((-1.0, 0.0), (6.0, 0.0), (A,), free=frozenset("A"))
    (stay,) = option.crossings
    assert distance_m((-1.0, 0.0), (0.0, 0.0)) == pytest.approx(stay.enter_m, abs=5.0)
    assert distance_m((-1.0, 0.0), (5.0, 0.0)) == pytest.approx(stay.leave_m, abs=5.0)


def test_free_permission_closes_nothing():
    """A permission already held is no need, but its crossing is reported."""
    (option,) = route_front(WEST, EAST, (A,), free=frozenset("A"))
    assert frozenset() == option.needs
    assert [stay.needs for stay in option.crossings] == ["A"]


def test_end_inside_needs_it_in_every_option():
    """An end inside an airspace needs that airspace always."""
    front = route_front(WEST, (2.5, 0.5), (A, box("B", -2.0, -2.0, -1.0, 2.0)))
    assert needs_of(front) == [["A", "B"], ["A"]]


def test_end_in_two_airspaces_needs_both():
    """A point in two overlapping airspaces needs both."""
    assert needs_of(route_front(WEST, (2.5, 0.5), (A, box("B", 2.0, 0.0, 3.0, 1.0)))) == [["A", "B"]]


def test_start_is_end():
    """Going nowhere is one way of no length with the needs of the place."""
    expected = (RouteOption(frozenset("A"), 0.0, ((1.0, 1.0),) * 2, (Crossing("A", 0.0, 0.0),)),)
    assert expected == route_front((1.0, 1.0), (1.0, 1.0), (A, box("B", 7.0, 0.0, 8.0, 1.0)))


def test_hole_is_outside():
    """Both ends in the hole of a state: the way inside the hole needs nothing."""
    assert needs_of(route_front(WEST, EAST, (A, WALL))) == [["A"], []]
    assert needs_of(route_front(WEST, (-4.0, 1.0), (WALL,))) == [[]]


def test_surrounded_without_any_way():
    """Within a closed ring and no permission to be had, there is no way out."""
    assert route_front(WEST, (20.0, 0.0), (WALL,), max_needs=0) == ()
    assert needs_of(route_front(WEST, (20.0, 0.0), (WALL,))) == [["WALL"]]


def test_no_way_along_a_shared_border():
    """The straight way along the border of two states needs one of them, and neither only the way round both."""
    south, north = box("S", 0.0, -5.0, 5.0, 0.0), box("N", 0.0, 0.0, 5.0, 5.0)
    front = route_front((-5.0, 0.0), (10.0, 0.0), (south, north))
    assert {"N", "S", ""} == {"".join(option.needs) for option in front}
    assert front[-1].distance_m > 1.2 * front[0].distance_m


def test_no_way_through_a_touching_point():
    """Two closed states that touch at one corner leave no way between them."""
    states = (box("S", -8.0, -8.0, 0.0, 0.0), box("N", 0.0, 0.0, 8.0, 8.0))
    front = route_front((-2.0, 2.0), (2.0, -2.0), states)
    assert {"N", "S", ""} == {"".join(option.needs) for option in front}
    assert distance_m((-2.0, 2.0), (2.0, -2.0)) == pytest.approx(front[0].distance_m, rel=1e-4)
    assert front[-1].distance_m > 3.0 * front[0].distance_m


def test_sliver_between_neighbours_is_closed():
    """Neighbours drawn ten metres apart are neighbours."""
    front = route_front((-5.0, 0.0), (10.0, 0.0), (box("S", 0.0, -5.0, 5.0, 0.0), box("N", 0.0, 1e-4, 5.0, 5.0)))
    assert needs_of(front)[-1] == []
    assert front[-1].distance_m > 1.2 * front[0].distance_m


def test_end_on_a_border_needs_neither_side():
    """Who stands on the border of two states needs one or the other to leave, not both."""
    south, north = box("S", 0.0, -5.0, 5.0, 0.0), box("N", 0.0, 0.0, 5.0, 5.0)
    front = route_front((2.5, 0.0), (2.6, 9.0), (south, north))
    assert needs_of(front) == [["N"], ["S"]]


def test_many_airspaces():
    """Permissions are no machine word: seventy states in a row, and one way round their feet that needs none."""
    row = tuple(box(f"{n:02}", 0.1 * n, -0.02, 0.1 * n + 0.05, 60.0) for n in range(70))
    (option,) = route_front((-0.1, 0.02), (7.1, 0.02), row, limit_m=805_000.0, max_needs=0)
    assert option.distance_m == pytest.approx(distance_m((-0.1, 0.02), (7.1, 0.02)), rel=0.002)
    assert option.crossings == ()


def test_pole_inside():
    """A cap round the pole is a state like any other: over the pole with its permission, round the cap without."""
    cap = Airspace("A", (Polygon(tuple((float(lon), 80.0) for lon in range(-180, 180, 30))),))
    front = route_front((0.0, 70.0), (180.0, 70.0), (cap,))
    assert needs_of(front) == [["A"], []]
    assert distance_m((0.0, 70.0), (180.0, 70.0)) == front[0].distance_m


def test_flat_map_of_a_polar_state():
    """A ring drawn down to the pole along the edge of a flat map is the cap it means."""
    edge = tuple((float(lon), -70.0) for lon in range(-180, 181, 20))
    flat = Airspace("A", (Polygon((*edge, (180.0, -90.0), (-180.0, -90.0))),))
    assert needs_of(route_front((0.0, -60.0), (50.0, -89.0), (flat,))) == [["A"]]


@pytest.mark.parametrize(
    ("ring", "message"),
    [
        (((0.0, 0.0), (1.0, 0.0)), "encloses nothing"),  # two corners
        (((0.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)), "encloses nothing"),  # two different ones
        (((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)), "crosses itself"),  # bow tie
        (((0.0, 0.0), (1.0, 0.0), (1.0, 98.0)), "not a position"),
        (((0.0, 0.0), (float("nan"), 0.0), (1.0, 8.0)), "not a position"),
    ],
)
def test_wrong_rings(ring, message):
    """A ring that is none is refused, with the airspace's name."""
    with pytest.raises(InvalidInput, match=f"airspace X polygon 0.*{message}"):
        route_front(WEST, EAST, (Airspace("X", (Polygon(ring),)),))


def test_self_intersection_is_placed():
    """The error says where the ring crosses itself."""
    with pytest.raises(InvalidInput, match=r"near \(1\.0000, 1\.000"):
        route_front(WEST, EAST, (Airspace("X", (Polygon(((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0))),)),))


def test_repeated_and_collinear_corners_change_nothing():
    """Corners said twice or lying on an edge leave the front as it is."""
    ring = ((0.0, -5.0), (0.0, -5.0), (2.5, -5.0), (5.0, -5.0), (5.0, 0.0), (5.0, 5.0), (5.0, 5.0), (0.0, 5.0))
    plain, doubled = (route_front(WEST, EAST, (each,)) for each in (A, Airspace("A", (Polygon(ring),))))
    assert [option.distance_m for option in plain] == pytest.approx([o.distance_m for o in doubled], rel=1e-4)


def test_a_spike_is_no_part_of_a_ring():
    """A ring that runs out to a point and straight back is the ring without it."""
    spiked = ((0.0, -5.0), (5.0, -5.0), (9.0, -9.0), (5.0, -5.0), (5.0, 5.0), (0.0, 5.0))
    plain, other = (
        route_front(WEST, EAST, (Airspace("A", (Polygon(ring),)),)) for ring in ((*spiked[:2], *spiked[4:]), spiked)
    )
    assert plain == other


def test_opposite_ends_are_out_of_domain():
    """Between nearly opposite places there is no one shortest way."""
    with pytest.raises(OutOfDomain):
        route_front((0.0, 0.0), (179.5, 0.0), ())


def test_ring_round_the_globe_is_out_of_domain():
    """A ring along the equator has no smaller side."""
    ring = tuple((float(lon), 0.0) for lon in range(-180, 180, 30))
    with pytest.raises(OutOfDomain):
        route_front(WEST, EAST, (Airspace("X", (Polygon(ring),)),))


BOXES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.floats(0, 5), st.floats(-4, 2), st.floats(0.5, 4), st.floats(0.5, 4)),
    min_size=1,
    max_size=4,
).map(lambda rows: tuple(box(n, x, y, x + w, y + h) for n, x, y, w, h in rows))


@settings(max_examples=60, deadline=None)
@given(BOXES, st.floats(-3, 3))
def test_front_is_a_front(airspaces, lat):
    """No option is dominated, none strays into what it does not need, and none is shorter than the geodesic."""
    front = route_front((-1.0, lat), (10.0, -lat), airspaces)
    for option in front:
        assert option.distance_m >= distance_m((-1.0, lat), (10.0, -lat)) * (1 - 1e-9)
        assert {stay.needs for stay in option.crossings} <= option.needs
        assert not [
            o for o in front if o is not option and o.needs <= option.needs and o.distance_m <= option.distance_m
        ]
    assert frozenset() == front[-1].needs


@settings(max_examples=30, deadline=None)
@given(BOXES, st.floats(1.0, 1.5))
def test_limits_only_leave_out(airspaces, share):
    """A limit on length or needs leaves the other options as they were."""
    whole = route_front(WEST, EAST, airspaces)
    limit = share * whole[0].distance_m
    short = route_front(WEST, EAST, airspaces, limit_m=limit)
    few = route_front(WEST, EAST, airspaces, max_needs=1)
    assert needs_of(option for option in whole if option.distance_m <= limit) == needs_of(short)
    assert needs_of(option for option in whole if len(option.needs) <= 1) == needs_of(few)


@settings(max_examples=30, deadline=None)
@given(BOXES)
def test_there_and_back_are_alike(airspaces):
    """The way back has the same front."""
    there, back = route_front(WEST, EAST, airspaces), route_front(EAST, WEST, airspaces)
    assert needs_of(there) == needs_of(back)
    assert [o.distance_m for o in there] == pytest.approx([o.distance_m for o in back], rel=1e-6)
