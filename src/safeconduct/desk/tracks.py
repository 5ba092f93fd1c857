"""Tracks of sorties, from a file to the coverage of the map."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np

from safeconduct.earth.terrain import Terrain
from safeconduct.formats.sorties import Effort, Laid, Line, Swept
from safeconduct.formats.tracks import read_tracks
from safeconduct.search.grid import SearchGrid
from safeconduct.search.track import Track, swept


def swept_over(terrain: Terrain | None = None) -> Swept:
    """
    A reader of tracks for a log of sorties.

    Args:
        terrain: What hides ground from the searchers; None counts no shadow, and every track says so.
    """

    def lay(path: Path, grid: SearchGrid, effort: Effort) -> Laid:
        tracks = read_tracks(path, near=grid.origin, start=effort.start, end=effort.end)
        coverage, warnings, km = np.zeros(grid.size), dict[str, None](), 0.0
        for track in tracks:
            found = swept(track, grid, effort.width_km, terrain=terrain, height_m=effort.height_m)
            coverage += found.coverage
            warnings |= dict.fromkeys(found.warnings)
            km += track.length_km
        return Laid(coverage, tuple(warnings), tuple(line for track in tracks for line in _drawn(track)), km)

    return lay


def _drawn(track: Track) -> list[Line]:
    """The stretches between gaps."""
    points = list(zip(track.lon_deg.tolist(), track.lat_deg.tolist(), strict=True))
    pieces = np.concatenate([[0], np.cumsum(track.gap)]).tolist()
    parts = [tuple(points[k] for k, _ in group) for _, group in groupby(enumerate(pieces), key=lambda each: each[1])]
    return [part for part in parts if len(part) > 1]
