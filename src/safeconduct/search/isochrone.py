"""How long it takes to walk: isochrones and the quickest approach over terrain."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.earth.terrain import Floats, Terrain
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import LonLat
from safeconduct.motion.walking import STEEPEST

Speed: TypeAlias = Callable[[Floats], Floats]

STEPS = {
    8: ((0, 1), (1, 0), (1, 1), (1, -1)),
    16: ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)),
}
"""Moves of a walker from cell to cell, one of each pair of opposite ones."""

METRIC_ERROR = {8: 0.0824, 16: 0.0275}
"""
By how much a way over open level ground is too long at worst: a straight line is made of moves in few directions.

8: 1 / cos(pi / 8) - 1. 16: between the directions (1, 0) and (2, 1).
"""

CELLS_LIMIT = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """
    Time of the quickest walk between each cell of a terrain and one of the given points.

    Args:
        terrain: The ground.

        hours: Shape (rows, columns); infinite where no way leads, NaN where the ground is not known.

        before: Cell that the quickest walk comes through next, flat index, negative at the points and where none leads.

        error: Share by which a time may be too long for want of directions.
    """

    terrain: Terrain
    hours: Floats
    before: npt.NDArray[np.int32]
    error: float

    def at(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Hours at places, of their cell; NaN off the terrain."""
        row, column = (np.rint(each).astype(np.intp) for each in self.terrain.to_grid(lon, lat))
        rows, columns = self.hours.shape
        on = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(on, self.hours[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)], np.nan)

    def way(self, place: LonLat) -> tuple[LonLat, ...]:
        """
        The quickest walk between a place and the nearest of the points, beginning at the place.

        Empty where no way leads. In sense it is that of the call: from the points, or to them.

        Raises:
            InvalidInput: The place lies off the terrain.
        """
        cell = _cells(self.terrain, [place])[0]
        if not math.isfinite(self.hours.flat[cell]):
            return ()
        found = [cell]
        while self.before.flat[found[-1]] >= 0:
            found.append(int(self.before.flat[found[-1]]))
        x, y = self.terrain.middles()
        lon, lat = self.terrain.to_globe(x[np.array(found) % x.size], y[np.array(found) // x.size])
        return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def hours_between(
    terrain: Terrain,
    points: Sequence[LonLat],
    speed_kmh: Speed,
    *,
    toward: bool = False,
    factor: Floats | None = None,
    directions: int = 16,
    most_h: float = math.inf,
) -> Hours:
    """
    Find the quickest walk from points to every cell, or from every cell to them.

    Dijkstra over the cells (scipy). The time of a move is its level length over the speed at the slope between its
    ends, by halves for a move of two cells; moves steeper than 50 degrees, into or through blocked or unknown ground
    are not made.

    Args:
        terrain: The ground, at most four million cells.

        points: Where the walkers start, or with *toward* where they go; the nearest in time counts.

        speed_kmh: From slope (rise over run in the direction of the walk, signed) to km/h.

        toward: Whether the walks lead to the points.

        factor: On the speed, for land cover, shape of the terrain, in [0, ..]; 0 blocks, NaN is unknown. None is 1.

        directions: 8 or 16.

        most_h: Walks longer than this are not followed.

    Raises:
        InvalidInput: A point lies off the terrain or on unknown ground, or the terrain is too large.
        OutOfDomain: Neither 8 nor 16 directions, or a factor of another shape or below 0.
    """
    from scipy.sparse.csgraph import dijkstra  # lazy: a quarter of a second, for walking alone

    if directions not in STEPS:
        raise OutOfDomain("no such set of moves", where="directions", expected="8 or 16", got=str(directions))
    shape = terrain.elevation_m.shape
    if terrain.elevation_m.size > CELLS_LIMIT:
        expected, got = f"at most {CELLS_LIMIT} cells", f"{shape[0]} x {shape[1]}"
        raise InvalidInput("too much terrain to walk over", where=terrain.name, expected=expected, got=got)
    share = np.ones(shape) if factor is None else np.asarray(factor, dtype=np.float64)
    if share.shape != shape or (share < 0.0).any():
        raise OutOfDomain("not a factor", where="factor", expected=f"{shape}, at least 0", got=str(share.shape))
    cells = _cells(terrain, points)
    if not np.isfinite(terrain.elevation_m.flat[cells]).all():
        raise InvalidInput("unknown ground under a point", where=terrain.name, expected="known ground", got="no data")
    graph = _graph(terrain, share, speed_kmh, directions, toward=toward)
    hours, before, _ = dijkstra(graph, indices=np.unique(cells), min_only=True, return_predecessors=True, limit=most_h)
    found = hours.reshape(shape)
    unknown = np.isnan(terrain.elevation_m) | np.isnan(share)
    return Hours(terrain, np.where(unknown, np.nan, found), before.reshape(shape), METRIC_ERROR[directions])


def _cells(terrain: Terrain, points: Sequence[LonLat]) -> npt.NDArray[np.intp]:
    if not points:
        raise InvalidInput("no point", where="points", expected="at least one", got="none")
    row, column = terrain.to_grid([p[0] for p in points], [p[1] for p in points])
    i, j = np.rint(row).astype(np.intp), np.rint(column).astype(np.intp)
    rows, columns = terrain.elevation_m.shape
    on = (i >= 0) & (i < rows) & (j >= 0) & (j < columns)
    if not on.all():
        place = points[int(np.flatnonzero(~on)[0])]
        got = f"{place[0]:.4f},{place[1]:.4f}"
        raise InvalidInput("a point off the terrain", where=terrain.name, expected="a point on it", got=got)
    return np.asarray(i * columns + j, dtype=np.intp)


def _graph(terrain: Terrain, share: Floats, speed_kmh: Speed, directions: int, *, toward: bool) -> object:
    """Hours of every move, as a sparse matrix from cell to cell; with *toward* each move reversed."""
    from scipy.sparse import csr_matrix  # lazy: as above

    ground = terrain.elevation_m.astype(np.float64)
    index = np.arange(ground.size, dtype=np.int32).reshape(ground.shape)
    starts, ends, times = [], [], []
    for step in STEPS[directions]:
        far_km = terrain.cell_m * math.hypot(*step) / 1000.0
        one, two = _window(ground.shape, step, (0, 0)), _window(ground.shape, step, step)
        halves = _halves(ground, share, step, far_km * 1000.0)
        mean = 2.0 / (1.0 / np.maximum(share[one], 1e-12) + 1.0 / np.maximum(share[two], 1e-12))
        open_ = (share[one] > 0.0) & (share[two] > 0.0)  # False beside NaN
        for half in halves:
            open_ &= np.abs(half) <= STEEPEST  # the same
        for a, b, sign in ((one, two, 1.0), (two, one, -1.0)):
            # Slowness, not speed, is averaged over the halves of a move.
            slow = sum(1.0 / np.maximum(speed_kmh(sign * half[open_]), 1e-9) for half in halves) / len(halves)
            hours = far_km * np.asarray(slow, dtype=np.float64) / mean[open_]
            first, last = index[a][open_], index[b][open_]
            starts.append(last if toward else first)
            ends.append(first if toward else last)
            times.append(hours)
    entries = (np.concatenate(times), (np.concatenate(starts), np.concatenate(ends)))
    return csr_matrix(entries, shape=(ground.size, ground.size))


def _window(shape: tuple[int, ...], step: tuple[int, int], offset: tuple[int, int]) -> tuple[slice, slice]:
    """Cells at an offset from those from which a step stays on the grid."""
    down, right = step
    low, high = max(0, -right), shape[1] - max(0, right)
    return slice(offset[0], shape[0] - down + offset[0]), slice(low + offset[1], high + offset[1])


def _halves(ground: Floats, share: Floats, step: tuple[int, int], far_m: float) -> list[Floats]:
    """
    Slopes of a move, in pieces: NaN where what lies beside it blocks it.

    A move of two cells passes between two others: their mean is its middle, and neither may be blocked, else a river of
    one cell's width could be jumped. A diagonal move is blocked where both cells beside it are.
    """
    one, two = (ground[_window(ground.shape, step, offset)] for offset in ((0, 0), step))
    down, right = step
    if abs(right) + down == 1:
        return [(two - one) / far_m]
    if abs(right) == down == 1:
        beside = [share[_window(ground.shape, step, offset)] for offset in ((1, 0), (0, right))]
        shut = (beside[0] == 0.0) & (beside[1] == 0.0)
        return [np.where(shut, np.nan, (two - one) / far_m)]
    offsets = ((0, right // 2), (1, right // 2)) if down == 1 else ((1, 0), (1, right))
    between = [_window(ground.shape, step, offset) for offset in offsets]
    shut = ~((share[between[0]] > 0.0) & (share[between[1]] > 0.0))
    middle = np.where(shut, np.nan, (ground[between[0]] + ground[between[1]]) / 2.0)
    return [(middle - one) / (far_m / 2.0), (two - middle) / (far_m / 2.0)]
