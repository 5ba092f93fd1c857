"""The lattice and its fronts: arcs coloured exactly, domain edges, and agreement with the visibility solver."""

import math
from itertools import pairwise

import numpy as np
import pytest

from safeconduct.earth.airspace import Skies, airspaces, codes, states_at
from safeconduct.earth.geodesy import distance_m
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.borders import borders_of
from safeconduct.reach.fronts import end_at, followed, world_front, world_graph
from safeconduct.reach.graph import colours_of
from safeconduct.reach.labels import graph_front
from safeconduct.reach.lattice import world_lattice
from safeconduct.reach.route import route_front


@pytest.fixture(scope="module")
def world():
    return world_lattice(airspaces(codes()), fine=True)


def front(world, start, end, *, slack=1.2, extra_m=50_000.0, **words):
    limit = slack * distance_m(start, end) + extra_m
    return world_front(world, end_at(world, start), end_at(world, end), limit_m=limit, **words)


def test_nodes_are_held_by_the_states_they_lie_in(world):
    """What holds a node is what the airspaces themselves say, on three hundred nodes."""
    draw = np.random.default_rng(7)
    for node in draw.integers(0, len(world.points), 300).tolist():
        held = frozenset(world.borders.codes[c] for c in colours_of(world.held[node]))
        assert held == states_at(tuple(world.places[node].tolist()))


def test_arcs_need_what_their_points_lie_in(world):
    """Every point sampled along two hundred arcs lies only in states that the arc needs."""
    draw = np.random.default_rng(8)
    graph, skies = world.graph, Skies()
    for arc in draw.integers(0, len(graph.head), 200).tolist():
        needs = {world.borders.codes[c] for c in colours_of(graph.palette[graph.kind[arc]])}
        a, b = world.points[graph.tail[arc]], world.points[graph.head[arc]]
        for share in np.linspace(0.0, 1.0, 9):
            x, y, z = a + share * (b - a)
            place = (math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))))
            assert skies.at(place) <= needs


@pytest.mark.parametrize("state", ["SM", "VA", "LI", "AD", "MC", "NR", "MT"])
def test_small_states_are_not_clipped(world, state):
    """A straight leg through the middle of a small state needs it."""
    ring = np.array(airspaces([state])[0].polygons[0].shell)
    lon, lat = ring.mean(axis=0).tolist()
    ways = front(world, (lon, lat - 2.0), (lon, lat + 2.0)).ways
    assert state in ways[0].needs


PAIRS = [  # start, end
    ((37.41, 55.97), (46.65, 38.72)),  # Moscow to Varzaqan, round the Caspian
    ((12.5, 41.9), (32.9, 39.9)),  # Rome to Ankara
    ((178.4, -18.1), (-171.8, -13.8)),  # across the antimeridian
    ((100.5, 13.7), (121.0, 14.5)),  # Bangkok to Manila
    ((27.6, -29.4), (32.6, 0.3)),  # from inside an enclave
    ((-58.4, -34.6), (-67.6, -53.8)),
]


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_lengths_are_those_of_the_exact_solver(world, start, end):
    """Each way is at most 0.5 % longer than the shortest path that the visibility solver finds for the same needs."""
    free = states_at(start) | states_at(end)
    for way in front(world, start, end, free=free).ways[-3:]:
        margin_km = (1.02 * way.distance_m - distance_m(start, end)) / 1000.0 + 50.0
        near = Skies().airspaces(Skies().near((start, end), margin_km))
        exact = route_front(start, end, near, free=free | way.needs, limit_m=1.02 * way.distance_m, max_needs=0)
        assert way.distance_m <= 1.005 * exact[0].distance_m


def test_a_way_enters_no_state_it_does_not_need(world):
    """Points every few kilometres along each way lie only in states that it needs or that are free."""
    start, end = PAIRS[0]
    free = states_at(start) | states_at(end)
    skies = Skies()
    for way in front(world, start, end, free=free).ways:
        path = followed(way)
        for a, b in pairwise(path):
            steps = max(2, int(distance_m(a, b) / 5_000.0))
            for k in range(1, steps):
                place = (a[0] + (b[0] - a[0]) * k / steps, a[1] + (b[1] - a[1]) * k / steps)
                if distance_m(a, b) < 300_000.0 and abs(a[1]) < 60.0 and abs(b[0] - a[0]) < 0.5:
                    assert skies.at(place) <= way.needs | free


@pytest.mark.parametrize(
    ("start", "end", "needed"),
    [
        ((0.0, -90.0), (30.0, -80.0), frozenset()),  # at the pole; Antarctica is nobody's
        ((172.5, -43.5), (166.7, -77.8), frozenset({"NZ"})),  # to Antarctica
        ((0.0, 89.9), (180.0, 89.9), frozenset()),  # over the other pole
        ((28.0, -29.5), (31.0, -25.0), frozenset({"LS", "ZA"})),  # out of an enclave
    ],
)
def test_domain_edges_have_a_way(world, start, end, needed):
    """Poles, Antarctica and enclaves: a way exists and its fewest needs are those that the place demands."""
    found = front(world, start, end, extra_m=300_000.0)
    assert found.complete
    assert found.ways[-1].needs == needed


def test_the_ends_own_states_are_needed(world):
    """A site in a third state's territorial sea needs that state in every way."""
    start, end = (12.5, 41.9), (14.35, 35.75)  # off Malta
    assert states_at(end)
    for way in front(world, start, end).ways:
        assert states_at(start) | states_at(end) <= way.needs


def test_more_is_needed_for_less_distance(world):
    """Along a front the distance rises and no later way needs all that an earlier one needs."""
    ways = front(world, *PAIRS[1]).ways
    assert len(ways) > 1
    for number, way in enumerate(ways):
        for earlier in ways[:number]:
            assert earlier.distance_m <= way.distance_m
            assert not earlier.needs <= way.needs


def test_a_spent_budget_is_said_with_its_bound(world):
    """With few labels the answer is cut short, says how far it is whole, and still gives the fewest needs."""
    start, end = (2.5, 49.0), (46.65, 38.72)
    free = states_at(start) | states_at(end)
    whole = front(world, start, end, free=free)
    short = front(world, start, end, free=free, labels=2_000)
    assert whole.complete
    assert not short.complete
    assert short.method == "labels, then hitting set"
    assert distance_m(start, end) <= short.proved_m < short.limit_m
    assert short.fewest_bound <= min(len(way.needs) for way in whole.ways)
    assert min(len(way.needs) for way in short.ways) == min(len(way.needs) for way in whole.ways)


def test_comparisons_are_a_budget_as_well(world):
    """The same when comparisons run out instead of labels."""
    start, end = (2.5, 49.0), (46.65, 38.72)
    free = states_at(start) | states_at(end)
    whole = front(world, start, end, free=free)
    short = front(world, start, end, free=free, work=whole.comparisons // 10)
    assert whole.complete
    assert whole.comparisons > short.comparisons > whole.comparisons // 10
    assert not short.complete
    assert short.labels < whole.labels
    assert short.method == "labels, then hitting set"
    assert distance_m(start, end) <= short.proved_m < short.limit_m
    assert min(len(way.needs) for way in short.ways) == min(len(way.needs) for way in whole.ways)


def test_a_cap_on_needs_leaves_the_smaller_ways(world):
    """With at most two needs exactly the ways of the whole front with at most two remain, lengths included."""
    whole = front(world, *PAIRS[1])
    capped = front(world, *PAIRS[1], max_needs=2)
    assert {way.needs for way in capped.ways} == {way.needs for way in whole.ways if len(way.needs) <= 2}


def test_the_graph_of_a_question_has_the_same_front(world):
    """Cut out as a graph of its own, a question has the front that the lattice gives before pulling straight."""
    start, end = (end_at(world, place) for place in PAIRS[1])
    limit = 1.2 * distance_m(*PAIRS[1])
    graph, _ = world_graph(world, start, end, limit_m=limit)
    names = world.borders.codes
    cut_out = {
        (round(way.length), frozenset(names[c] for c in way.colours)) for way in graph_front(graph, 0, 1, limit).ways
    }
    whole = world_front(world, start, end, limit_m=limit, straight=False)
    assert {(round(way.distance_m), way.needs) for way in whole.ways} == cut_out


def test_more_than_64_states_may_be_needed(world):
    """Over 12,000 km more than 64 states may be asked; with a budget the answer says how far it is whole."""
    start, end = (-17.0, 14.7), (103.8, 1.3)
    limit = 1.25 * distance_m(start, end)
    first, last = end_at(world, start), end_at(world, end)
    graph, _ = world_graph(world, first, last, limit_m=limit)
    assert len(colours_of(np.bitwise_or.reduce(graph.palette))) > 64
    found = world_front(world, first, last, limit_m=limit, labels=30_000, seconds=2.0)
    assert found.ways
    assert found.complete or found.proved_m < limit
    assert found.complete or found.fewest_bound <= min(len(way.needs) for way in found.ways)


def test_a_site_on_a_border_needs_both_sides(world):
    """A site on a corner that two states share needs both in every way, as `states_at` says."""
    corner = tuple(airspaces(["LI"])[0].polygons[0].shell[0])
    both = states_at(corner)
    assert len(both) == 2
    for way in front(world, (8.0, 47.0), corner).ways:
        assert both <= way.needs


def test_an_airspace_at_the_pole_is_refused():
    """The cells do not serve beyond 84.5 degrees: said, not guessed."""
    cap = Airspace("XA", (Polygon(((0.0, 86.0), (120.0, 86.0), (-120.0, 86.0))),))
    with pytest.raises(OutOfDomain):
        borders_of([cap])
