"""Turns: their radius, their length beside the drawn line, and the room they take."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.search.turns import room_km, turn_radius_km, u_turn, u_turn_km

SPACING, RADIUS = st.floats(0.0, 20.0), st.floats(0.05, 5.0)
AHEAD, ASIDE = np.array([0.0, 1.0]), np.array([1.0, 0.0])


def test_a_minute_for_half_a_circle():
    """At the standard rate 60 knots turn round in one minute on a circle of two nautical miles of circumference."""
    assert turn_radius_km(111.12) == pytest.approx(2 * 1.852 / (2 * math.pi), rel=1e-9)


def test_fast_aircraft_are_held_by_bank():
    """At 180 m/s 25 degrees of bank turn wider than 3 degrees per second."""
    assert turn_radius_km(648.0) == pytest.approx(180**2 / (9.80665 * math.tan(math.radians(25))) / 1000)


@given(SPACING, RADIUS)
def test_the_drawn_turn_is_as_long_as_it_is_said(spacing, radius):
    """Chords of 7.5 degrees are at most 0.1 % shorter than the arcs."""
    line = np.vstack([[0.0, 0.0], u_turn(np.zeros(2), AHEAD, ASIDE, spacing, radius)])
    drawn = float(np.hypot(*np.diff(line, axis=0).T).sum())
    assert u_turn_km(spacing, radius) * 0.999 <= drawn <= u_turn_km(spacing, radius) * (1 + 1e-9)


@given(SPACING, RADIUS)
def test_it_ends_at_the_next_leg_and_stays_in_its_room(spacing, radius):
    """Beyond the end of the legs and beside them no farther than told."""
    line = u_turn(np.zeros(2), AHEAD, ASIDE, spacing, radius)
    far, beside = room_km(spacing, radius)
    assert line[-1] == pytest.approx([spacing, 0.0], abs=1e-9)
    assert line[:, 1].max() <= far + 1e-9
    assert line[:, 1].min() >= -1e-9
    assert line[:, 0].min() >= -beside - 1e-9
    assert line[:, 0].max() <= spacing + beside + 1e-9


@given(SPACING, RADIUS)
def test_no_turn_is_shorter_than_half_a_circle_or_than_the_spacing(spacing, radius):
    """A lower bound known without the formula."""
    assert u_turn_km(spacing, radius) >= max(math.pi * radius, spacing) - 1e-9


def test_on_foot_the_turn_is_the_cross_leg():
    """No radius: straight over."""
    assert u_turn_km(0.1, 0.0) == pytest.approx(0.1)
    assert u_turn(np.zeros(2), AHEAD, ASIDE, 0.1, 0.0).tolist() == [[0.1, 0.0]]
