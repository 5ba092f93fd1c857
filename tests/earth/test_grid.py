"""Coordinates in every notation against published ones, at the exceptions of the zones, and at the poles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mgrs import MGRS

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.grid import degrees_minutes, mgrs, utm, written, zone
from safeconduct.model.errors import InvalidInput

LON = st.floats(-179.999, 179.999)


def test_the_tower_of_toronto_in_utm():
    """43 38 33.24 N, 79 23 13.7 W is 17T 630084 4833438 (Wikipedia, Universal Transverse Mercator)."""
    made = utm((-(79 + 23 / 60 + 13.7 / 3600), 43 + 38 / 60 + 33.24 / 3600))
    assert made is not None
    number, band, east, north = made
    assert (number, band) == (17, "T")
    assert east == pytest.approx(630084, abs=1.0)
    assert north == pytest.approx(4833438, abs=1.0)


def test_a_place_near_honolulu_in_mgrs():
    """21.409796 N, 157.916081 W is 4Q FJ 12345 67890 (Wikipedia, Military Grid Reference System)."""
    head, square, east, north = mgrs((-157.916081, 21.409796)).split()
    assert (head, square) == ("04Q", "FJ")
    assert int(east) == pytest.approx(12345, abs=1)
    assert int(north) == pytest.approx(67890, abs=1)


@pytest.mark.parametrize(
    ("lon", "lat", "number"),
    [(4.0, 60.0, 32), (2.9, 60.0, 31), (4.0, 64.0, 31), (8.0, 78.0, 31), (9.5, 78.0, 33), (41.9, 78.0, 37)],
)
def test_the_wider_zones_off_norway_and_svalbard(lon, lat, number):
    """32V is wide, 32X, 34X and 36X do not exist (NGA.STND.0037)."""
    assert zone(lon, lat) == number
    assert mgrs((lon, lat)).startswith(f"{number:02d}")


@pytest.mark.parametrize(("lat", "side"), [(84.001, "north"), (89.999, "north"), (90.0, "north"), (-80.1, "south")])
def test_beyond_utm_there_is_none_and_it_is_said(lat, side):
    """UPS and polar MGRS take its place."""
    assert utm((10.0, lat)) is None
    said = written((10.0, lat))
    assert said.polar
    assert said.grid.startswith(f"no UTM here; UPS {side} ")
    assert said.mgrs[0] in ("YZ" if lat > 0 else "AB")


def test_the_pole_in_ups():
    """False easting and northing of two million metres (NGA.STND.0037)."""
    assert written((0.0, 90.0)).grid == "no UTM here; UPS north 2000000 E 2000000 N"
    assert written((0.0, 90.0)).mgrs == "Z AH 00000 00000"


def test_the_antimeridian_is_one_place():
    """180 east and 180 west are written alike, in zone 1."""
    east, west = written((180.0, 10.0)), written((-180.0, 10.0))
    assert (east.grid, east.mgrs) == (west.grid, west.mgrs)
    assert east.grid.startswith("01P")


def test_minutes_never_reach_sixty():
    """59.999 minutes round to the next degree."""
    assert degrees_minutes(10.999999, -0.0) == "00 00.00 N 011 00.00 E"


@given(LON, st.floats(-90.0, 90.0))
def test_mgrs_names_the_square_metre_that_holds_the_place(lon, lat):
    """Read back it is the same place to within the metre it names."""
    back = MGRS().toLatLon(mgrs((lon, lat)).replace(" ", ""))
    assert distance_m((lon, lat), (float(back[1]), float(back[0]))) < 1.6


@given(LON, st.floats(-79.999, 83.999))
def test_utm_and_mgrs_name_the_same_square(lon, lat):
    """Zone, band and the last five digits agree."""
    made = utm((lon, lat))
    assert made is not None
    head, _, east, _ = mgrs((lon, lat)).split()
    assert head == f"{made[0]:02d}{made[1]}"
    assert abs(int(east) - int(made[2]) % 100000) in (0, 1, 99999)


def test_a_place_off_the_earth_is_refused():
    """One clear error."""
    with pytest.raises(InvalidInput):
        written((0.0, 90.5))
