"""How exactly a place is told: 10 km towards others until they have accepted (DESIGN.md, section 5)."""

from __future__ import annotations

import math

from safeconduct.model.space import LonLat

COARSE_KM = 10.0
_KM_PER_DEG = 111.19492664455873

EXACT_SAYS = "exact: own use only; coarse (10 km) towards others until acceptance"
COARSE_SAYS = "coarse (10 km) until acceptance"


def coarse(place: LonLat) -> LonLat:
    """
    The middle of the 10 km square that holds a place; it says nothing finer.

    >>> coarse((46.6548, 38.7189)) == coarse((46.66, 38.72))
    True
    """
    lon, lat = place
    up = COARSE_KM / _KM_PER_DEG
    row = math.floor(lat / up)
    middle = min(90.0, max(-90.0, (row + 0.5) * up))
    across = min(360.0, up / max(math.cos(math.radians(middle)), 1e-3))
    east = (math.floor(lon / across) + 0.5) * across
    return (east + 180.0) % 360.0 - 180.0, middle
