"""Ways of one asset: chains of legs before any permission is looked at."""

from dataclasses import replace

import pytest
from tests.assessment.worlds import (
    BASES,
    DRONE,
    GIVEN,
    HELICOPTER,
    HOST,
    NEIGHBOUR,
    ROADS,
    SITE,
    TEAM,
    THIRD,
    NoSkies,
    ThreeSkies,
    asset,
    figure,
    sure,
)

from safeconduct.earth.geodesy import distance_m
from safeconduct.model.assets import AssetType, Base
from safeconduct.reach.plans import MOST_STOPS, ON_SCENE_H, RESERVE_H, STOP_H, WIND_KMH, Ground, flight_hours, plans

PLANE = replace(HELICOPTER, id="p1", name="plane", kind="fixed-wing", cruise_kmh=figure(500), runway_m=figure(1500))


def ground(*, bases=BASES, links=ROADS, skies=None, site=SITE):
    return Ground(site, HOST, bases, links, skies or NoSkies())


def km(a, b):
    return distance_m(a, b) / 1000.0


def test_a_straight_flight_takes_its_distance_over_its_speed():
    """Without a border in the way: one leg, geodesic distance, hours by the planning speed."""
    (plan,) = plans(asset(), ground())
    assert [leg.mode for leg in plan.legs] == ["fly"]
    assert plan.legs[0].distance_km == pytest.approx(km((10.0, 0.9), SITE), rel=1e-6)
    assert plan.hours == pytest.approx(km((10.0, 0.9), SITE) / 200.0, rel=1e-6)


def test_wind_with_and_against_gives_the_spread_of_a_flight():
    """p10 is the flight with 30 kt behind, p90 the one against them."""
    hours = flight_hours(HELICOPTER, 100.0)
    assert hours.p10 == pytest.approx(100.0 / (200.0 + WIND_KMH))
    assert hours.p50 == pytest.approx(0.5)
    assert hours.p90 == pytest.approx(100.0 / (200.0 - WIND_KMH))


def test_what_is_left_of_the_range_allows_for_the_way_back_the_reserve_and_the_scene():
    """Range less there, back to the nearest fuel, reserve and time on scene."""
    (plan,) = plans(asset(), ground())
    expected = 800.0 - km((10.0, 0.9), SITE) - km(SITE, (10.0, -0.4)) - (RESERVE_H + ON_SCENE_H) * 200.0
    assert plan.range_left_km == pytest.approx(expected, rel=1e-6)


def test_a_flight_enters_the_states_it_crosses_at_the_border():
    """The host's airspace is entered where the straight flight passes its border; the own state is left out."""
    (plan,) = plans(asset(base="far"), ground(skies=ThreeSkies()))
    ((state, share),) = plan.legs[0].enters
    assert state == HOST
    assert share == pytest.approx((2.8 - 0.5) / (2.8 - 0.1), abs=0.01)


def test_slower_ways_that_spare_a_state_are_kept():
    """From the east one may go straight in, or through the neighbour's airspace: no way beats one with other states."""
    direct = plans(asset(base="east", provider=THIRD), ground(skies=ThreeSkies()))
    assert [p.states for p in direct] == [frozenset({HOST})]
    through = plans(
        asset(base="east", provider=THIRD),
        ground(skies=ThreeSkies(), site=(10.0, 0.6)),
    )
    assert all(not (a.hours <= b.hours and a.states < b.states) for a in through for b in through if a is not b)
    assert frozenset({NEIGHBOUR}) in {p.states for p in through}


def test_a_dominated_way_is_dropped():
    """A stop that costs time and spares no state is no way of its own."""
    found = plans(asset(via=("home",)), ground())
    assert len(found) == 1
    assert [leg.mode for leg in found[0].legs] == ["fly"]


def short_legged(km_of_range):
    return replace(HELICOPTER, range_km=figure(km_of_range))


def test_a_refuelling_stop_brings_within_reach_what_range_alone_does_not():
    """320 km of range, 299 km away and back: the way lands, refuels and goes on, and the stop takes its time."""
    found = plans(asset(kind=short_legged(320.0), base="far", via=("north",)), ground())
    assert [[leg.mode for leg in p.legs] for p in found] == [["fly", "land", "fly"]]
    flown = (km((10.0, 2.8), (10.0, 0.9)) + km((10.0, 0.9), SITE)) / 200.0
    assert found[0].hours == pytest.approx(flown + STOP_H.p50, rel=1e-6)
    left = 320.0 - km((10.0, 0.9), SITE) - km(SITE, (10.0, -0.4)) - (RESERVE_H + ON_SCENE_H) * 200.0
    assert found[0].range_left_km == pytest.approx(left, rel=1e-6)


def test_a_stop_without_fuel_gives_no_range():
    """Where visiting aircraft cannot refuel, what is left is what was left before."""
    dry = tuple(replace(b, fuel=False) if b.id == "north" else b for b in BASES)
    found = plans(asset(kind=short_legged(320.0), base="far", via=("north",)), ground(bases=dry))
    assert all(p.range_left_km is not None and p.range_left_km < 0 for p in found)


def test_a_stop_lands_in_the_state_it_lies_in():
    """A stop abroad is recorded as a landing there, on the leg that ends at it; one at home is not."""
    visiting = plans(asset(kind=short_legged(320.0), base="far", provider=THIRD, via=("north",)), ground())
    landings = {s for p in visiting for s, _ in p.lands}
    assert landings == {NEIGHBOUR}
    at_home = plans(asset(kind=short_legged(320.0), base="far", via=("north",)), ground())
    assert all(p.lands == () for p in at_home)


def test_a_runway_too_short_is_no_stop():
    """An aeroplane does not land where the runway is shorter than it needs."""
    short = tuple(replace(b, runway_m=900.0) if b.id == "home" else b for b in BASES)
    carrier = asset(kind=PLANE, base="far", via=("home",), effects=("reach",))
    landing = plans(carrier, ground())
    assert [leg.mode for leg in landing[0].legs] == ["fly", "land", "drive", "walk"]
    assert plans(carrier, ground(bases=short))[0].unknown != ()


def test_an_aeroplane_lands_and_goes_on_by_road_and_foot():
    """Hours add up: flight, unloading, road, walk; the host is landed in."""
    (plan,) = plans(asset(kind=PLANE, base="far", via=("home",), effects=("reach", "carry")), ground())
    expected = km((10.0, 2.8), (10.0, -0.4)) / 500.0 + STOP_H.p50 + 1.0 + 0.25
    assert plan.hours == pytest.approx(expected, rel=1e-6)
    assert HOST in {s for s, _ in plan.lands}
    assert plan.effects == ("reach",)


def test_a_team_goes_by_the_road_of_its_base():
    """Drive and walk of the case's own link; the host is entered on the road by a foreign team."""
    (plan,) = plans(asset(kind=TEAM), ground())
    assert [leg.mode for leg in plan.legs] == ["drive", "walk"]
    assert plan.hours == 1.75
    assert plan.states == frozenset({HOST})


def test_a_team_of_the_host_enters_nobody():
    """At home no border is crossed."""
    (plan,) = plans(asset(kind=TEAM, base="home", provider=HOST), ground())
    assert plan.states == frozenset()


def test_remote_help_crosses_nothing():
    """Imagery is one remote leg of the hours its product takes."""
    eye = AssetType("s1", "satellite", "satellite")
    (plan,) = plans(asset(kind=eye, base=None, product_time_h=sure(6.0)), ground())
    assert [leg.mode for leg in plan.legs] == ["remote"]
    assert plan.hours == 6.0
    assert plan.states == frozenset()


NOWHERE = Base("lost", "Lost field", (10.2, 0.9), NEIGHBOUR, None, None, None, GIVEN)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (asset(kind=None), "names no asset"),
        (asset(base=None), "names its base"),
        (asset(base="atlantis"), "names its base"),
        (asset(kind=replace(HELICOPTER, cruise_kmh=None)), "cruising speed"),
        (asset(kind=AssetType("s1", "satellite", "satellite")), "product"),
        (asset(kind=TEAM, base="lost"), "no road"),
    ],
)
def test_what_is_missing_is_said_in_place_of_a_way(made, words):
    """Unknown type, base, speed, product time or road: one way without legs that says what is missing."""
    (plan,) = plans(made, ground(bases=(*BASES, NOWHERE)))
    assert plan.legs == ()
    assert words in plan.unknown[0]


def test_a_walk_that_nobody_has_timed_is_unknown():
    """Without terrain or a figure the walking time is unknown, and so is the way."""
    links = tuple(replace(link, walk_h=None) for link in ROADS)
    (plan,) = plans(asset(kind=TEAM), ground(links=links))
    assert plan.legs == ()
    assert plan.unknown == ("walking time unknown: no terrain",)


def test_a_drone_of_unknown_range_still_has_its_way():
    """Unknown range is not out of range: the way is there and its range says unknown."""
    (plan,) = plans(asset(kind=replace(DRONE, range_km=None, endurance_h=None)), ground())
    assert plan.legs != ()
    assert plan.range_left_km is None


def test_beyond_range_the_straight_flight_alone_is_shown():
    """No permission brings it within range, so its detours are no ways of their own."""
    through = plans(
        asset(kind=short_legged(50.0), base="east", provider=THIRD), ground(skies=ThreeSkies(), site=(10.0, 0.6))
    )
    assert len(through) == 1
    assert through[0].range_left_km < 0.0
    assert through[0].legs[0].distance_km == pytest.approx(km((12.5, 0.1), (10.0, 0.6)), rel=1e-6)


def test_chains_end_at_the_most_stops():
    """Four fields in a row, each a filling apart: with two stops the fourth is out of reach, and so is the site."""
    fields = tuple(
        Base(f"f{n}", f"Field {n}", (10.0, 0.9 + 0.9 * n), NEIGHBOUR, None, 2000.0, True, GIVEN) for n in range(1, 5)
    )
    kind = short_legged(175.0 + (RESERVE_H + ON_SCENE_H) * 200.0)
    via = tuple(f"f{n}" for n in range(1, 4))
    near = plans(asset(kind=kind, base="f3", via=via[:2]), ground(bases=(*BASES, *fields), site=(10.0, 0.95)))
    far = plans(asset(kind=kind, base="f4", via=via), ground(bases=(*BASES, *fields), site=(10.0, 0.95)))
    assert [[leg.mode for leg in p.legs].count("land") for p in near if p.range_left_km >= 0.0] != []
    assert all([leg.mode for leg in p.legs].count("land") <= MOST_STOPS for p in (*near, *far))
