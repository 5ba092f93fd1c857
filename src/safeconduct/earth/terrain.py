"""Terrain a user brings: elevations on a local metric grid."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from safeconduct.earth.geodesy import between, reached
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat

Floats = NDArray[np.float64]

NO_TERRAIN = "unknown: no terrain"
"""What is said where an answer needs terrain and none was brought."""

FINE_M = 100.0
"""Coarser terrain is refused: cell means of it are wrong by hundreds of metres at summits and fill valleys."""

EXTENT_M = 600_000.0
"""Longest side of a grid: at 300 km from the middle the plane stretches across by 0.04 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """
    Elevations of cells on a plane that touches the Earth in the middle (azimuthal equidistant).

    Distances from the middle are geodesics; elsewhere the plane is off by at most (d / R)^2 / 6 of a distance: 0.001 %
    at 50 km from the middle, 0.04 % at 300 km.

    Args:
        middle: Where the plane touches; its x runs east and its y north from there, metres.

        cell_m: Side of a cell, > 0, at most 100.

        west_m: x of the western edge of the first column.

        north_m: y of the northern edge of the first row.

        elevation_m: float32, shape (rows, columns), rows from the north; above sea level; NaN is unknown. At least two
            rows and columns; made read-only.

        source: What was read, for people.

        notes: Limits to be told beside every answer: what is not covered, what was coarsened.
    """

    middle: LonLat
    cell_m: float
    west_m: float
    north_m: float
    elevation_m: NDArray[np.float32]
    source: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lon_lat(*self.middle)
        heights = np.array(self.elevation_m, dtype=np.float32, order="C")  # a copy: the caller's stays writable
        if heights.ndim != 2 or min(heights.shape) < 2:
            raise InvalidInput("not a grid of elevations", expected="two rows and columns", got=str(heights.shape))
        if not 0.0 < self.cell_m <= FINE_M * 1.005:  # 100 m on a map's projection may be a little more on the ground
            raise InvalidInput(
                "terrain too coarse", expected=f"cells of {FINE_M:g} m or finer", got=f"{self.cell_m:g} m"
            )
        if max(heights.shape) * self.cell_m > EXTENT_M:
            got = f"{max(heights.shape) * self.cell_m / 1000.0:.0f} km"
            raise InvalidInput("too much terrain", expected=f"at most {EXTENT_M / 1000.0:g} km across", got=got)
        if not np.isfinite(heights).any():
            raise InvalidInput("terrain without a single known elevation", where=self.source, expected="elevations")
        heights.setflags(write=False)
        object.__setattr__(self, "elevation_m", heights)

    @property
    def name(self) -> str:
        """What to call it beside an answer: the files and the size of a cell."""
        return f"{self.source}, {self.cell_m:.0f} m"

    @property
    def known(self) -> float:
        """Share of the cells whose elevation is known."""
        return float(np.isfinite(self.elevation_m).mean())

    def to_plane(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """
        Metres east and north of the middle.

        Args:
            lon: Longitudes, degrees, any shape.

            lat: Latitudes, degrees, same shape.

        Raises:
            InvalidInput: A coordinate is not finite or out of range.
        """
        azimuth, metres = between(self.middle, lon, lat)
        turn = np.radians(azimuth)
        return metres * np.sin(turn), metres * np.cos(turn)

    def to_globe(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of places on the plane, degrees; the inverse of `to_plane`."""
        x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
        return reached(self.middle, np.degrees(np.arctan2(x, y)), np.hypot(x, y))

    def to_grid(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Rows and columns, counted in fractions from the middle of the first cell; they may lie outside."""
        return self.rows_columns(*self.to_plane(lon, lat))

    def rows_columns(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """The same for places on the plane."""
        row, column = (self.north_m - y_m) / self.cell_m - 0.5, (x_m - self.west_m) / self.cell_m - 0.5
        return _snapped(row), _snapped(column)

    def middles(self) -> tuple[Floats, Floats]:
        """Metres east of every column and north of every row, at the middles of the cells."""
        rows, columns = self.elevation_m.shape
        x: Floats = self.west_m + (np.arange(columns, dtype=np.float64) + 0.5) * self.cell_m
        return x, self.north_m - (np.arange(rows, dtype=np.float64) + 0.5) * self.cell_m

    def heights_m(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Elevations at places, NaN where there is none: `elevation_at`."""
        return elevation_at(self, lon, lat)

    def sees(
        self, observer: LonLat, above_ground_m: float, lon: ArrayLike, lat: ArrayLike, *, target_m: float = 0.0
    ) -> Floats:
        """Whether places are in sight of an eye, by light: 1.0, 0.0, or NaN unknown; `viewshed.in_sight`."""
        from safeconduct.earth.viewshed import in_sight  # lazy: it stands on this module

        return in_sight(self, observer, above_ground_m, lon, lat, target_height_m=target_m)


def elevation_at(terrain: Terrain, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """
    Elevations between the middles of cells, straight along both axes.

    Args:
        terrain: Where to look.

        lon: Longitudes, degrees, any shape.

        lat: Latitudes, degrees, same shape.

    Returns:
        Metres above sea level, same shape; NaN outside the grid (in its outer half cell too) and beside unknown cells.

    Raises:
        InvalidInput: A coordinate is not finite or out of range.
    """
    return bilinear(terrain.elevation_m, *terrain.to_grid(lon, lat))


def bilinear(grid: NDArray[np.float32], row: Floats, column: Floats) -> Floats:
    """Values of a grid at fractional rows and columns; NaN outside and beside NaN."""
    rows, columns = grid.shape
    inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
    i = np.clip(np.floor(row), 0, rows - 2).astype(np.intp)
    j = np.clip(np.floor(column), 0, columns - 2).astype(np.intp)
    f, g = row - i, column - j
    total = np.zeros(np.shape(row))
    for down in (0, 1):
        for right in (0, 1):
            share = (f if down else 1.0 - f) * (g if right else 1.0 - g)
            total = total + np.where(share == 0.0, 0.0, share * grid[i + down, j + right].astype(np.float64))
    return np.where(inside, total, np.nan)


def _snapped(position: Floats) -> Floats:
    """Places within a millionth of a cell of a middle are that middle, lest rounding carry one off the grid."""
    nearest = np.rint(position)
    return np.where(np.abs(position - nearest) < 1e-6, nearest, position)


def tiles_over(box: tuple[float, float, float, float]) -> tuple[tuple[int, int], ...]:
    """
    South-west corners (longitude, latitude) of the one-degree tiles that meet a box, from the south-west on.

    Args:
        box: West, south, east, north, degrees; a box across the antimeridian has its west greater than its east.
    """
    west, south, east, north = box
    first = math.floor(west)
    across = (east - west) % 360.0 if east < west else east - west
    columns = max(1, math.ceil(west - first + across))
    rows = range(math.floor(south), max(math.floor(south) + 1, math.ceil(north)))
    return tuple(((first + k + 180) % 360 - 180, row) for row in rows for k in range(columns))
