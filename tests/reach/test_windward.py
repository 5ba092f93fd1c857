"""Flights in a wind: the same front as without where it is calm, faster with it behind, exact on a straight leg."""

import random

import pytest
from tests.assessment.worlds import SKIES

from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.latticefile import kept_world
from safeconduct.motion.wind import Wind, ground_speed_kmh
from safeconduct.reach.fronts import end_at, world_front
from safeconduct.reach.lattice import world_lattice
from safeconduct.reach.windward import Windward

START, END = (9.0, -2.6), (11.0, 3.4)
LIMIT_M = 1_400_000.0


@pytest.fixture(scope="module")
def lattice():
    return world_lattice(tuple(SKIES.values()))


def in_wind(lattice, wind, *, start=START, end=END, free=frozenset()):
    ways, front = Windward(lattice, wind, 200.0).ways(start, end, free=free, limit_m=LIMIT_M, max_needs=None)
    assert front.complete
    return ways


def test_no_wind_is_the_front_without_wind(lattice):
    """In calm air the ways, needs and lengths are those of the still lattice."""
    still = world_front(lattice, end_at(lattice, START), end_at(lattice, END), limit_m=LIMIT_M).ways
    calm = in_wind(lattice, Wind(0.0, 0.0))
    assert [way.needs for way in calm] == [way.needs for way in still]
    assert [way.air_m for way in calm] == pytest.approx([way.distance_m for way in still], rel=1e-3)
    assert all(way.air_m == pytest.approx(way.distance_m) for way in calm)


def test_a_straight_flight_takes_what_the_triangle_says(lattice):
    """Due north against a wind from the north: distance over the difference of the speeds."""
    start, end = (20.0, 5.0), (20.0, 9.0)
    (way,) = in_wind(lattice, Wind(0.0, 50.0), start=start, end=end)
    assert way.air_m == pytest.approx(distance_m(start, end) * 200.0 / 150.0, rel=1e-6)
    (back,) = in_wind(lattice, Wind(180.0, 50.0), start=start, end=end)
    assert back.air_m == pytest.approx(distance_m(start, end) * 200.0 / 250.0, rel=1e-6)


def test_with_the_wind_behind_every_way_is_faster_than_against_it(lattice):
    """Northbound: the fastest way with a wind from the south beats calm, calm beats one from the north."""
    north, calm, south = (
        in_wind(lattice, Wind(each, speed)) for each, speed in ((0.0, 60.0), (0.0, 0.0), (180.0, 60.0))
    )
    assert south[0].air_m < calm[0].air_m < north[0].air_m


def test_a_wind_front_rises_in_time_and_falls_in_need(lattice):
    """No way is both no faster and in need of all that an earlier one needs; the ground is never longer than asked."""
    ways = in_wind(lattice, Wind(250.0, 70.0))
    assert len(ways) > 1
    for number, way in enumerate(ways):
        assert way.air_m <= LIMIT_M
        for earlier in ways[:number]:
            assert earlier.air_m <= way.air_m
            assert not earlier.needs <= way.needs


def test_the_triangle_bounds_what_air_a_way_takes(lattice):
    """Air over ground distance lies between those of a wind dead behind and dead ahead."""
    best, worst = (200.0 / float(ground_speed_kmh(200.0, track, Wind(0.0, 80.0))) for track in (180.0, 0.0))
    for way in in_wind(lattice, Wind(0.0, 80.0)):
        assert best <= way.air_m / way.distance_m <= worst


@pytest.mark.soak
def test_the_shortest_way_is_nearly_the_fastest_in_the_wind():
    """In one wind of a fifth of the air speed everywhere the shortest way is at most half a per cent slower."""
    lattice, draw, worse = kept_world(), random.Random(1), []
    for _ in range(40):
        start, end = ((draw.uniform(-10, 60), draw.uniform(10, 55)) for _ in range(2))
        windward = Windward(lattice, Wind(draw.uniform(0.0, 360.0), 50.0), 240.0)
        limit_m = 1.2 * windward.air_m((start, end))
        fastest, _ = windward.ways(start, end, free=frozenset(), limit_m=limit_m, max_needs=3)
        still = world_front(
            lattice, end_at(lattice, start), end_at(lattice, end), limit_m=1.5 * distance_m(start, end), max_needs=3
        )
        flown = [(windward.air_m(way.path), way.needs) for way in still.ways]
        worse += [min(air_m for air_m, needs in flown if needs <= way.needs) / way.air_m for way in fastest]
    assert max(worse) < 1.005
