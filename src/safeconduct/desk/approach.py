"""How long a walk takes over terrain: from where people stand to a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.terrain import Floats, Terrain, elevation_at
from safeconduct.formats.landcover import read_cover, read_impedances
from safeconduct.formats.terrain import Box, open_terrain, write_over
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.motion.walking import PACES, Pace
from safeconduct.search.isochrone import hours_between

CELLS = 400_000
"""Cells that a walk is reckoned on: a second or two of work for each pace."""

MARGIN_KM = 3.0
"""Terrain beside the straight line that is looked at for a way round, and half of its length where that is more."""


@dataclass(frozen=True, slots=True)
class Walk:
    """
    The walk by one published pace.

    Args:
        id: Name of the pace.

        pace: What it is.

        hours: Infinite where no way leads.

        km: Length along the slope's plan.

        climb_m: Metres up, summed along the way.

        way: Places from the start on; empty where none leads.
    """

    id: str
    pace: Pace
    hours: float
    km: float
    climb_m: float
    way: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class Approach:
    """
    What the paces say together.

    Args:
        straight_km: Geodesic.

        walks: Quickest first.

        error: Share by which each may be too long for want of directions.

        terrain: What it was reckoned on.

        limits: To be told beside it.

        within_km2: Ground that can be reached from the start within 1, 2, .. hours by the middle pace, on the terrain
            that was looked at; empty unless asked for.
    """

    straight_km: float
    walks: tuple[Walk, ...]
    error: float
    terrain: str
    limits: tuple[str, ...]
    within_km2: tuple[float, ...] = ()

    @property
    def middle(self) -> Walk:
        """The walk of the middle time."""
        return self.walks[len(self.walks) // 2]


def approach(
    start: LonLat,
    goal: LonLat,
    files: Sequence[Path],
    *,
    on_path: bool = False,
    cover: tuple[Path, Path] | None = None,
    isochrones: Path | None = None,
) -> Approach:
    """
    Reckon the walk from one place to another by every pace that fits.

    Args:
        start: Where they stand.

        goal: Where they go.

        files: Terrain, as for `open_terrain`.

        on_path: Whether there is a path all the way: takes the paces that were measured on paths.

        cover: Land cover and the table of its impedances; None reckons none.

        isochrones: GeoTIFF to write: hours from the start by the middle pace, NaN where nobody gets.

    Raises:
        InvalidInput: A place is none, or lies off the terrain or on unknown ground; the files are no terrain.
    """
    start, goal = lon_lat(*start, where="--from"), lon_lat(*goal, where="--to")
    straight = distance_m(start, goal) / 1000.0
    terrain = open_terrain(files, box=around(start, goal, max(MARGIN_KM, straight / 2.0)), max_cells=CELLS)
    factor, notes = (None, ()) if cover is None else read_cover(cover[0], read_impedances(cover[1]), terrain)
    walks, error = [], 0.0
    for name, pace in PACES.items():
        if pace.on_path == on_path:
            found = hours_between(terrain, [goal], pace.kmh, toward=True, factor=factor)
            way = found.way(start)
            walks.append(Walk(name, pace, float(found.at(*start)), *_measured(terrain, way), way))
            error = found.error
    rest = "mud, snow, fog, darkness and loads are not reckoned"
    limits = (*terrain.notes, *notes, rest if cover else f"land cover, water, {rest}")
    made = Approach(straight, tuple(sorted(walks, key=lambda w: w.hours)), error, terrain.name, limits)
    if isochrones is None:
        return made
    return replace(made, within_km2=_isochrones(terrain, start, made.middle.pace, factor, isochrones))


def _isochrones(terrain: Terrain, start: LonLat, pace: Pace, factor: Floats | None, out: Path) -> tuple[float, ...]:
    """Write the hours from a place, and the areas reached within each whole one."""
    hours = hours_between(terrain, [start], pace.kmh, factor=factor).hours
    reached = hours[np.isfinite(hours)]
    write_over(terrain, np.where(np.isfinite(hours), hours, np.nan).astype(np.float32), out, math.nan)
    cell_km2 = (terrain.cell_m / 1000.0) ** 2
    whole = range(1, math.ceil(float(reached.max(initial=0.0))) + 1)
    return tuple(float((reached <= limit).sum()) * cell_km2 for limit in whole)


def around(start: LonLat, goal: LonLat, margin_km: float) -> Box:
    """The box around two places with a margin, degrees."""
    north = margin_km / 111.2
    turn = (goal[0] - start[0] + 180.0) % 360.0 - 180.0
    lats = sorted((start[1], goal[1]))
    east = north / max(math.cos(math.radians(max(abs(lat) for lat in lats))), 0.02)
    west, far = min(0.0, turn) - east, max(0.0, turn) + east
    return (_turned(start[0] + west), max(-89.0, lats[0] - north), _turned(start[0] + far), min(89.0, lats[1] + north))


def _turned(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


def _measured(terrain: Terrain, way: tuple[LonLat, ...]) -> tuple[float, float]:
    """Kilometres and metres of climb along a way."""
    if len(way) < 2:
        return 0.0, 0.0
    heights = elevation_at(terrain, [p[0] for p in way], [p[1] for p in way])
    climb = float(np.nansum(np.maximum(np.diff(heights), 0.0)))
    return sum(distance_m(a, b) for a, b in pairwise(way)) / 1000.0, climb
