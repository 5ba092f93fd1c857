"""Hours under way, with their spread."""

from __future__ import annotations

from safeconduct.model.assets import AssetType
from safeconduct.model.errors import Bug
from safeconduct.model.sources import Cite, Spread

WIND_KMH = 55.6
"""A wind of 30 kt, with or against: the spread of a flight time (reference: reach 1, its worked example)."""

WIND_LEFT_KMH = 27.8
"""What stays uncertain of a wind that was given, with or against: 15 kt, our assumption."""

ROUGH_SEA = 0.5
"""Share of its speed that a ship keeps in rough water, our assumption: the p90 of its hours."""


def flight_hours(kind: AssetType, distance_km: float, *, wind_kmh: float = WIND_KMH) -> Spread:
    """
    Hours in the air at planning speed; p10 and p90 with a wind behind and against.

    Domain: cruising speeds above 1.5 times that wind.

    Args:
        kind: With a cruising speed.

        distance_km: Over the ground in still air; through the air where the wind is already counted.

        wind_kmh: The wind of p10 and p90.
    """
    if kind.cruise_kmh is None:
        raise Bug("a flight needs a cruising speed", where=kind.id)
    speed = kind.cruise_kmh.value
    against = max(speed - wind_kmh, speed / 3.0)
    return Spread(
        distance_km / (speed + wind_kmh), distance_km / speed, distance_km / against, kind.cruise_kmh.cite, "", None
    )


def sailing_hours(kind: AssetType, distance_km: float) -> Spread:
    """
    Hours at sea: p10 and p50 at the ship's speed, p90 at half of it.

    Args:
        kind: With a cruising speed.

        distance_km: Over the sea; currents and ice are not looked at.
    """
    if kind.cruise_kmh is None:
        raise Bug("a ship needs a speed", where=kind.id)
    hours = distance_km / kind.cruise_kmh.value
    cite = Cite(kind.cruise_kmh.cite.sources, "assumed", "p90: half the speed in rough water")
    return Spread(hours, hours, hours / ROUGH_SEA, cite, "", None)
