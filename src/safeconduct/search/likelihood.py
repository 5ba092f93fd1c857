"""How likely each report is, for every place where they could be: laid over the map and what lies outside of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.model.case import Evidence, Place
from safeconduct.model.errors import Bug
from safeconduct.model.places import Signature
from safeconduct.search.grid import Array, SearchGrid
from safeconduct.search.kinds import KINDS, Scene, Values
from safeconduct.search.relief import TerrainLike

OUTSIDE_STEPS = 40
"""Points to a side of the frame at which the likelihood of the outside is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """
    One report on the map.

    Args:
        piece: Id of the report.

        inside: Likelihood at the middle of each cell, shape (n,), >= 0, on a scale of its own.

        outside: Mean likelihood outside of the map.

        false: Likelihood if the report is worthless: then it says nothing of where.

        unknown: What could not be used, in words.
    """

    piece: str
    inside: Array
    outside: float
    false: float
    unknown: tuple[str, ...]


def likelihood(report: Evidence, grid: SearchGrid, outside_share: float, terrain: TerrainLike | None) -> Likelihood:
    """
    Lay a report over the grid.

    Args:
        report: With a place.

        outside_share: Probability before any report of being off the map, in (0, 1).

        terrain: None leaves out what needs it, and says so.

    Raises:
        Bug: The report has no place.
    """
    place = report.place
    if place is None:
        raise Bug("a report without a place was to be mapped", where=report.id)
    values, unknown = _values(place, Scene(grid, grid.x_km, grid.y_km, terrain))
    frame = _frame(grid)
    beyond, _ = _values(place, Scene(grid, *frame, terrain))
    if not values.any() and not beyond.any() and place.kind != "searched":
        # Finer than a cell: it counts in the cell it lies in, so that no report is lost between two middles.
        values[_nearest(place, grid)] = 1.0
    out = float(beyond.mean())
    if place.kind == "searched":
        return Likelihood(report.id, values, out, 1.0, unknown)
    false = (1.0 - outside_share) * float(values.mean()) + outside_share * out
    return Likelihood(report.id, values, out, false, unknown)


def false_alarm_weight(place: Place, false: float) -> float | None:
    """
    Weight of a detection from its own rates: chance that it shows the wreck against one false alarm among so many.

    A detection at z has density ``detects x N(z; place)`` if it is the wreck and ``false_per_km2`` if it is not; the
    ratio to the mean of the first over the map is that of weight to one less weight.

    Args:
        false: Mean of the place's likelihood over map and outside, with the likelihood a density per km2.

    Returns:
        Weight in [0, 1]; None where the report gives no rates.
    """
    shape = place.shape
    if not isinstance(shape, Signature) or shape.detects is None or shape.false_per_km2 is None:
        return None
    true = shape.detects * false
    return true / (true + shape.false_per_km2) if true + shape.false_per_km2 > 0.0 else 0.0


def _values(place: Place, scene: Scene) -> Values:
    made, unknown = KINDS[place.kind](place, scene)
    return np.asarray(made, dtype=np.float64), unknown


def _frame(grid: SearchGrid) -> tuple[Array, Array]:
    """Points just outside of the grid, a tenth of its size off its edges."""
    width, height = grid.columns * grid.cell_km, grid.rows * grid.cell_km
    step = 0.1 * max(width, height)
    along = np.linspace(-0.1, 1.1, OUTSIDE_STEPS)
    x = np.concatenate(
        [
            grid.west_km + along * width,
            grid.west_km + along * width,
            np.full(OUTSIDE_STEPS, grid.west_km - step),
            np.full(OUTSIDE_STEPS, grid.west_km + width + step),
        ]
    )
    y = np.concatenate(
        [
            np.full(OUTSIDE_STEPS, grid.south_km - step),
            np.full(OUTSIDE_STEPS, grid.south_km + height + step),
            grid.south_km + along * height,
            grid.south_km + along * height,
        ]
    )
    return x, y


def _nearest(place: Place, grid: SearchGrid) -> int:
    x, y = grid.plane(place.points[0][0], place.points[0][1])
    return int(np.argmin(np.hypot(grid.x_km - x, grid.y_km - y)))
