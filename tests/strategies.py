"""Shared Hypothesis strategies: places on the globe, ordinary and hostile."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from safeconduct.model.space import LonLat, Ring

EDGE_LONGITUDES = (-180.0, -179.999999, -90.0, -0.0, 0.0, 1e-9, 90.0, 179.999999, 180.0)
EDGE_LATITUDES = (-90.0, -89.999999, -1e-9, 0.0, 66.56, 89.999999, 90.0)


def positions() -> st.SearchStrategy[LonLat]:
    """Valid places; the antimeridian, the poles and the equator come up often."""
    lon = st.one_of(st.floats(-180, 180), st.sampled_from(EDGE_LONGITUDES))
    lat = st.one_of(st.floats(-90, 90), st.sampled_from(EDGE_LATITUDES))
    return st.tuples(lon, lat)


def hostile_positions() -> st.SearchStrategy[LonLat]:
    """Pairs of which at least one number is no coordinate: NaN, infinite or out of range."""
    bad_lon = st.one_of(st.sampled_from((math.nan, math.inf, -math.inf)), st.floats(180.001, 1e300), st.just(-181.0))
    bad_lat = st.one_of(st.sampled_from((math.nan, math.inf, -math.inf)), st.floats(90.001, 1e300), st.just(-98.0))
    return st.one_of(
        st.tuples(bad_lon, st.floats(-90, 90)), st.tuples(st.floats(-180, 180), bad_lat), st.tuples(bad_lon, bad_lat)
    )


@st.composite
def rings(draw: st.DrawFn, *, max_radius_deg: float = 20.0) -> Ring:
    """Simple rings: 3 to 12 corners around a centre anywhere, poles and antimeridian included."""
    lon, lat = draw(positions())
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(max_radius_deg / 100, max_radius_deg), min_size=count, max_size=count))
    return tuple(_step(lon, lat, 360.0 * i / count, radius) for i, radius in enumerate(radii))


def degenerate_rings() -> st.SearchStrategy[Ring]:
    """Rings with too few corners, repeated corners or any corners at all: nothing to rely on but valid places."""
    doubled = st.tuples(positions(), positions()).map(lambda pair: (pair[0], pair[0], pair[1]))
    return st.one_of(st.lists(positions(), max_size=8).map(tuple), doubled)


def _step(lon: float, lat: float, azimuth_deg: float, radius_deg: float) -> LonLat:
    phi, azimuth, arc = math.radians(lat), math.radians(azimuth_deg), math.radians(radius_deg)
    sine = math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(azimuth)
    east = math.atan2(math.sin(azimuth) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * sine)
    turned = (lon + math.degrees(east) + 180.0) % 360.0 - 180.0
    return (turned, math.degrees(math.asin(max(-1.0, min(1.0, sine)))))
