"""
Persons who may walk: the path of one crew after them.

Where they move, a sector searched an hour ago is no longer searched. On a coarse grid their walk is a Markov chain, the
crew goes from cell to neighbouring cell, and the best path is found with a bound (`search.path`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import LonLat
from safeconduct.search.grid import Array, SearchMap
from safeconduct.search.path import Grid, best_path

ACROSS = 12
"""Cells along the longer side of the coarse grid."""

SHARE = 0.5
"""The coarse grid lies over the area that holds so much of the probability on the map."""

WORK = 20_000_000
"""Work of the path solver before it gives its best path with a bound: a second or two."""

STEPS_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Chase:
    """
    A path after persons who walk.

    Args:
        places: Middle of the cell to be searched in each step.

        p: Probability of finding them by it.

        bound: No path over this grid has more.

        resting: What the same path would find if they stayed where they are.

        step_h: Length of a step.

        cell_km: Side of a cell.

        stay: Probability that they stay in their cell through a step.

        glimpse: Probability that one step in their cell finds them.

        covered: Probability, at the beginning, that they are on the coarse grid.
    """

    places: tuple[LonLat, ...]
    p: float
    bound: float
    resting: float
    step_h: float
    cell_km: float
    stay: float
    glimpse: float
    covered: float


def chase(
    chart: SearchMap, *, swept_km2_per_h: float, walks_kmh: float, step_h: float, steps: int, across: int = ACROSS
) -> Chase:
    """
    Find a path for one crew over the likeliest part of a map.

    They are taken to walk in no particular direction: in each step they leave their cell, for one of its four
    neighbours, with probability speed x step / side. The crew begins in the likeliest cell and looks once a step.

    Args:
        swept_km2_per_h: Sweep width x speed of the whole crew, > 0.

        walks_kmh: Their speed as the crow flies, >= 0; 0 is a resting target.

        step_h: Length of a step, > 0.

        steps: 1 to 24.

        across: Cells along the longer side, >= 2.

    Raises:
        OutOfDomain: A number out of range, or they would cross more than one cell in a step: shorter steps are needed.
        InvalidInput: Nothing lies on the map.
    """
    for name, number, least in (("swept_km2_per_h", swept_km2_per_h, 1e-9), ("step_h", step_h, 1e-3)):
        if not (math.isfinite(number) and number >= least):
            raise OutOfDomain("out of range", where=name, expected=f"at least {least:g}", got=str(number))
    if not 0.0 <= walks_kmh < math.inf or not 1 <= steps <= STEPS_LIMIT:
        expected = f"a speed of 0 or more, 1 to {STEPS_LIMIT} steps"
        raise OutOfDomain("out of range", where="walks_kmh, steps", expected=expected, got=f"{walks_kmh}, {steps}")
    prior, rows, columns, side, corner = _coarse(chart, across)
    leaves = walks_kmh * step_h / side
    if leaves > 1.0:
        raise OutOfDomain(
            "they would cross more than a cell in a step",
            where="step_h",
            expected=f"steps of at most {side / walks_kmh:.2g} h at that speed, for cells of {side:.2g} km",
            got=str(step_h),
        )
    glimpse = -math.expm1(-swept_km2_per_h * step_h / side**2)
    start = int(np.argmax(prior))
    grid = Grid(rows, columns, 1.0 - leaves)
    plan = best_path(grid, searcher=start, prior=prior.tolist(), glimpse=glimpse, steps=steps, work=WORK)
    middles = tuple(
        chart.grid.place(corner[0] + (cell % columns + 0.5) * side, corner[1] + (cell // columns + 0.5) * side)
        for cell in plan.path
    )
    resting = _resting(prior, plan.path, glimpse)
    covered = float(prior.sum())
    return Chase(middles, plan.p, plan.bound, resting, step_h, side, 1.0 - leaves, glimpse, covered)


def _resting(prior: Array, path: tuple[int, ...], glimpse: float) -> float:
    """What a path finds of persons who stay."""
    visits = np.bincount(path, minlength=prior.size)
    return float((prior * (1.0 - (1.0 - glimpse) ** visits)).sum())


def _coarse(chart: SearchMap, across: int) -> tuple[Array, int, int, float, tuple[float, float]]:
    """Probability of each coarse cell, rows, columns, side, and the south-western corner on the plane."""
    if not chart.poa.any():
        raise InvalidInput("nothing lies on the map", where="map", expected="probability inside of it")
    grid = chart.grid
    rows, columns = np.divmod(np.flatnonzero(chart.inside(SHARE)), grid.columns)
    height, width = int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1
    block = max(1, math.ceil(max(height, width) / across))
    high, wide = math.ceil(height / block), math.ceil(width / block)
    row = (np.arange(grid.rows) - int(rows.min())) // block
    column = (np.arange(grid.columns) - int(columns.min())) // block
    place = row[:, None] * wide + column[None, :]
    outside = (row[:, None] < 0) | (row[:, None] >= high) | (column[None, :] < 0) | (column[None, :] >= wide)
    kept = ~outside.ravel()
    prior = np.bincount(place.ravel()[kept], weights=chart.poa[kept], minlength=high * wide)
    west = grid.west_km + int(columns.min()) * grid.cell_km
    south = grid.south_km + int(rows.min()) * grid.cell_km
    return np.asarray(prior, dtype=np.float64), high, wide, block * grid.cell_km, (west, south)
