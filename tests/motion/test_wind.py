"""The wind triangle and hours under way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment.worlds import HELICOPTER, figure

from safeconduct.model.assets import AssetType
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.motion.hours import flight_hours, sailing_hours
from safeconduct.motion.wind import Wind, air_share, ground_speed_kmh

BOAT = AssetType("boat", "boat", "ship", cruise_kmh=figure(40))


def test_a_wind_along_the_track_adds_or_takes_its_speed():
    """From the west at 50: 250 eastward, 150 westward at 200 through the air."""
    assert ground_speed_kmh(200.0, [90.0, 270.0], Wind(270.0, 50.0)) == pytest.approx([250.0, 150.0])


def test_a_wind_across_costs_what_holds_it_off():
    """Across the track what is left is the other side of the right triangle: 3-4-5."""
    assert ground_speed_kmh(100.0, 0.0, Wind(270.0, 60.0)) == pytest.approx(80.0)


@given(st.floats(50.0, 900.0), st.floats(0.0, 360.0), st.floats(0.0, 360.0), st.floats(0.0, 0.95))
def test_ground_speed_and_wind_add_up_to_the_air_speed(air, track, direction, share):
    """The vector over the ground less the wind's own has the air speed, whatever the track."""
    wind = Wind(direction, share * air)
    ground = float(ground_speed_kmh(air, track, wind))
    assert ground > 0.0
    toward = np.radians(direction + 180.0)
    east = ground * np.sin(np.radians(track)) - wind.speed_kmh * np.sin(toward)
    north = ground * np.cos(np.radians(track)) - wind.speed_kmh * np.cos(toward)
    assert np.hypot(east, north) == pytest.approx(air, rel=1e-9)


def test_a_wind_as_fast_as_the_aircraft_is_out_of_domain():
    """Some tracks could not be held."""
    with pytest.raises(OutOfDomain):
        ground_speed_kmh(60.0, 0.0, Wind(0.0, 60.0))


@pytest.mark.parametrize("wrong", [(-1.0, 10.0), (361.0, 10.0), (float("nan"), 10.0), (0.0, -1.0), (0.0, float("inf"))])
def test_what_is_no_wind_is_refused(wrong):
    """Directions beyond the circle and speeds below zero or without end."""
    with pytest.raises(InvalidInput):
        Wind(*wrong)


def test_a_given_wind_leaves_less_spread():
    """With the wind counted, p10 and p90 lie nearer to p50."""
    wide, narrow = flight_hours(HELICOPTER, 300.0), flight_hours(HELICOPTER, 300.0, wind_kmh=20.0)
    assert wide.p10 < narrow.p10 < narrow.p50 == wide.p50 < narrow.p90 < wide.p90


def test_a_ship_may_take_twice_as_long():
    """p50 at its speed, p90 at half of it."""
    hours = sailing_hours(BOAT, 80.0)
    assert (hours.p10, hours.p50, hours.p90) == (2.0, 2.0, 4.0)


@given(st.floats(50.0, 900.0), st.floats(0.0, 360.0), st.floats(0.0, 360.0), st.floats(0.0, 0.9))
def test_kilometres_through_the_air_are_those_of_the_ground_speed(air, track, direction, share):
    """Where the wind is well under the air speed both agree; a calm costs nothing."""
    expected = air / float(ground_speed_kmh(air, track, Wind(direction, share * air)))
    assert float(air_share(air, track, direction, share * air)) == pytest.approx(expected, rel=1e-9)
    assert float(air_share(air, track, direction, 0.0)) == pytest.approx(1.0)


def test_no_headway_is_a_twentieth_of_the_air_speed():
    """Against or across a wind as fast as the aircraft or faster there is an answer, and it is out of reach."""
    assert air_share(100.0, [0.0, 0.0, 90.0], [0.0, 0.0, 0.0], [100.0, 300.0, 300.0]) == pytest.approx([20.0] * 3)
