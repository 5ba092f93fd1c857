"""How much of the ground terrain hides from a searcher who passes by at a height."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from safeconduct.earth.terrain import Terrain
from safeconduct.earth.viewshed import lines
from safeconduct.model.errors import OutOfDomain
from safeconduct.search.grid import Array, SearchGrid

LOOKS = 48
"""Lines of sight sampled for each cell: the share is then off by 0.07 (one standard deviation) at worst."""

GROUND_EYE_M = 1.7
"""Eyes of a person on foot."""

# Two numbers whose multiples fill a square evenly (the plastic number: M. Roberts, The unreasonable effectiveness of
# quasirandom sequences, 2018), and two more of the kind for the second square.
_STEPS = (0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893)


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """
    What terrain leaves to be seen, cell by cell.

    Args:
        share: Of the looks that passing searchers have, those that nothing blocks, shape (n,) in [0, 1]; NaN where
            terrain does not cover the cell. Multiply the sweep width by it.

        blind: Share of the ground of each cell that none of the sampled looks reaches, shape (n,): an upper bound of
            what no pass at this height can show.
    """

    share: Array
    blind: Array


def shadow(terrain: Terrain, grid: SearchGrid, *, height_m: float, reach_km: float, looks: int = LOOKS) -> Shadow:
    """
    Sample how much of a cell's ground is in sight of a searcher somewhere within reach of it.

    Each look goes from a place spread evenly over the disc of radius *reach_km* about a point of the cell, at
    *height_m* above the ground there, to that point; points are spread evenly over the cell. The tracks of a sector
    lie somewhere in that disc, so the mean over it is the factor for a sector not yet flown; for one that was flown
    take `track.swept`, which knows where it was.

    Args:
        terrain: The ground.

        grid: The map.

        height_m: Of the eye above ground, 0 to 10 000.

        reach_km: Greatest distance at which the searcher sees the object, > 0; the sweep width is a fair figure.

        looks: How many for each cell, in groups of four to one point; at least 4.

    Raises:
        OutOfDomain: A number out of range.
    """
    for name, value, least, most in (("height_m", height_m, 0.0, 1e4), ("reach_km", reach_km, 1e-3, 100.0)):
        if not least <= value <= most:
            raise OutOfDomain("out of range", where=name, expected=f"{least:g} to {most:g}", got=str(value))
    if looks < 4:
        raise OutOfDomain("too few looks", where="looks", expected="at least 4", got=str(looks))
    groups = looks // 4
    mid_x, mid_y = terrain.to_plane(grid.lon_deg, grid.lat_deg)
    # Neighbouring cells do not share their sample.
    start: Array = np.arange(grid.size, dtype=np.float64) * 0.6180339887498949
    known, clear, points, hidden = (np.zeros(grid.size) for _ in range(4))
    for group in range(groups):
        spot = _spread(group, start)
        x = mid_x + (spot[0] - 0.5) * grid.cell_km * 1000.0
        y = mid_y + (spot[1] - 0.5) * grid.cell_km * 1000.0
        told, reached = np.zeros(grid.size, dtype=np.bool_), np.zeros(grid.size, dtype=np.bool_)
        for turn in range(4):
            from_ = _spread(4 * group + turn, start + 0.37, more=2)
            angle = 2.0 * math.pi * (from_[0] / 4.0 + turn / 4.0)  # one look out of each quarter
            away = 1000.0 * reach_km * np.sqrt(from_[1])
            seen = lines(terrain, (x + away * np.cos(angle), y + away * np.sin(angle)), height_m, (x, y))
            known += ~np.isnan(seen)
            clear += seen == 1.0
            told |= ~np.isnan(seen)
            reached |= seen == 1.0
        points += told
        hidden += told & ~reached
    enough = 2.0 * known >= 4.0 * groups  # at the edge of the terrain half of the looks may say it
    share = np.where(enough, clear / np.maximum(known, 1.0), np.nan)
    return Shadow(share, np.where(enough, hidden / np.maximum(points, 1.0), np.nan))


def _spread(nth: int, start: Array, *, more: int = 0) -> tuple[Array, Array]:
    """The nth point of an even filling of the unit square, begun anew for each cell."""
    one, two = _STEPS[more], _STEPS[more + 1]
    return (start + (nth + 1) * one) % 1.0, (start * 1.3247179572447460 + (nth + 1) * two) % 1.0
