"""
Where they are: a mixture over the reports, on a grid of equal cells.

Each report that can be put on a map is one scenario with a likelihood of its own; conflicting reports stay side by
side, weighted by how far source and content are trusted. It serves where one report settles the place, and for the box
to fetch terrain over; while the place is unknown `search.whereabouts` takes the map of the book instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.case import Evidence, Place
from safeconduct.model.space import LonLat
from safeconduct.search.extent import reach_km
from safeconduct.search.grid import SearchGrid

Array: TypeAlias = NDArray[np.float64]

EARTH_KM = 6371.0088
"""Mean radius; the grid is a local plane, wrong by under 1 % of a distance up to 150 km from its middle."""

RELIABILITY = {"A": 1.0, "B": 0.8, "C": 0.5, "D": 0.25, "E": 0.1, "F": 0.4}
CREDIBILITY = {"1": 1.0, "2": 0.8, "3": 0.5, "4": 0.25, "5": 0.1, "6": 0.4}
"""Weight of an Admiralty grade. No source gives such figures: they are our assumption and are listed as one."""

REACH_SIGMAS = 3.0
REACH_MAX_KM = 150.0
SAY_LITTLE = ("searched", "cloud")
"""Kinds of place that need what this map does not have: a prior to search in, terrain."""

CELLS_ACROSS = 160
CELL_MIN_KM = 0.05


@dataclass(frozen=True, slots=True)
class Scenario:
    """One report on the map, with its share of belief: in a mixture shares sum to 1, in a book each may be true."""

    evidence: Evidence
    weight: float
    middle: LonLat


@dataclass(frozen=True, slots=True)
class ProbabilityMap:
    """
    Probability of area.

    Args:
        site: The point that ways are computed to: of the middles of the reports the one in the likeliest cell.

        known: Whether the place needs no search.

        scenarios: The reports it is mixed from, heaviest first.

        lon_deg: Middles of the cells, shape (n,).

        lat_deg: The same, shape (n,).

        poa: Probability of each cell, shape (n,).

        cell_km: Side of a cell.

        columns: Cells in a row; cells run row by row from the south-west.

        outside: Probability of being on none of the cells; with `poa` it adds up to 1.
    """

    site: LonLat
    known: bool
    scenarios: tuple[Scenario, ...]
    lon_deg: Array
    lat_deg: Array
    poa: Array
    cell_km: float
    columns: int
    outside: float = 0.0

    def density(self) -> Array:
        """Probability per square kilometre, shape (n,)."""
        return self.poa / self.cell_km**2

    def effort_density(self) -> Array:
        """
        Share of a fixed effort per square kilometre, shape (n,): proportional to the root of the probability density.

        Of all plans that do not change with time it is the one with the least mean time to detection: minimise
        ``sum p/f`` subject to ``sum f A = 1``.
        """
        root = np.sqrt(self.density())
        spread: Array = root / (root.sum() * self.cell_km**2)
        return spread

    def area_km2(self, share: float) -> float:
        """Smallest area that holds *share* of the probability, share in (0, 1]; the whole map where it holds less."""
        ordered = np.sort(self.poa)[::-1]
        cells = int(np.searchsorted(np.cumsum(ordered), share - 1e-12)) + 1
        return min(cells, ordered.size) * self.cell_km**2

    def inside(self, share: float) -> NDArray[np.bool_]:
        """Which cells belong to that smallest area, shape (n,)."""
        order = np.argsort(-self.poa, kind="stable")
        cells = min(int(np.searchsorted(np.cumsum(self.poa[order]), share - 1e-12)) + 1, order.size)
        mask = np.zeros(self.poa.size, dtype=np.bool_)
        mask[order[:cells]] = True
        return mask


def weight_of(report: Evidence) -> float:
    """Belief in a report before scaling."""
    return RELIABILITY.get(report.reliability, 0.4) * CREDIBILITY.get(report.credibility, 0.4)


def probability_map(evidence: tuple[Evidence, ...]) -> ProbabilityMap | None:
    """
    Mix the reports that say where.

    A report that settles the place (persons found, or a place marked known) stands alone. Withdrawn reports count
    for nothing. None if no report can be put on a map.
    """
    mapped = [
        e for e in evidence if e.place is not None and e.place.kind not in SAY_LITTLE and e.withdrawn_at is None
    ]  # fmt: skip
    settled = [e for e in mapped if e.finds or (e.place is not None and e.place.known)]
    if settled:
        mapped = [max(settled, key=lambda e: e.known_at)]
    total = sum(weight_of(e) for e in mapped)
    if not mapped or total <= 0.0:
        return None
    scenarios = sorted(
        (Scenario(e, weight_of(e) / total, middle(e.place)) for e in mapped if e.place is not None),
        key=lambda s: (-s.weight, s.evidence.id),
    )
    return _gridded(tuple(scenarios), known=bool(settled))


def middle(place: Place) -> LonLat:
    """The point, the centre, or half-way along the line."""
    first = place.points[0]
    if len(place.points) == 1:
        return first
    corners = [_plane(first, p) for p in place.points]
    lengths = [math.dist(a, b) for a, b in pairwise(corners)]
    left = sum(lengths) / 2.0
    for (start, end), length in zip(pairwise(corners), lengths, strict=True):
        if left <= length and length > 0.0:
            share = left / length
            x = np.array([start[0] + share * (end[0] - start[0])])
            y = np.array([start[1] + share * (end[1] - start[1])])
            lon, lat = _to_globe(first, x, y)
            return float(lon[0]), float(lat[0])
        left -= length
    return first


def _gridded(scenarios: tuple[Scenario, ...], *, known: bool) -> ProbabilityMap:
    origin = scenarios[0].middle
    places = [s.evidence.place for s in scenarios if s.evidence.place is not None]
    boxes = [_box(p, origin) for p in places]
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    cell = max((east - west) / CELLS_ACROSS, (north - south) / CELLS_ACROSS, CELL_MIN_KM)
    columns, rows = max(1, math.ceil((east - west) / cell)), max(1, math.ceil((north - south) / cell))
    x, y = np.meshgrid(west + (np.arange(columns) + 0.5) * cell, south + (np.arange(rows) + 0.5) * cell)
    flat_x, flat_y = x.ravel(), y.ravel()
    grid = SearchGrid(origin, west, south, cell, columns, rows)
    poa, placed = np.zeros(flat_x.size), []
    lon, lat = _to_globe(origin, flat_x, flat_y)
    for scenario, place in zip(scenarios, places, strict=True):
        share = _likelihood(place, grid) if place.shape is None else _shaped(place, grid)
        poa += scenario.weight * share / share.sum()
        best = int(np.argmax(share))
        placed.append(
            scenario if place.shape is None else replace(scenario, middle=(float(lon[best]), float(lat[best])))
        )
    scenarios = tuple(placed)
    site = max(scenarios, key=lambda s: (_at(_plane(origin, s.middle), flat_x, flat_y, poa), s.weight)).middle
    return ProbabilityMap(site, known, scenarios, lon, lat, poa / poa.sum(), cell, columns)


def _at(point: tuple[float, float], x: Array, y: Array, poa: Array) -> float:
    """Probability of the cell that holds *point*."""
    return float(poa[np.argmin(np.hypot(x - point[0], y - point[1]))])


def _plane(site: LonLat, point: LonLat) -> tuple[float, float]:
    """Kilometres east and north of *site* on the local plane."""
    turn = (point[0] - site[0] + 180.0) % 360.0 - 180.0
    east = math.radians(turn) * EARTH_KM * math.cos(math.radians(site[1]))
    return east, math.radians(point[1] - site[1]) * EARTH_KM


def _to_globe(site: LonLat, x: Array, y: Array) -> tuple[Array, Array]:
    lat = np.clip(site[1] + np.degrees(y / EARTH_KM), -90.0, 90.0)
    scale = max(math.cos(math.radians(site[1])), 1e-6)
    lon = site[0] + np.degrees(x / (EARTH_KM * scale))
    return (lon + 180.0) % 360.0 - 180.0, lat


def _extent_km(place: Place) -> float:
    if place.shape is not None:
        return reach_km(place, CELL_MIN_KM)
    if place.kind == "disc":
        return place.radius_km or CELL_MIN_KM
    return REACH_SIGMAS * (place.sigma_km or CELL_MIN_KM)


def _box(place: Place, site: LonLat) -> tuple[float, float, float, float]:
    corners = [_plane(site, p) for p in place.points]
    margin = _extent_km(place) + CELL_MIN_KM

    margin = min(margin, REACH_MAX_KM)
    return (
        min(c[0] for c in corners) - margin,
        min(c[1] for c in corners) - margin,
        max(c[0] for c in corners) + margin,
        max(c[1] for c in corners) + margin,
    )


def _shaped(place: Place, grid: SearchGrid) -> Array:
    """The same for the kinds of place that the plan of a search knows; without terrain."""
    from safeconduct.search.likelihood import KINDS, Scene  # lazy: few cases hold such a place, and it loads scipy

    share, _ = KINDS[place.kind](place, Scene(grid, grid.x_km, grid.y_km, None))
    made: Array = np.array(share, dtype=np.float64)
    away = _distance_km(place, grid.origin, grid.x_km, grid.y_km)
    made[np.argmin(away)] = max(float(made[np.argmin(away)]), 1e-9 if made.any() else 1.0)
    return made


def _likelihood(place: Place, grid: SearchGrid) -> Array:
    """Relative likelihood of each cell; never all zero: the nearest cell always counts."""
    cell = grid.cell_km
    away = _distance_km(place, grid.origin, grid.x_km, grid.y_km)
    if place.kind == "disc":
        share: Array = (away <= max(place.radius_km or 0.0, cell)).astype(np.float64)
    else:
        sigma = max(place.sigma_km or 0.0, cell / 2.0)
        share = np.exp(-0.5 * (away / sigma) ** 2)
    share[np.argmin(away)] = max(float(share.max()), 1.0)
    return share


def _distance_km(place: Place, site: LonLat, x: Array, y: Array) -> Array:
    """Distance of each cell from the point, or from the nearest part of the line."""
    corners = [_plane(site, p) for p in place.points]
    if len(corners) == 1:
        return np.hypot(x - corners[0][0], y - corners[0][1])
    best = np.full(x.shape, np.inf)
    for (x1, y1), (x2, y2) in pairwise(corners):
        length2 = max((x2 - x1) ** 2 + (y2 - y1) ** 2, 1e-12)
        along = np.clip(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length2, 0.0, 1.0)
        best = np.minimum(best, np.hypot(x - (x1 + along * (x2 - x1)), y - (y1 + along * (y2 - y1))))
    return best
