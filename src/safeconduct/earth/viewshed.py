"""
What can be seen from where, over terrain.

Exact for the surface it takes: along grid lines the ground runs straight from one cell's middle to the next, and a line
of sight is compared with it wherever it crosses a grid line (the scheme known as R3: W. R. Franklin and C. K. Ray,
Higher isn't necessarily better, 1994). Trees and buildings are there only as far as the terrain file holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from safeconduct.earth.geodesy import EARTH_RADIUS_M
from safeconduct.earth.terrain import Floats, Terrain, bilinear
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import LonLat

LIGHT = 1.0 / 7.0
"""
Share of the Earth's curvature that refraction takes back for light.

The figure that gdal_viewshed recommends (1 - 0.85714). A mean: it varies with the hour, most near the ground.
"""

RADIO = 0.25
"""The same for radio below 30 GHz: an Earth of four thirds its radius, the standard atmosphere of ITU-R P.310."""


@dataclass(frozen=True, slots=True, eq=False)
class Viewshed:
    """
    What one eye sees, by cells of the terrain.

    Args:
        seen: Whether the cell is seen, shape (rows, columns); cells out of reach are not.

        unknown: Whether that hangs on ground that is not known; never where *seen*.
    """

    seen: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def viewshed(
    terrain: Terrain,
    observer: LonLat,
    height_m: float,
    *,
    target_height_m: float = 0.0,
    reach_m: float = np.inf,
    refraction: float = LIGHT,
) -> Viewshed:
    """
    Find every cell whose middle is seen.

    Args:
        terrain: The ground.

        observer: Where the eye is; within the terrain.

        height_m: Of the eye above the ground there, 0 or more.

        target_height_m: Of what is looked for above the ground, 0 or more.

        reach_m: Cells farther than this, along the plane, are not looked at.

        refraction: Share of the Earth's curvature taken back, `LIGHT`, `RADIO`, or any number up to 1; 1 is a flat
            Earth, 0 a round one without air.

    Raises:
        InvalidInput: The observer stands outside the terrain or on ground that is not known.
        OutOfDomain: A height, the reach or the refraction is out of range.
    """
    from safeconduct.earth import sightkernels as kernels  # lazy: numba takes half a second to import

    _checked(height_m, target_height_m, refraction)
    if not reach_m > 0.0:
        raise OutOfDomain("not a reach", where="reach_m", expected="more than 0", got=str(reach_m))
    row, column = (float(each) for each in terrain.to_grid(*observer))
    ground = float(bilinear(terrain.elevation_m, np.array(row), np.array(column)))
    if not np.isfinite(ground):
        raise InvalidInput(
            "no terrain under the observer", where=terrain.source, expected="a place on it", got=f"{observer}"
        )
    grid, top = _ready(terrain)
    most = min(reach_m, 2.0 * terrain.cell_m * sum(grid.shape))
    eye = ground + height_m
    found = kernels.whole(grid, top, row, column, eye, target_height_m, most, _curve(refraction), terrain.cell_m)
    return Viewshed(found == kernels.SEEN, found == kernels.UNKNOWN)


def in_sight(
    terrain: Terrain,
    observer: LonLat,
    height_m: float,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    target_height_m: float = 0.0,
    refraction: float = LIGHT,
) -> Floats:
    """
    Whether places are in sight of one eye or mast.

    Args:
        terrain: The ground.

        observer: Where the eye is.

        height_m: Of the eye above the ground there.

        lon: Longitudes of the places, degrees, any shape.

        lat: Latitudes of the places, same shape.

        target_height_m: Of what is looked for above the ground.

        refraction: As for `viewshed`.

    Returns:
        1.0 in sight, 0.0 hidden, NaN where it hangs on ground that is not known (all of it, for an observer outside).

    Raises:
        InvalidInput: A coordinate is not finite or out of range.
        OutOfDomain: A height or the refraction is out of range.
    """
    x, y = terrain.to_plane(lon, lat)
    here = [np.broadcast_to(each, x.shape) for each in terrain.to_plane(*observer)]
    return lines(terrain, (here[0], here[1]), height_m, (x, y), target_height_m=target_height_m, refraction=refraction)


def lines(
    terrain: Terrain,
    eyes: tuple[Floats, Floats],
    height_m: float | Floats,
    targets: tuple[Floats, Floats],
    *,
    target_height_m: float = 0.0,
    refraction: float = LIGHT,
    above_sea: bool = False,
) -> Floats:
    """
    Follow many lines of sight, each from an eye of its own to a target of its own.

    Args:
        terrain: The ground.

        eyes: x and y on the terrain's plane, metres, each of one shape.

        height_m: Of the eyes above the ground below them, or above the sea with *above_sea*; one or each.

        targets: x and y of the targets, same shape.

        target_height_m: Of the targets above the ground.

        refraction: As for `viewshed`.

        above_sea: Whether *height_m* counts from sea level, as a track's does.

    Returns:
        1.0 in sight, 0.0 hidden, NaN unknown, of the same shape. An eye under the ground sees nothing.

    Raises:
        OutOfDomain: A height or the refraction is out of range.
    """
    from safeconduct.earth import sightkernels as kernels  # lazy: numba takes half a second to import

    _checked(0.0 if above_sea else float(np.min(height_m, initial=0.0)), target_height_m, refraction)
    grid, top = _ready(terrain)
    ends = []
    for x, y in (eyes, targets):
        row, column = terrain.rows_columns(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        ends.append((row, column, bilinear(terrain.elevation_m, row, column)))
    (r0, c0, low), (r1, c1, ground) = ends
    eye = np.broadcast_to(np.asarray(height_m, dtype=np.float64), r0.shape)
    under = (eye < low) if above_sea else np.zeros(r0.shape, dtype=np.bool_)
    eye = np.where(np.isnan(low), np.nan, eye) if above_sea else eye + low
    a, b, c = (np.ascontiguousarray(each).ravel() for each in (r0, c0, eye))
    d, e, f = (np.ascontiguousarray(each).ravel() for each in (r1, c1, ground + target_height_m))
    found = kernels.some(grid, top, a, b, c, d, e, f, _curve(refraction), terrain.cell_m).reshape(r0.shape)
    seen = np.where(found == kernels.UNKNOWN, np.nan, (found == kernels.SEEN).astype(np.float64))
    return np.where(under, 0.0, seen)


@lru_cache(maxsize=4)
def _ready(terrain: Terrain) -> tuple[Any, Any]:
    """Elevations and the highest of each block, once for each terrain; terrains compare by identity."""
    from safeconduct.earth import sightkernels as kernels  # lazy: numba takes half a second to import

    return terrain.elevation_m, kernels.tops(terrain.elevation_m)


def _curve(refraction: float) -> float:
    return (1.0 - refraction) / (2.0 * EARTH_RADIUS_M)


def _checked(height_m: float, target_height_m: float, refraction: float) -> None:
    for name, value in (("height_m", height_m), ("target_height_m", target_height_m)):
        if not 0.0 <= value <= 50_000.0:
            raise OutOfDomain("not a height above ground", where=name, expected="0 to 50 000 m", got=str(value))
    if not -1.0 <= refraction <= 1.0:
        raise OutOfDomain("not a refraction", where="refraction", expected="-1 to 1", got=str(refraction))
