"""Shapes on the globe: plain values, degrees, (lon, lat) order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from safeconduct.model.errors import InvalidInput

LonLat: TypeAlias = tuple[float, float]
"""Longitude in [-180, 180] and latitude in [-90, 90], degrees."""

Ring: TypeAlias = tuple[LonLat, ...]
"""Corners of a closed ring of geodesic edges, the last joined to the first; no corner is repeated at the end."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """
    A simply bounded area; the inside of each ring is its smaller side.

    Args:
        shell: Outer ring, at least three corners.

        holes: Rings inside the shell that do not belong to the area.
    """

    shell: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Airspace:
    """
    The airspace of one state (or of one named permission): entering any part of it needs that one permission.

    Args:
        needs: The state's code, or the name of the permission.

        polygons: Its parts; parts may lie on either side of the antimeridian. Empty means nowhere.
    """

    needs: str
    polygons: tuple[Polygon, ...]


def lon_lat(lon: float, lat: float, *, where: str = "") -> LonLat:
    """
    Check a position.

    Raises:
        InvalidInput: A coordinate is not finite or out of range.
    """
    if not (math.isfinite(lon) and -180.0 <= lon <= 180.0):
        raise InvalidInput("not a longitude", where=where, expected="degrees in [-180, 180]", got=str(lon))
    if not (math.isfinite(lat) and -90.0 <= lat <= 90.0):
        raise InvalidInput("not a latitude", where=where, expected="degrees in [-90, 90]", got=str(lat))
    return (float(lon), float(lat))
