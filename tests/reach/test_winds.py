"""Flights in the winds of a case."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import (
    BASES,
    GIVEN,
    HELICOPTER,
    HOST,
    ROADS,
    SITE,
    THIRD,
    NoSkies,
    asset,
    did,
    figure,
    hour,
    sure,
)
from tests.reach.test_steps import CHAIN, chained

from safeconduct.earth.geodesy import azimuth_deg, destination, distance_m
from safeconduct.model.sources import Spread
from safeconduct.model.space import Airspace, Polygon
from safeconduct.model.winds import WindReport
from safeconduct.motion.hours import WIND_KMH
from safeconduct.reach.plans import ON_SCENE_H, RESERVE_H, Ground, plans
from safeconduct.reach.steps import courses
from safeconduct.reach.winds import Winds

AREA = ((5.0, -5.0), (15.0, -5.0), (15.0, 5.0), (5.0, 5.0))
NORTH = BASES[0].position


def wind(name="north", *, from_deg=0.0, kmh=50.0, start_h=-24.0, end_h=48.0, known_h=0.0, **more):
    fields = {
        "id": name,
        "area": AREA,
        "start": hour(start_h),
        "end": hour(end_h),
        "from_deg": from_deg,
        "from_sigma_deg": 0.0,
        "speed_kmh": sure(kmh),
        "height_m": None,
        "kinds": (),
        "alternative": "",
        "weight": 1.0,
        "known_at": hour(known_h),
        "cite": GIVEN,
    }
    return WindReport(**(fields | more))


def ground(*reports, skies=None, at_h=1.0, bases=BASES):
    winds = Winds(reports, hour(at_h)) if reports else None
    return Ground(SITE, HOST, bases, ROADS, skies or NoSkies(), winds)


class Block:
    """One closed airspace between the base and the site."""

    def __init__(self, ring):
        self._all = (Airspace(THIRD, (Polygon(ring),)),)

    def near(self, _points, _margin_km):
        return (THIRD,)

    def airspaces(self, _codes):
        return self._all


def km(a, b):
    return distance_m(a, b) / 1000.0


def test_a_wind_behind_makes_a_flight_shorter_in_hours():
    """Due south at 200 km/h with 50 km/h from the north: the distance over 250 km/h, nothing left of the 30 kt."""
    (plan,) = plans(asset(), ground(wind()))
    (leg,) = plan.legs
    assert leg.hours.p10 == leg.hours.p50 == leg.hours.p90 == pytest.approx(km(NORTH, SITE) / 250.0, rel=1e-6)
    assert leg.spent_km == pytest.approx(km(NORTH, SITE) * 200.0 / 250.0, rel=1e-6)
    assert leg.distance_km == pytest.approx(km(NORTH, SITE), rel=1e-6)


def test_range_is_kept_through_the_air_there_and_back():
    """There against the wind, back with it to the fuel that takes least; reserve and time on scene as without."""
    (plan,) = plans(asset(), ground(wind(from_deg=180.0)))
    there, back = km(NORTH, SITE) * 200.0 / 150.0, km(SITE, NORTH) * 200.0 / 250.0  # the nearer base lies upwind
    assert plan.range_left_km == pytest.approx(800.0 - there - back - (RESERVE_H + ON_SCENE_H) * 200.0, rel=1e-6)


def test_a_wind_can_close_a_way_and_open_it():
    """With fuel for the calm and little more, a head wind puts the site out of range; a tail wind leaves more over."""
    kind = replace(HELICOPTER, range_km=figure(330.0))
    calm, against, behind = (
        plans(asset(kind=kind), ground(*reports))[0].range_left_km
        for reports in ((), (wind(from_deg=180.0),), (wind(kmh=100.0),))
    )
    assert against < 0.0 < calm < behind


@pytest.mark.parametrize(
    "other",
    [
        wind(start_h=5.0),
        wind(end_h=1.0),
        wind(area=((5.0, 2.0), (15.0, 2.0), (15.0, 5.0))),
        wind(kinds=("uav", "fixed-wing")),
    ],
)
def test_a_wind_of_another_hour_place_or_kind_does_not_count(other):
    """Where none holds it is calm, with 30 kt either way, as in a case that gives no wind."""
    (windy,), (still,) = plans(asset(), ground(other)), plans(asset(), ground())
    assert windy.legs[0].hours.p10 == pytest.approx(still.legs[0].hours.p10)
    assert windy.legs[0].hours.p90 == pytest.approx(km(NORTH, SITE) / (200.0 - WIND_KMH), rel=1e-6)
    assert windy.legs[0].blown.calm_km == pytest.approx(km(NORTH, SITE), rel=1e-6)


def test_the_wind_changes_on_the_way():
    """A flight that leaves half an hour before the wind turns has each wind on its own part."""
    far = asset(base="far", ready=0.0, start="request")
    (plan,) = plans(far, ground(wind(end_h=1.5), wind("south", from_deg=180.0, start_h=1.5), at_h=1.0))
    whole, first = km(BASES[1].position, SITE), 0.5 * 250.0
    assert plan.hours == pytest.approx(0.5 + (whole - first) / 150.0, abs=25.0 / 150.0 - 25.0 / 250.0)
    assert {report.id for report in plan.legs[0].blown.reports} == {"north", "south"}


def test_a_recorded_take_off_sets_the_hour():
    """What has taken off is in the wind of that hour, not of the assessment."""
    winds = (wind(end_h=0.6), wind("south", from_deg=180.0, start_h=0.6))
    gone = asset(records=(did("take-off", 0.1),))
    (early,), (late,) = plans(gone, ground(*winds)), plans(asset(), ground(*winds))
    assert early.hours == pytest.approx(km(NORTH, SITE) / 250.0, rel=1e-6)
    assert late.hours == pytest.approx(km(NORTH, SITE) / 150.0, rel=1e-6)


def test_the_later_report_counts():
    """Of two winds at one place and hour the one known later holds."""
    (plan,) = plans(asset(), ground(wind(kmh=90.0, known_h=0.1), wind("new", kmh=50.0, known_h=0.2)))
    assert [report.id for report in plan.legs[0].blown.reports] == ["new"]


def test_of_alternatives_the_one_most_believed_is_planned_in():
    """Both are kept for the draws; the hours are those of the weightier."""
    two = wind("a", alternative="x", weight=1.0), wind("b", from_deg=180.0, alternative="x", weight=3.0)
    (plan,) = plans(asset(), ground(*two))
    assert plan.hours == pytest.approx(km(NORTH, SITE) / 150.0, rel=1e-6)
    assert {report.id for report in plan.legs[0].blown.reports} == {"a", "b"}


def test_hours_that_the_case_gives_stand():
    """A flight time of the case is not blown about."""
    (plan,) = plans(asset(flight_time_h=sure(0.7)), ground(wind()))
    assert plan.hours == 0.7
    assert plan.legs[0].blown is None


def test_the_choice_of_ways_is_by_hours_in_the_wind():
    """A way that needs more leave and is slower in the wind is left out, though it is the shorter one."""
    block = ((9.8, 0.3), (10.2, 0.3), (10.2, 0.7), (9.8, 0.7))
    still = plans(asset(), ground(skies=Block(block)))
    assert [plan.states for plan in still] == [{THIRD}, set()]
    (round_it,) = plans(asset(), ground(wind(from_deg=180.0, kmh=120.0, area=block), skies=Block(block)))
    assert round_it.states == set()
    assert round_it.legs[0].distance_km > still[0].legs[0].distance_km


def test_a_later_flight_of_a_chain_has_the_wind_of_its_hour():
    """Two hours on the ground between two flights: the second is flown after the wind has turned."""
    back = (*CHAIN[:2], replace(CHAIN[0], id="on", to="north"))
    reports = (wind(end_h=1.9), wind("south", from_deg=180.0, start_h=1.9))
    (plan,) = courses(chained(*back, ready=0.0, start="request"), ground(*reports))
    first, second = (leg for leg in plan.legs if leg.mode == "fly")
    assert first.hours.p50 == pytest.approx(first.distance_km / 250.0, rel=1e-5)
    assert second.hours.p50 == pytest.approx(second.distance_km / 250.0, rel=1e-5)
    assert [r.id for r in second.blown.reports] == ["south"]


def test_a_wind_too_strong_to_fly_in_puts_the_site_out_of_range():
    """Headwind above the air speed: no error, a way that is closed by its range."""
    (plan,) = plans(asset(), ground(wind(from_deg=180.0, kmh=260.0)))
    assert plan.range_left_km < 0.0


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.0, 360.0),
    st.floats(0.0, 150.0),
    st.floats(0.0, 360.0),
    st.floats(20.0, 400.0),
)
def test_kilometres_through_the_air_agree_with_a_flight_in_small_steps(from_deg, kmh, track, far_km):
    """Carried along by the wind and steering for the end at every minute, the aircraft flies as far through the air."""
    start = (10.0, 0.0)
    end = destination(start, track, far_km * 1000.0)
    found = Winds((wind(from_deg=from_deg, kmh=kmh),), hour(0)).blown((start, end), 200.0, "helicopter", hour(0))
    here, flown_h, step_h = start, 0.0, 1.0 / 240.0
    while True:
        course = np.radians(azimuth_deg(here, end) - from_deg)
        made_good = -kmh * np.cos(course) + np.sqrt(200.0**2 - (kmh * np.sin(course)) ** 2)
        left_h = km(here, end) / made_good
        if left_h <= step_h:
            break
        here = destination(here, azimuth_deg(here, end), made_good * step_h * 1000.0)
        flown_h += step_h
    assert found.air_km == pytest.approx((flown_h + left_h) * 200.0, rel=2e-3)


def test_every_piece_is_drawn_in_its_wind():
    """In each draw the air distance is that of the drawn wind; an alternative that is not so leaves the next one."""
    two = wind("a", alternative="x", known_h=0.2), wind("b", from_deg=180.0, alternative="x", known_h=0.1)
    blown = Winds(two, hour(0)).blown((NORTH, SITE), 200.0, "helicopter", hour(0))
    speeds = {
        "a": (np.array([50.0, np.nan, np.nan]), np.zeros(3)),
        "b": (np.array([np.nan, 50.0, np.nan]), np.full(3, 180.0)),
    }
    shares = blown.drawn_km(speeds, 3) / km(NORTH, SITE)
    assert shares == pytest.approx([200.0 / 250.0, 200.0 / 150.0, 1.0], rel=1e-6)


def test_nothing_known_of_readiness_leaves_at_once():
    """Without a mobilisation time the wind of the assessment's hour counts."""
    kind = replace(HELICOPTER, mobilisation_h=None)
    assert Winds((), hour(2)).leaves(asset(kind=kind)) == hour(2)
    ready = asset(mobilisation_h=Spread(0.5, 1.0, 2.0, GIVEN))
    assert Winds((), hour(2)).leaves(ready) == hour(2) + timedelta(hours=1)
