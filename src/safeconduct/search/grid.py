"""The map of a search: equal cells on a local plane, a probability for each, and one for everywhere else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import LonLat

Array: TypeAlias = npt.NDArray[np.float64]

EARTH_KM = 6371.0088
"""Mean radius; the plane is wrong by under 1 % of a distance up to 150 km from its origin, below 80 degrees."""

TOTAL_TOLERANCE = 1e-12
"""How near to 1 the probabilities of all cells and of the outside add up."""

CELLS_LIMIT = 4_000_000
"""Most cells of a map."""


@dataclass(frozen=True)
class SearchGrid:
    """
    Equal square cells, row by row from the south-west, on a plane that touches the globe at *origin*.

    Args:
        origin: (lon, lat) of the plane's zero, degrees.

        west_km: Western edge of the first column, east of the origin.

        south_km: Southern edge of the first row, north of the origin.

        cell_km: Side of a cell, > 0.

        columns: Cells in a row, >= 1.

        rows: >= 1.

    Raises:
        OutOfDomain: There is no such grid.
    """

    origin: LonLat
    west_km: float
    south_km: float
    cell_km: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.cell_km) and self.cell_km > 0.0):
            raise OutOfDomain("not a cell", where="cell_km", expected="kilometres > 0", got=str(self.cell_km))
        if self.columns < 1 or self.rows < 1 or self.columns * self.rows > CELLS_LIMIT:
            expected = f"1 to {CELLS_LIMIT} cells"
            raise OutOfDomain("not a grid", where="grid", expected=expected, got=f"{self.columns} x {self.rows}")

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.columns * self.rows

    @property
    def cell_km2(self) -> float:
        """Area of one cell."""
        return self.cell_km**2

    @cached_property
    def x_km(self) -> Array:
        """Middles of the cells east of the origin, shape (n,)."""
        return np.tile(self.west_km + (np.arange(self.columns) + 0.5) * self.cell_km, self.rows)

    @cached_property
    def y_km(self) -> Array:
        """Middles of the cells north of the origin, shape (n,)."""
        return np.repeat(self.south_km + (np.arange(self.rows) + 0.5) * self.cell_km, self.columns)

    @cached_property
    def lon_deg(self) -> Array:
        """Middles of the cells, shape (n,), in [-180, 180)."""
        return self.globe(self.x_km, self.y_km)[0]

    @cached_property
    def lat_deg(self) -> Array:
        """Middles of the cells, shape (n,)."""
        return self.globe(self.x_km, self.y_km)[1]

    def plane(self, lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> tuple[Array, Array]:
        """Kilometres east and north of the origin; the way round the globe is the shorter one."""
        turn = (np.asarray(lon_deg, np.float64) - self.origin[0] + 180.0) % 360.0 - 180.0
        x = np.radians(turn) * EARTH_KM * math.cos(math.radians(self.origin[1]))
        return np.asarray(x), np.asarray(np.radians(np.asarray(lat_deg, np.float64) - self.origin[1]) * EARTH_KM)

    def globe(self, x_km: npt.ArrayLike, y_km: npt.ArrayLike) -> tuple[Array, Array]:
        """Degrees of points of the plane; latitudes beyond a pole are cut to it."""
        lat = np.clip(self.origin[1] + np.degrees(np.asarray(y_km, np.float64) / EARTH_KM), -90.0, 90.0)
        scale = max(math.cos(math.radians(self.origin[1])), 1e-6)
        lon = self.origin[0] + np.degrees(np.asarray(x_km, np.float64) / (EARTH_KM * scale))
        return (lon + 180.0) % 360.0 - 180.0, np.asarray(lat)

    def place(self, x_km: float, y_km: float) -> LonLat:
        """One point of the plane in degrees."""
        lon, lat = self.globe(x_km, y_km)
        return float(lon), float(lat)

    def cell_of(self, lon_deg: float, lat_deg: float) -> int:
        """The cell that holds a place; -1 where it lies off the grid."""
        x, y = self.plane(lon_deg, lat_deg)
        column = math.floor((float(x) - self.west_km) / self.cell_km)
        row = math.floor((float(y) - self.south_km) / self.cell_km)
        return row * self.columns + column if 0 <= column < self.columns and 0 <= row < self.rows else -1


def grid_over(places: Sequence[LonLat], margin_km: Sequence[float], *, across: int, least_km: float) -> SearchGrid:
    """
    The grid that holds every place with its margin.

    Args:
        places: (lon, lat) in degrees, n >= 1; the first is the origin of the plane.

        margin_km: Margin about each, shape (n,), >= 0.

        across: Cells along the longer side.

        least_km: No cell is smaller.

    Raises:
        InvalidInput: No place.
    """
    if not places:
        raise InvalidInput("no report can be put on a map", where="evidence", expected="at least one place")
    plane = SearchGrid(places[0], 0.0, 0.0, 1.0, 1, 1)
    x, y = plane.plane([p[0] for p in places], [p[1] for p in places])
    margin = np.asarray(margin_km, np.float64)
    west, east = float((x - margin).min()), float((x + margin).max())
    south, north = float((y - margin).min()), float((y + margin).max())
    cell = max((east - west) / across, (north - south) / across, least_km)
    columns, rows = (max(1, math.ceil(span / cell - 1e-9)) for span in (east - west, north - south))
    return SearchGrid(places[0], west, south, cell, columns, rows)


@dataclass(frozen=True, slots=True, eq=False)
class SearchMap:
    """
    Probability of area, with an explicit outside.

    Args:
        poa: Probability of each cell, shape (n,), each >= 0.

        outside: Probability of being in none of them. With `poa` it adds up to 1 within 1e-12.

    Raises:
        OutOfDomain: A number is not a probability, nothing lies on the map, or the total is not 1.
    """

    grid: SearchGrid
    poa: Array
    outside: float

    def __post_init__(self) -> None:
        checked(self.poa, where="map", cells=self.grid.size, outside=self.outside)
        if not (math.isfinite(self.outside) and self.outside >= 0.0):
            raise OutOfDomain("not a probability", where="outside", expected="in [0, 1]", got=str(self.outside))
        total = math.fsum((*self.poa.tolist(), self.outside))
        if abs(total - 1.0) > TOTAL_TOLERANCE:
            raise OutOfDomain("the map does not add up", where="map", expected="1 with outside", got=repr(total))

    def density(self) -> Array:
        """Probability per square kilometre, shape (n,)."""
        return self.poa / self.grid.cell_km2

    def area_km2(self, share: float) -> float:
        """
        Smallest area that holds *share* of all probability, the outside included; infinite where the map holds less.

        Args:
            share: In (0, 1].
        """
        ordered = np.cumsum(np.sort(self.poa)[::-1])
        if ordered[-1] < share - 1e-12:
            return math.inf
        return (int(np.searchsorted(ordered, share - 1e-12)) + 1) * self.grid.cell_km2

    def inside(self, share: float) -> npt.NDArray[np.bool_]:
        """Cells of the smallest area that holds *share* of the probability on the map, shape (n,)."""
        order = np.argsort(-self.poa, kind="stable")
        running = np.cumsum(self.poa[order])
        cells = min(int(np.searchsorted(running, share * running[-1] - 1e-15)) + 1, order.size)
        mask = np.zeros(self.poa.size, dtype=np.bool_)
        mask[order[:cells]] = True
        return mask

    @property
    def best(self) -> LonLat:
        """Middle of the likeliest cell; of equal ones the first."""
        cell = int(np.argmax(self.poa))
        return float(self.grid.lon_deg[cell]), float(self.grid.lat_deg[cell])

    def searched(self, pod: Array) -> SearchMap:
        """
        The map after a search that found nothing (Bayes).

        Args:
            pod: Chance of detection in each cell, shape (n,), in [0, 1].

        Raises:
            OutOfDomain: Detection was certain wherever they could be.
        """
        return normalised(self.grid, self.poa * (1.0 - pod), self.outside)


def normalised(grid: SearchGrid, weights: Array, outside: float) -> SearchMap:
    """
    Scale weights to a map.

    Raises:
        OutOfDomain: All are 0, or one is negative or not a number.
    """
    checked(weights, where="map", cells=grid.size, outside=outside)
    total = math.fsum((*weights.tolist(), outside))
    poa = weights / total
    # The outside takes what rounding left, if it can: the sum is then 1 to the last digit.
    rest = 1.0 - math.fsum(poa.tolist())
    return SearchMap(grid, poa, rest if abs(rest - outside / total) < 1e-9 and rest >= 0.0 else outside / total)


def checked(weights: Array, *, where: str, cells: int, outside: float = 0.0) -> None:
    """
    Refuse what is no map: one clear error.

    Raises:
        OutOfDomain: Not one number for each cell, a number that is negative or not finite, or all of them 0.
    """
    if weights.shape != (cells,):
        raise OutOfDomain("not a map", where=where, expected=f"{cells} numbers", got=f"shape {weights.shape}")
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0.0)))
    if wrong.size:
        first = int(wrong[0])
        raise OutOfDomain("not a map", where=f"{where}[{first}]", expected="finite, >= 0", got=str(weights[first]))
    if not (math.isfinite(outside) and outside >= 0.0):
        raise OutOfDomain("not a map", where="outside", expected="finite, >= 0", got=str(outside))
    if not weights.any() and outside == 0.0:
        raise OutOfDomain("the map is empty", where=where, expected="probability above 0 somewhere", got="all 0")
