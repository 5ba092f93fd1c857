"""
Daylight: elevation of the sun, and windows of day, civil twilight and night.

The formulas are those of the NOAA Solar Calculator, after J. Meeus, Astronomical Algorithms, 2nd edition (1998),
chapters 25 and 28. Rise and set are when the sun's centre stands at -0.833 degrees (refraction 34', half the disc 16'),
civil twilight ends at -6 degrees; horizon at sea level, no mountains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.instants import Instant, iso
from safeconduct.model.space import LonLat, lon_lat

Light: TypeAlias = Literal["day", "civil-twilight", "night"]

RISE_ELEVATION_DEG = -0.833
CIVIL_ELEVATION_DEG = -6.0
LONGEST_INTERVAL = timedelta(days=400)

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CENTURY_S = 36525 * 86400.0
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_STEP_S = 600.0
"""Twice a day the sun turns round; a window shorter than the step is still found, see _turning_points."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LightWindow:
    """
    A span of one kind of light.

    Args:
        start: Its beginning.

        end: Its end, later than the beginning.

        kind: ``day``: sun above -0.833 degrees; ``civil-twilight``: down to -6; ``night``: lower.
    """

    start: Instant
    end: Instant
    kind: Light


def elevation_deg(position: LonLat, instant: Instant) -> float:
    """
    Elevation of the sun's centre above the horizon, degrees, without refraction, as seen from the Earth's centre.

    Error below 0.02 degrees from 1900 to 2100.

    Raises:
        InvalidInput: A coordinate is not finite or out of range, or the instant has no zone.
        OutOfDomain: The instant lies outside 1900-2100.
    """
    lon, lat = lon_lat(*position)
    return float(_elevation_deg(lon, lat, np.array([_since_j2000_s(instant)]))[0])


def light_windows(position: LonLat, start: Instant, end: Instant) -> tuple[LightWindow, ...]:
    """
    The windows of day, civil twilight and night at a place, without gaps, from *start* to *end*.

    Rise, set, dawn and dusk are within a minute of pvlib's up to 65 degrees of latitude; nearer the poles
    the sun grazes the horizon and the error grows. In polar day or night one window spans the interval. Equal instants:
    no window. Boundaries are rounded to the second.

    Raises:
        InvalidInput: A coordinate is not finite or out of range, an instant has no zone, or *end* is before *start*.
        OutOfDomain: An instant lies outside 1900-2100 or the interval is longer than 400 days.
    """
    lon, lat = lon_lat(*position)
    first_s, last_s = _since_j2000_s(start), _since_j2000_s(end)
    if last_s < first_s:
        raise InvalidInput("an interval that ends before it starts", expected=f"after {iso(start)}", got=iso(end))
    if end - start > LONGEST_INTERVAL:
        raise OutOfDomain("an interval too long", expected="at most 400 days", got=f"{(end - start).days} days")

    def elevation(at_s: Floats) -> Floats:
        return _elevation_deg(lon, lat, at_s)

    cuts = _crossings(elevation, first_s, last_s)
    edges = [start, *(start + timedelta(seconds=round(cut - first_s)) for cut in cuts), end]
    windows: list[LightWindow] = []
    for left, right in pairwise(edges):
        if right <= left:
            continue
        middle_s = (_since_j2000_s(left) + _since_j2000_s(right)) / 2
        kind = _kind(float(elevation(np.array([middle_s]))[0]))
        if windows and windows[-1].kind == kind:
            windows[-1] = LightWindow(windows[-1].start, right, kind)
        else:
            windows.append(LightWindow(windows[-1].end if windows else left, right, kind))
    return tuple(windows)


def _kind(elevation: float) -> Light:
    if elevation > RISE_ELEVATION_DEG:
        return "day"
    return "civil-twilight" if elevation > CIVIL_ELEVATION_DEG else "night"


def _crossings(elevation: Callable[[Floats], Floats], first_s: float, last_s: float) -> list[float]:
    """Moments in order at which the sun passes one of the two elevations, found by bisection to a tenth of a second."""
    count = max(2, int((last_s - first_s) / _STEP_S) + 2)
    grid = np.linspace(first_s, last_s, count)
    grid = np.sort(np.concatenate([grid, _turning_points(elevation, grid)]))
    heights = elevation(grid)
    found: list[float] = []
    for threshold in (RISE_ELEVATION_DEG, CIVIL_ELEVATION_DEG):
        above = heights > threshold
        at = np.flatnonzero(above[1:] != above[:-1])
        low, high = grid[at], grid[at + 1]
        for _ in range(14):  # 600 s / 2^14 < 0.1 s
            middle = (low + high) / 2
            same = (elevation(middle) > threshold) == above[at]
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found += ((low + high) / 2).tolist()
    return sorted(found)


def _turning_points(elevation: Callable[[Floats], Floats], grid: Floats) -> Floats:
    """Tops and bottoms of the sun's course by a parabola through three samples, so that a grazing sun is not missed."""
    if grid.size < 3:
        return np.zeros(0)
    heights = elevation(grid)
    before, here, behind = heights[:-2], heights[1:-1], heights[2:]
    turn = np.flatnonzero((here - before) * (behind - here) <= 0)
    bend = before[turn] - 2 * here[turn] + behind[turn]
    safe = np.where(bend == 0.0, 1.0, bend)
    shift = np.where(bend == 0.0, 0.0, 0.5 * (before[turn] - behind[turn]) / safe)
    return np.asarray(grid[1:-1][turn] + np.clip(shift, -1, 1) * (grid[1] - grid[0]), dtype=np.float64)


def _since_j2000_s(instant: Instant) -> float:
    if instant.tzinfo is None:
        raise InvalidInput("an instant without a zone", expected="an aware instant", got=str(instant))
    if not _FIRST_YEAR <= instant.year < _LAST_YEAR:
        raise OutOfDomain("an instant too far away", expected=f"{_FIRST_YEAR} to {_LAST_YEAR}", got=str(instant.year))
    return (instant - _J2000).total_seconds()


def _elevation_deg(lon: float, lat: float, at_s: Floats) -> Floats:
    """
    Meeus, chapters 25 (low accuracy, 0.01 degrees) and 28, in the order of NOAA's sheet.

    Universal time stands in for dynamical time: about a minute in a century, 0.001 degrees of the sun's longitude.
    """
    t = at_s / _CENTURY_S
    mean_longitude = np.radians((280.46646 + t * (36000.76983 + t * 0.0003032)) % 360.0)
    anomaly = np.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = (
        np.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + np.sin(2 * anomaly) * (0.019993 - 0.000101 * t)
        + np.sin(3 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1934.136 * t)
    apparent = mean_longitude + np.radians(centre - 0.00569 - 0.00478 * np.sin(node))
    mean_obliquity = 23.0 + (26.0 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60.0) / 60.0
    obliquity = np.radians(mean_obliquity + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(obliquity) * np.sin(apparent))
    y = np.tan(obliquity / 2) ** 2
    equation_of_time_deg = np.degrees(
        y * np.sin(2 * mean_longitude)
        - 2 * eccentricity * np.sin(anomaly)
        + 4 * eccentricity * y * np.sin(anomaly) * np.cos(2 * mean_longitude)
        - 0.5 * y**2 * np.sin(4 * mean_longitude)
        - 1.25 * eccentricity**2 * np.sin(2 * anomaly)
    )
    # J2000 is at noon, when the mean sun stands over the meridian of Greenwich.
    hour_angle = np.radians((at_s / 86400.0 % 1.0) * 360.0 + equation_of_time_deg + lon)
    phi = np.radians(lat)
    sine = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour_angle)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))), dtype=np.float64)
