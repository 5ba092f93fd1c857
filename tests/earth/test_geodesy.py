from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import hostile_positions, positions

from safeconduct.earth.geodesy import (
    azimuth_deg,
    densify,
    destination,
    distance_m,
    distances_m,
    haversine_m,
    point_along,
)
from safeconduct.model.errors import InvalidInput

DAM = (47.03294, 39.17933)
WRECK = (46.6548, 38.7189)
TABRIZ = (46.2349, 38.1330)
VAN = (43.3323, 38.4682)
BATMAN = (41.1166, 37.9290)
HEAT = (46.72, 38.77806)


@pytest.mark.parametrize(
    ("a", "b", "expected_km"),
    [
        (DAM, WRECK, 60.72),  # "about 61 km from the dam"
        (TABRIZ, WRECK, 74.66),
        (VAN, WRECK, 290.77),
        (BATMAN, WRECK, 492.08),
        (BATMAN, HEAT, 498.69),  # the published heat source
    ],
)
def test_reference_distances(a, b, expected_km):
    """The distances of the Varzaqan case hold on WGS 84 within 10 m."""
    assert distance_m(a, b) / 1000 == pytest.approx(expected_km, abs=0.01)


@given(positions(), positions())
def test_distance_is_symmetric_and_at_most_half_way_round(a, b):
    """No two places are farther apart than the poles, and the way back is as long."""
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=1e-3)
    assert 0.0 <= distance_m(a, b) <= 20_003_932.0


@given(st.lists(st.tuples(positions(), positions()), max_size=5))
def test_many_distances_equal_single_ones(pairs):
    """The vectorised form gives the same numbers, and none for none."""
    columns = np.array([[*a, *b] for a, b in pairs]).reshape(-1, 4).T
    expected = [distance_m(a, b) for a, b in pairs]
    assert distances_m(*columns).tolist() == pytest.approx(expected, abs=1e-6)


@given(positions(), positions())
def test_haversine_is_within_its_stated_error(a, b):
    """The spherical distance is within 0.6 % of the geodesic."""
    assert float(haversine_m(*a, *b)) == pytest.approx(distance_m(a, b), rel=0.006, abs=1e-3)


@given(positions(), st.floats(0, 360), st.floats(1, 1.9e7))
def test_destination_is_as_far_as_asked(a, azimuth, length):
    """The place reached lies at the distance asked and is a valid position."""
    assert distance_m(a, destination(a, azimuth, length)) == pytest.approx(length, abs=1e-2)


@given(positions(), positions(), st.floats(0, 2.1e7))
def test_point_along_lies_on_the_way(a, b, length):
    """The two pieces of the way add up to the whole, and it never runs past the end."""
    middle = point_along(a, b, length)
    assert distance_m(a, middle) + distance_m(middle, b) == pytest.approx(distance_m(a, b), abs=1e-2)


def test_point_along_ends():
    """Nothing gives the start, the whole length or more the end, exactly."""
    assert point_along(BATMAN, WRECK, 0.0) == BATMAN
    assert point_along(BATMAN, WRECK, 1e9) == WRECK


def test_point_along_crosses_the_antimeridian():
    """From 179 E towards 179 W the way passes 180, not Greenwich."""
    lon, lat = point_along((179.0, 10.0), (-179.0, 10.0), 150_000.0)
    assert lon == pytest.approx(-179.632, abs=0.01)
    assert lat == pytest.approx(10.0, abs=0.01)


@settings(max_examples=50)
@given(positions(), positions(), st.floats(1e5, 1e7))
def test_densify_steps_are_short_and_add_up(a, b, step):
    """Both ends stay, no step is longer than asked, and the line is no longer than the geodesic."""
    line = densify(a, b, step)
    steps = [distance_m(p, q) for p, q in pairwise(line)]
    assert (line[0], line[-1]) == (a, b)
    assert max(steps) <= step * (1 + 1e-6) + 1e-2
    assert sum(steps) == pytest.approx(distance_m(a, b), abs=0.1)


def test_densify_of_one_place_has_two_ends():
    """A line from a place to itself still has two ends."""
    assert densify(WRECK, WRECK, 1000.0) == [WRECK, WRECK]


def test_azimuth_is_clockwise_from_north():
    """East is 90, west is 270."""
    assert azimuth_deg((0.0, 0.0), (1.0, 0.0)) == pytest.approx(90.0)
    assert azimuth_deg((0.0, 0.0), (-1.0, 0.0)) == pytest.approx(270.0)


@given(hostile_positions())
def test_hostile_positions_are_refused(bad):
    """What is no position raises our error everywhere."""
    for call in (
        lambda: distance_m(bad, WRECK),
        lambda: distance_m(WRECK, bad),
        lambda: distances_m([bad[0]], [bad[1]], 0.0, 0.0),
        lambda: haversine_m(0.0, 0.0, bad[0], bad[1]),
        lambda: azimuth_deg(bad, WRECK),
        lambda: destination(bad, 0.0, 1.0),
        lambda: point_along(WRECK, bad, 1.0),
        lambda: densify(bad, WRECK, 1.0),
    ):
        with pytest.raises(InvalidInput):
            call()


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf])
def test_hostile_lengths_are_refused(bad):
    """Lengths that are none raise our error; an infinite step or way along is only a long one."""
    with pytest.raises(InvalidInput):
        destination(WRECK, 0.0, bad)
    if bad != math.inf:
        with pytest.raises(InvalidInput):
            point_along(WRECK, DAM, bad)
        with pytest.raises(InvalidInput):
            densify(WRECK, DAM, bad)
    with pytest.raises(InvalidInput):
        destination(WRECK, math.nan, 1.0)


def test_shapes_that_do_not_fit_and_tiny_steps_are_refused():
    """Broadcast faults and a step of a micrometre are input errors."""
    with pytest.raises(InvalidInput):
        distances_m([1, 2], [1, 2, 3], 0, 0)
    with pytest.raises(InvalidInput):
        densify(WRECK, DAM, 1e-6)
