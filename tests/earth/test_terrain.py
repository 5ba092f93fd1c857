"""Terrain on a local plane."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.terrain import MIDDLE, flat, incline, terrain

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.terrain import Terrain, elevation_at, tiles_over
from safeconduct.model.errors import InvalidInput


@given(st.floats(-179.9, 179.9), st.floats(-89.0, 89.0), st.floats(-40e3, 40e3), st.floats(-40e3, 40e3))
def test_plane_and_globe_are_inverse(lon, lat, x, y):
    """A place on the plane, taken to the globe and back, is where it was to a millimetre."""
    ground = flat(middle=(lon, lat))
    back = ground.to_plane(*ground.to_globe(x, y))
    assert (float(back[0]), float(back[1])) == pytest.approx((x, y), abs=1e-3)


@given(st.floats(-50e3, 50e3), st.floats(-50e3, 50e3), st.floats(0.0, 2 * math.pi))
def test_distances_on_the_plane_are_those_on_the_ground(x, y, turn):
    """A kilometre on the plane within 70 km of the middle is a kilometre on the ground within 0.01 %."""
    ground = flat()
    ends = [ground.to_globe(x + far * math.cos(turn), y + far * math.sin(turn)) for far in (0.0, 1000.0)]
    one, two = ((float(lon), float(lat)) for lon, lat in ends)
    assert distance_m(one, two) == pytest.approx(1000.0, rel=1e-4)


def test_elevation_is_straight_between_cells():
    """On an even slope every elevation inside is exact, and outside it is unknown."""
    ground = incline(slope=0.1)
    x = np.linspace(-1400.0, 1400.0, 57)
    lon, lat = ground.to_globe(x, np.full(57, 333.0))
    assert elevation_at(ground, lon, lat) == pytest.approx(1000.0 + 0.1 * x, abs=1e-3)
    assert np.isnan(elevation_at(ground, MIDDLE[0] + 1.0, MIDDLE[1]))


def test_beside_unknown_cells_elevation_is_unknown():
    """No value is made up from a cell that has none; on the middle of a known cell its value stands."""
    heights = np.full((3, 3), 7.0)
    heights[1, 1] = np.nan
    ground = terrain(heights)
    lon, lat = ground.to_globe(np.array([-30.0, -15.0]), np.array([30.0, 15.0]))
    at = elevation_at(ground, lon, lat)
    assert at[0] == 7.0
    assert np.isnan(at[1])


@pytest.mark.parametrize(
    ("heights", "cell_m", "fault"),
    [
        (np.zeros((1, 5)), 30.0, "not a grid"),
        (np.zeros((5, 5)), 120.0, "too coarse"),
        (np.zeros((5, 5)), 0.0, "too coarse"),
        (np.full((5, 5), np.nan), 30.0, "without a single"),
        (np.zeros((2, 7000)), 100.0, "too much"),
    ],
)
def test_what_is_no_terrain_is_refused(heights, cell_m, fault):
    """One row, cells of more than 100 m, nothing known, more than the plane holds: refused with the reason."""
    with pytest.raises(InvalidInput, match=fault):
        Terrain(MIDDLE, cell_m, 0.0, 0.0, heights, "file")


def test_a_terrain_cannot_be_changed():
    """Its elevations are read-only, and the array it was made from stays the caller's."""
    heights = np.zeros((4, 4), dtype=np.float32)
    ground = terrain(heights)
    heights[0, 0] = 9.0
    assert ground.elevation_m[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        ground.elevation_m[0, 0] = 1.0


@pytest.mark.parametrize(
    ("box", "tiles"),
    [
        ((46.2, 38.1, 46.8, 38.9), ((46, 38),)),
        ((46.2, 38.1, 47.2, 39.1), ((46, 38), (47, 38), (46, 39), (47, 39))),
        ((46.0, 38.0, 47.0, 39.0), ((46, 38),)),
        ((-0.5, -0.5, 0.5, 0.5), ((-1, -1), (0, -1), (-1, 0), (0, 0))),
        ((179.5, 10.2, -179.5, 10.4), ((179, 10), (-180, 10))),
    ],
)
def test_tiles_that_meet_a_box(box, tiles):
    """One-degree tiles by their south-west corners, over the equator, Greenwich and the antimeridian too."""
    assert tiles_over(box) == tiles
