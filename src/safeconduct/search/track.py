"""What was flown or walked: a track, and the coverage it achieved cell by cell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.earth.geodesy import distances_m
from safeconduct.earth.terrain import Terrain
from safeconduct.earth.viewshed import lines
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.instants import Instant
from safeconduct.search.grid import Array, SearchGrid

Index: TypeAlias = npt.NDArray[np.intp]

PAIRS_LIMIT = 1_000_000
"""Most pairs of a piece of track and a cell that are looked at; a longer track is cut into longer pieces."""

STEPS = 6
"""Pieces of track in one sweep width: the effort of a piece goes out from its middle."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """
    Places in the order in which they were passed.

    Args:
        id: Its name in the file, or the file's.

        lon_deg: Longitudes, shape (n,), n >= 2.

        lat_deg: Latitudes, shape (n,).

        at: When each was passed, rising; None where the file does not say.

        height_m: Above sea level, shape (n,), NaN where not recorded.

        gap: Which stretches between neighbours are not the way that was taken, shape (n - 1,): nothing counts there.

        warnings: Limits to be told beside every answer.
    """

    id: str
    lon_deg: Array
    lat_deg: Array
    at: tuple[Instant, ...] | None
    height_m: Array
    gap: npt.NDArray[np.bool_]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.lon_deg)
        fits = len(self.lat_deg) == len(self.height_m) == n == len(self.gap) + 1
        if n < 2 or not fits or (self.at is not None and len(self.at) != n):
            raise InvalidInput("not a track", where=self.id, expected="at least two points", got=str(n))

    def lengths_km(self) -> Array:
        """Geodesic length of each stretch that counts, 0 in gaps, shape (n - 1,)."""
        metres = distances_m(self.lon_deg[:-1], self.lat_deg[:-1], self.lon_deg[1:], self.lat_deg[1:])
        return np.where(self.gap, 0.0, metres / 1000.0)

    @property
    def length_km(self) -> float:
        """Length of what counts."""
        return float(self.lengths_km().sum())


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """
    What a track covered.

    Args:
        coverage: Effort per area of each cell: sweep width x length / area, shape (n,).

        unknown: Share of the effort that fell where terrain, or the height over it, is not known: it is not counted.

        shadow: Share of the effort that terrain hid; NaN where no terrain was used.

        warnings: Limits, those of the track among them.
    """

    coverage: Array
    unknown: float
    shadow: float
    warnings: tuple[str, ...]


def swept(
    track: Track,
    grid: SearchGrid,
    width_km: float | Array,
    *,
    terrain: Terrain | None = None,
    height_m: float | None = None,
) -> Swept:
    """
    Spread the effort of a track over the cells beside it.

    The effort of each piece (width x length) is spread evenly over a disc of one sweep width about it, or over its own
    cell if that is larger: nothing is gained or lost on the map. With terrain a piece counts for a cell only where the
    ground of the cell is in sight of it. One of three points of a cell, turn by turn, stands for its ground.

    Args:
        track: The way that was taken.

        grid: The map.

        width_km: Sweep width, > 0; one, or one for each cell (cover, weather), shape (n,).

        terrain: None: nothing is hidden, and the answer says that it is so.

        height_m: Of the eye above ground; None takes the track's own heights above the sea.

    Raises:
        OutOfDomain: A width that is not positive, or a negative height.
    """
    width = np.broadcast_to(np.asarray(width_km, dtype=np.float64), (grid.size,))
    if not (np.isfinite(width) & (width > 0.0)).all():
        raise OutOfDomain("not a sweep width", where="width_km", expected="kilometres > 0", got=str(width_km))
    if height_m is not None and not height_m >= 0.0:
        raise OutOfDomain("not a height", where="height_m", expected="metres >= 0", got=str(height_m))
    reach = max(float(width.max()), math.sqrt(0.5) * grid.cell_km)  # at least the cell it lies in
    x, y, high, length = _pieces(track, grid, reach)
    piece, cell = _pairs(x, y, grid, reach)
    if not piece.size:
        return Swept(np.zeros(grid.size), 0.0, math.nan, (*track.warnings, "no part of the track lies on the map"))
    # Shares are of all cells of the disc, those off the map too, so that an edge does not crowd effort inwards.
    density = (length / np.maximum(np.bincount(piece, minlength=length.size), 1))[piece] / grid.cell_km2
    on = cell >= 0
    piece, cell, density = piece[on], cell[on], density[on]
    seen, more = _seen(grid, terrain, (x, y, high), (piece, cell), height_m)
    sure = np.nan_to_num(seen, nan=0.0)
    effort = np.bincount(cell, weights=density * sure, minlength=grid.size)
    total = max(float(density.sum()), 1e-300)
    unknown = float(density[np.isnan(seen)].sum()) / total
    hidden = math.nan if terrain is None else float((density * (seen == 0.0)).sum()) / total
    if unknown > 0.0:
        more += (f"{100.0 * unknown:.0f} % of the effort lies where terrain is unknown and does not count",)
    return Swept(effort * width, unknown, hidden, (*track.warnings, *more))


def _pieces(track: Track, grid: SearchGrid, reach: float) -> tuple[Array, Array, Array, Array]:
    """Middles of short pieces on the grid's plane, their heights above the sea, their lengths in kilometres."""
    x, y = grid.plane(track.lon_deg, track.lat_deg)
    lengths = track.lengths_km()
    cells = math.pi * (reach / grid.cell_km + 1.0) ** 2
    step = max(reach / STEPS, lengths.sum() * cells / PAIRS_LIMIT)
    counts = np.where(lengths > 0.0, np.maximum(1, np.ceil(lengths / step)), 0).astype(np.intp)
    which = np.repeat(np.arange(counts.size), counts)
    nth = np.arange(which.size) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (nth + 0.5) / counts[which]
    low, high = track.height_m[:-1][which], track.height_m[1:][which]
    return (
        x[which] + share * (x[which + 1] - x[which]),
        y[which] + share * (y[which + 1] - y[which]),
        low + share * (high - low),
        lengths[which] / counts[which],
    )


def _pairs(x: Array, y: Array, grid: SearchGrid, reach: float) -> tuple[Index, Index]:
    """Each piece with every cell whose middle lies in its disc, -1 for one off the map."""
    most = math.ceil(reach / grid.cell_km) + 1
    down, right = (each.ravel().astype(np.intp) for each in np.mgrid[-most : most + 1, -most : most + 1])
    u, v = (x - grid.west_km) / grid.cell_km, (y - grid.south_km) / grid.cell_km
    near = np.flatnonzero((u > -most) & (u < grid.columns + most) & (v > -most) & (v < grid.rows + most))
    column, row = np.floor(u[near]).astype(np.intp), np.floor(v[near]).astype(np.intp)
    i, j = row[:, None] + down, column[:, None] + right
    away = np.hypot(j + 0.5 - u[near][:, None], i + 0.5 - v[near][:, None])
    piece, which = np.nonzero(away * grid.cell_km <= reach * (1.0 + 1e-9))
    i, j = i[piece, which], j[piece, which]
    on = (i >= 0) & (i < grid.rows) & (j >= 0) & (j < grid.columns)
    return near[piece], np.where(on, i * grid.columns + j, -1)


def _seen(
    grid: SearchGrid,
    terrain: Terrain | None,
    eyes: tuple[Array, Array, Array],
    pairs: tuple[Index, Index],
    height_m: float | None,
) -> tuple[Array, tuple[str, ...]]:
    """Whether the ground is in sight of each eye: 1, 0, or NaN; 1 with the reason where it cannot be asked."""
    x, y, high = eyes
    piece, cell = pairs
    if terrain is None:
        return np.ones(piece.size), ("terrain shadow not counted: unknown, no terrain",)
    if height_m is None and not np.isfinite(high).any():
        return np.ones(piece.size), ("terrain shadow not counted: the height of the track is unknown",)
    eye_x, eye_y = terrain.to_plane(*grid.globe(x, y))
    used, back = np.unique(cell, return_inverse=True)
    mid_x, mid_y = terrain.to_plane(grid.lon_deg[used], grid.lat_deg[used])
    turn = 2.0 * math.pi * (np.arange(piece.size) % 3) / 3.0 + 0.5
    aside = 300.0 * grid.cell_km  # metres: the three points lie three tenths of a cell from its middle
    spot = (mid_x[back] + aside * np.cos(turn), mid_y[back] + aside * np.sin(turn))
    eye = (eye_x[piece], eye_y[piece])
    if height_m is None:
        return lines(terrain, eye, high[piece], spot, above_sea=True), ()
    return lines(terrain, eye, height_m, spot), ()
