"""Tracks of sorties, from a file to the coverage of the map."""

from __future__ import annotations

from pathlib import Path

from safeconduct.model.errors import InvalidInput
from safeconduct.search.grid import Array, SearchGrid


def swept_by(
    path: Path, grid: SearchGrid, width_km: float
) -> tuple[Array, tuple[str, ...], tuple[tuple[tuple[float, float], ...], ...]]:
    raise InvalidInput("tracks are not read yet", where=str(path))
