"""The wind triangle: how fast an aircraft gets on over the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from safeconduct.model.errors import InvalidInput, OutOfDomain


@dataclass(frozen=True, slots=True)
class Wind:
    """
    A wind that is the same over the whole area.

    Args:
        from_deg: Where it comes from, degrees clockwise from true north, in [0, 360].

        speed_kmh: Its speed, >= 0.
    """

    from_deg: float
    speed_kmh: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.from_deg <= 360.0:
            raise InvalidInput("not a direction", where="wind", expected="degrees in [0, 360]", got=str(self.from_deg))
        if not 0.0 <= self.speed_kmh < math.inf:
            raise InvalidInput("not a speed", where="wind", expected="0 or more", got=str(self.speed_kmh))


def ground_speed_kmh(air_speed_kmh: float, track_deg: ArrayLike, wind: Wind) -> NDArray[np.float64]:
    """
    Speed over the ground along a track held against a wind: the wind's part along it, plus what is left of the air
    speed after the part across has been held off.

    Args:
        air_speed_kmh: Speed through the air.

        track_deg: Tracks over the ground, degrees clockwise from true north, any shape.

        wind: The wind.

    Returns:
        Positive speeds, of the tracks' shape.

    Raises:
        OutOfDomain: The wind is as fast as the aircraft or faster; some tracks could then not be held at all.
    """
    if wind.speed_kmh >= air_speed_kmh:
        raise OutOfDomain(
            "a wind too strong for the aircraft",
            where="wind",
            expected=f"under {air_speed_kmh:g} km/h",
            got=f"{wind.speed_kmh:g} km/h",
        )
    angle: Any = np.radians(np.asarray(track_deg, dtype=np.float64) - wind.from_deg)
    across = wind.speed_kmh * np.sin(angle)
    return np.asarray(-wind.speed_kmh * np.cos(angle) + np.sqrt(air_speed_kmh**2 - across**2), dtype=np.float64)


SLOWEST = 0.05
"""Least ground speed taken, as a share of the air speed: where there is no headway it only takes very long."""


def air_share(
    air_speed_kmh: float, track_deg: ArrayLike, from_deg: ArrayLike, wind_kmh: ArrayLike
) -> NDArray[np.float64]:
    """
    Kilometres through the air for each kilometre over the ground, along tracks held against winds.

    As `ground_speed_kmh`, but for winds of any strength: where one is too strong to hold the track or to make headway,
    the ground speed counts as a twentieth of the air speed, so that the leg is far out of range or far too late.

    Args:
        air_speed_kmh: Speed through the air, > 0.

        track_deg: Tracks over the ground, degrees clockwise from true north.

        from_deg: Where the winds come from, degrees clockwise from true north.

        wind_kmh: Their speeds, >= 0. These three are of shapes that broadcast.

    Returns:
        Positive and at most 20, of the shape they broadcast to; 1 in a calm.
    """
    angle: Any = np.radians(np.asarray(track_deg, dtype=np.float64) - np.asarray(from_deg, dtype=np.float64))
    wind = np.asarray(wind_kmh, dtype=np.float64)
    left = air_speed_kmh**2 - (wind * np.sin(angle)) ** 2
    made_good = np.where(left > 0.0, -wind * np.cos(angle) + np.sqrt(np.maximum(left, 0.0)), 0.0)
    return np.asarray(air_speed_kmh / np.maximum(made_good, SLOWEST * air_speed_kmh), dtype=np.float64)
