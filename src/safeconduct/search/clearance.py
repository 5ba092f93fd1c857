"""Ground under the legs of a pattern. Without terrain it is unknown, and nothing here guesses it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.terrain import Terrain
from safeconduct.model.space import LonLat, Ring
from safeconduct.search.grid import Array

BESIDE_M = 300.0
"""Ground so far to either side of a leg counts as under it. Our assumption."""

STEEP_M = 150.0
"""Ground that rises and falls by more along one leg (500 ft) is not kept below at one height. Our assumption."""

MOST_SAMPLES = 1500
"""Along a leg, or to a side of a sector. Else one sample for each cell of the terrain, so that no summit is missed."""


@dataclass(frozen=True, slots=True)
class Leg:
    """
    Ground under one leg, metres above mean sea level.

    Args:
        low_m, high_m: NaN where no height is known there.

        known: Share of the samples with a known height.
    """

    low_m: float
    high_m: float
    known: float


def under(terrain: Terrain | None, legs: Sequence[tuple[LonLat, ...]]) -> tuple[Leg, ...]:
    """
    Lowest and highest ground within 300 m of each leg; nothing without terrain.

    Args:
        legs: Each its start and its end.
    """
    if terrain is None:
        return ()
    return tuple(_leg(terrain, leg[0], leg[-1]) for leg in legs)


def _leg(terrain: Terrain, start: LonLat, end: LonLat) -> Leg:
    x, y = terrain.to_plane(np.array([start[0], end[0]]), np.array([start[1], end[1]]))
    east, north = float(x[1] - x[0]), float(y[1] - y[0])
    long = math.hypot(east, north)
    count = min(MOST_SAMPLES, max(2, math.ceil(long / terrain.cell_m) + 1))
    along = np.linspace(0.0, 1.0, count)
    aside = np.linspace(-BESIDE_M, BESIDE_M, 2 * math.ceil(BESIDE_M / terrain.cell_m) + 1)
    unit = (-north / long, east / long) if long > 0.0 else (0.0, 1.0)
    px = x[0] + along[:, None] * east + aside[None, :] * unit[0]
    py = y[0] + along[:, None] * north + aside[None, :] * unit[1]
    lon, lat = terrain.to_globe(px.ravel(), py.ravel())
    return _summed(terrain.heights_m(lon, lat))


def relief_of(terrain: Terrain | None, ring: Ring) -> tuple[float, float] | None:
    """Lowest and highest ground in a rectangle; None without terrain or where no height in it is known."""
    if terrain is None:
        return None
    side_m = max(distance_m(ring[0], ring[1]), distance_m(ring[1], ring[2]))
    heights = heights_over(terrain, ring, min(MOST_SAMPLES, max(2, math.ceil(side_m / terrain.cell_m) + 1)))[0]
    leg = _summed(heights.ravel())
    return None if leg.known == 0.0 else (leg.low_m, leg.high_m)


def heights_over(terrain: Terrain, ring: Ring, across: int) -> tuple[Array, Array, Array]:
    """
    Heights on an even grid over a rectangle of degrees, rows from the south, with its longitudes and latitudes.

    Args:
        ring: Corners south-west, south-east, north-east, north-west.

        across: Columns and rows.
    """
    west, south, north = ring[0][0], ring[0][1], ring[2][1]
    span = (ring[2][0] - west) % 360.0
    lon = (west + np.linspace(0.0, span, across) + 180.0) % 360.0 - 180.0
    lat = np.linspace(south, north, across)
    wide, tall = np.meshgrid(lon, lat)
    return np.asarray(terrain.heights_m(wide, tall), np.float64), lon, lat


def _summed(heights: Array) -> Leg:
    known = np.isfinite(heights)
    if not known.any():
        return Leg(math.nan, math.nan, 0.0)
    return Leg(float(heights[known].min()), float(heights[known].max()), float(known.mean()))
