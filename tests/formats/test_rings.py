from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.rings import crossing

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def around(lon: float, lat: float, radii_deg: list[float]) -> list[tuple[float, float]]:
    """A star-shaped ring about a point, by bearings at equal steps; by vectors, so sound at the poles."""
    a, b = math.radians(lon), math.radians(lat)
    up = (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
    east = (-math.sin(a), math.cos(a), 0.0)
    north = (-math.sin(b) * math.cos(a), -math.sin(b) * math.sin(a), math.cos(b))
    corners = []
    for index, radius in enumerate(radii_deg):
        bearing, r = math.tau * index / len(radii_deg), math.radians(radius)
        x, y, z = (
            math.cos(r) * u + math.sin(r) * (math.sin(bearing) * e + math.cos(bearing) * n)
            for u, e, n in zip(up, east, north, strict=True)
        )
        corners.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return corners


@given(st.floats(-180, 180), st.floats(-90, 90), st.lists(st.floats(0.5, 3.0), min_size=5, max_size=12))
def test_a_star_about_any_point_does_not_meet_itself(lon: float, lat: float, radii_deg: list[float]) -> None:
    """Simple rings are taken anywhere on the globe, over a pole and across the antimeridian too."""
    assert crossing(tuple(around(lon, lat, radii_deg))) is None


@given(st.floats(-180, 180), st.floats(-90, 90), st.lists(st.floats(0.5, 3.0), min_size=5, max_size=12))
def test_a_pentagram_about_any_point_meets_itself(lon: float, lat: float, radii_deg: list[float]) -> None:
    """The five points of a star joined by leaps of two cross each other anywhere on the globe."""
    five = around(lon, lat, [radii_deg[0]] * 5)
    assert crossing(tuple(five[index] for index in (0, 2, 4, 1, 3))) is not None


@pytest.mark.parametrize(
    ("ring", "edges"),
    [
        (SQUARE, None),
        ((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), (0, 2)),  # a bow tie
        ((*SQUARE, (0.5, 0.5), SQUARE[0]), (0, 5)),  # a corner visited twice
        ((SQUARE[0], SQUARE[0], *SQUARE[1:]), (0, 1)),  # an edge of no length
        (((0.0, 0.0), (2.0, 0.0), (1.0, 0.0), (1.0, 1.0)), (0, 1)),  # a spike that runs back on itself
        (((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 0.0), (0.0, 1.0)), (0, 2)),  # a corner on another edge
        (((179.0, 0.0), (-179.0, 1.0), (-179.0, 0.0), (179.0, 1.0)), (0, 2)),  # a bow tie on the antimeridian
        (((179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0)), None),
        (((180.0, 0.0), (-180.0, 0.0), (-179.0, 1.0)), (0, 1)),  # one corner under two names
    ],
)
def test_meeting_edges_are_named(ring: tuple[tuple[float, float], ...], edges: tuple[int, int] | None) -> None:
    """Bow ties, doubled corners, spikes and touching corners are found; plain squares are not."""
    assert crossing(ring) == edges
