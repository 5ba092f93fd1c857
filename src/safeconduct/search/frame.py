"""A sector's own plane: x along its long side, y along the short one, kilometres from its middle, and degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import LonLat
from safeconduct.search.grid import Array, SearchGrid
from safeconduct.search.plan import Sector

POLAR_DEG = 85.0
"""Nearer to a pole a rectangle of the map's plane is no rectangle on the ground; no pattern is fitted."""


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The plane of one sector.

    Args:
        plane: Touches the globe in the middle of the sector.

        north: Whether the long side runs north and south.

        length_km: Long side on this plane.

        width_km: Short side.
    """

    plane: SearchGrid
    north: bool
    length_km: float
    width_km: float

    def degrees(self, points: Array) -> tuple[LonLat, ...]:
        """Places of points of the frame, shape (n, 2)."""
        x, y = points[:, 0], points[:, 1]
        lon, lat = self.plane.globe(-y, x) if self.north else self.plane.globe(x, y)
        return tuple((float(a), float(b)) for a, b in zip(lon, lat, strict=True))

    def points(self, lon_deg: Array, lat_deg: Array) -> Array:
        """Points of the frame for places, shape (n, 2)."""
        east, north = self.plane.plane(lon_deg, lat_deg)
        return np.column_stack([north, -east]) if self.north else np.column_stack([east, north])

    def bearing_deg(self, step: Array) -> float:
        """Direction of a step of the frame from true north, [0, 360)."""
        east, north = (-step[1], step[0]) if self.north else (step[0], step[1])
        return math.degrees(math.atan2(float(east), float(north))) % 360.0


def frame_of(sector: Sector, grid: SearchGrid) -> Frame:
    """
    The frame of a sector.

    Args:
        grid: Of the map on whose plane the sector was placed.

    Raises:
        OutOfDomain: It lies nearer to a pole than 5 degrees.
    """
    x = [p[0] for p in sector.corners_km[:4]]
    y = [p[1] for p in sector.corners_km[:4]]
    middle = grid.place((min(x) + max(x)) / 2.0, (min(y) + max(y)) / 2.0)
    if abs(middle[1]) > POLAR_DEG or any(abs(p[1]) > POLAR_DEG for p in sector.ring):
        expected = f"within {POLAR_DEG:g} degrees of latitude"
        raise OutOfDomain("too near to a pole for a pattern", where=sector.id, expected=expected, got=f"{middle[1]:g}")
    plane = SearchGrid(middle, 0.0, 0.0, 1.0, 1, 1)
    corner = np.array(sector.ring[:4])
    east, north = plane.plane(corner[:, 0], corner[:, 1])
    tall = sector.bearing_deg == 0.0
    spans = float(np.ptp(east)), float(np.ptp(north))
    return Frame(plane, tall, spans[tall], spans[not tall])
