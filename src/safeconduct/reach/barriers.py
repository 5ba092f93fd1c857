"""
Barriers: lines through closed airspaces that no way within a limit can get round.

A way from one end to the other that is no longer than the limit stays within the ellipse about the two. A line that
runs inside closed airspaces from beyond the ellipse to beyond it, or in a loop, and that meets the direct way an odd
number of times, is met by each such way: so each needs one of these airspaces. Whoever has the rings can check it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.plane import Chart, Floats, distances_m, lon_lats, opposite, tangents, unit_vectors

HOP_M = 50.0
"""A crack between neighbours is stepped over where it is no wider: the solver's seal closes about 30 m."""

STEPS = (60, 150)
"""Points of the grid along the longer axis of the ellipse, the coarse one first."""

MARGIN = 1.1
"""The grid reaches so far beyond the ellipse."""

NEAREST_DEPTH = 0.15
"""An airspace that reaches farther than 81 degrees from the middle of the way is left out: its chart ends there."""

EARTH_M = 6_371_000.0

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


def barrier(
    ends: tuple[LonLat, LonLat], limit_m: float, closed: Sequence[Airspace], seal_m: float
) -> tuple[LonLat, ...] | None:
    """
    A line that proves that every way within the limit needs one of the *closed* airspaces.

    Args:
        ends: (lon, lat) of both ends, outside all of them.

        limit_m: Longest way of interest, at least the direct one.

        closed: Airspaces, at least one.

        seal_m: Cracks of up to twice this are taken for closed.

    Returns:
        Points joined by great circles, each link within one of the airspaces or shorter than `HOP_M`; None where none
        was found, which proves nothing: always so between nearly opposite ends.
    """
    if opposite(*ends):
        return None
    chart = chart_of(ends)
    regions = {each.needs: region for each in closed if (region := region_on(each, ends)) is not None}
    if not regions:
        return None
    for steps in STEPS:
        grid = grid_of(ends, limit_m, steps)
        links = _links(grid, chart, regions, ends, seal_m)
        walk = _odd_walk(grid, *links)
        line = None if walk is None else spelled(grid.flat[walk], regions, seal_m / EARTH_M)
        if line is not None:  # a walk along a border may lie in the seal alone; on the other grid it lies elsewhere
            return places_on(chart, line)
    return None


@lru_cache(maxsize=64)
def chart_of(ends: tuple[LonLat, LonLat]) -> Chart:
    """The gnomonic chart about the middle of two places that are not `plane.opposite`."""
    vectors = unit_vectors(ends)
    centre = vectors.sum(axis=0)
    centre = centre / np.linalg.norm(centre)
    right, up = tangents(centre)
    return Chart(centre, right, up, float(np.arccos(np.clip(vectors[0] @ centre, -1.0, 1.0))))


@lru_cache(maxsize=512)
def region_on(airspace: Airspace, ends: tuple[LonLat, LonLat]) -> Any:
    """The airspace on the chart of the two ends, great circles straight; None where the chart cannot show it."""
    import shapely  # lazy: only where a proof is wanted

    chart, parts = chart_of(ends), []
    for polygon in airspace.polygons:
        rings = [unit_vectors(ring) for ring in (polygon.shell, *polygon.holes)]
        if min(float((ring @ chart.centre).min()) for ring in rings) < NEAREST_DEPTH:
            continue
        shell, *holes = (chart.flat(ring) for ring in rings)
        parts.append(shapely.make_valid(shapely.Polygon(shell, holes)))
    if not parts:
        return None
    region = shapely.union_all(parts)
    shapely.prepare(region)
    return region


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Points on the chart, whether each lies beyond the ellipse, and the pairs of neighbours."""

    flat: Floats
    beyond: Bools
    pairs: Ints


@lru_cache(maxsize=8)
def grid_of(ends: tuple[LonLat, LonLat], limit_m: float, steps: int) -> Grid:
    chart = chart_of(ends)
    first, last = chart.flat(unit_vectors(ends))
    half = float(np.tan(min(MARGIN * limit_m / 2.0 / EARTH_M, 1.3)))
    gap = float(np.linalg.norm(last - first))
    along = (last - first) / gap if gap > 0.0 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    # A little off the middle, so that no point of the grid lies on the direct way.
    ticks = (np.arange(-steps, steps + 1) + 0.317) * (2.0 * half / (2 * steps))
    x, y = np.meshgrid(ticks, ticks, indexing="ij")
    flat = (first + last) / 2.0 + x.reshape(-1, 1) * along + y.reshape(-1, 1) * across
    places = lon_lats(chart.lifted(flat))
    around = sum(distances_m(end, places[:, 0], places[:, 1]) for end in ends)
    size = len(ticks)
    number = np.arange(size * size).reshape(size, size)
    pairs = [
        np.stack([one.reshape(-1), other.reshape(-1)], axis=1)
        for one, other in (
            (number[:-1], number[1:]),
            (number[:, :-1], number[:, 1:]),
            (number[:-1, :-1], number[1:, 1:]),
            (number[1:, :-1], number[:-1, 1:]),
        )
    ]
    return Grid(flat, np.asarray(around) > limit_m * (1.0 + 1e-9), np.concatenate(pairs))


def _links(
    grid: Grid, chart: Chart, regions: Mapping[str, Any], ends: tuple[LonLat, LonLat], seal_m: float
) -> tuple[Ints, Bools]:
    """Neighbours joined within the closed airspaces, and whether each link meets the direct way."""
    import shapely  # lazy: as above

    union = shapely.union_all([region.buffer(seal_m / EARTH_M) for region in regions.values()])
    shapely.prepare(union)
    inside = np.asarray(shapely.contains_xy(union, grid.flat[:, 0], grid.flat[:, 1]))
    pairs = grid.pairs[inside[grid.pairs].all(axis=1)]
    lines = shapely.linestrings(grid.flat[pairs])
    kept = np.asarray(shapely.contains(union, lines), dtype=np.bool_)
    direct = shapely.LineString(chart.flat(unit_vectors(ends)))
    return pairs[kept], np.asarray(shapely.crosses(lines[kept], direct), dtype=np.bool_)


def _odd_walk(grid: Grid, pairs: Ints, odd: Bools) -> Ints | None:
    """
    A walk that meets the direct way an odd number of times, from beyond the ellipse to beyond it, or closed.

    On the double cover (each point twice, links that meet the direct way changing the sheet), with all points beyond
    the ellipse taken for one, such a walk joins the two copies of a point.
    """
    from scipy.sparse import coo_matrix  # lazy: as above
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    count = len(grid.flat) + 1
    name = np.where(grid.beyond, count - 1, np.arange(count - 1))
    one, other = name[pairs[:, 0]], name[pairs[:, 1]]
    sheets = [(one, other + count * odd), (one + count, other + count * ~odd)]
    tail, head = (np.concatenate(side) for side in zip(*sheets, strict=True))
    cover = coo_matrix((np.ones(len(tail)), (tail, head)), shape=(2 * count, 2 * count)).tocsr()
    _, part = connected_components(cover, directed=False)
    joined = np.flatnonzero(part[:count] == part[count:])
    if not len(joined):
        return None
    start = count - 1 if part[count - 1] == part[2 * count - 1] else int(joined[0])
    _, before = breadth_first_order(cover, start, directed=False)
    walk = [start + count]
    while walk[-1] != start:
        walk.append(int(before[walk[-1]]))
    steps: list[int] = []
    for here, there in pairwise(walk):
        link = int(np.flatnonzero((tail == here) & (head == there) | (tail == there) & (head == here))[0])
        pair = pairs[link % len(pairs)]
        first = int(name[pair[0]] != here % count)
        steps += [int(pair[first])] * (not steps) + [int(pair[1 - first])]
    return np.array(steps, dtype=np.intp)


def spelled(line: Floats, regions: Mapping[str, Any], crack: float) -> Floats | None:
    """The line with each link within one region, or so short that it steps over a crack; None if a link is neither."""
    points = [line[0]]
    for begin, end in pairwise(line):
        shares = _shares(begin, end, regions, crack)
        if shares is None:
            return None
        points += [begin + share * (end - begin) for share in shares]
    return np.array(points)


def _shares(begin: Floats, end: Floats, regions: Mapping[str, Any], crack: float) -> list[float] | None:
    """Where along a link to set points, its end included: at both sides of each step from one region to the next."""
    import shapely  # lazy: as above

    link = shapely.LineString([begin, end])
    size = float(np.linalg.norm(end - begin))
    spans = []
    for region in regions.values():
        cut = shapely.intersection(link, region)
        for part in shapely.get_parts(cut):
            if part.geom_type == "LineString" and not part.is_empty:
                along = sorted(
                    float(np.hypot(*(np.array(c) - begin))) / size for c in (part.coords[0], part.coords[-1])
                )
                spans.append((along[0], along[1]))
    inset, at, shares = min(0.05 * crack / size, 0.01), 0.0, []
    reach = max((leave for enter, leave in spans if enter <= 1e-12), default=None)
    while reach is not None and reach < 1.0 - 1e-12:
        onward = [(leave, enter) for enter, leave in spans if enter <= reach + 3.0 * crack / size and leave > reach]
        if not onward:
            return None
        leave, enter = max(onward)
        middle = (max(enter, at) + reach) / 2.0
        shares += [middle] if enter < reach - 2.0 * inset else [reach - inset, max(enter, reach) + inset]
        at, reach = shares[-1], leave
    return None if reach is None else [*shares, 1.0]


def places_on(chart: Chart, line: Floats) -> tuple[LonLat, ...]:
    """(lon, lat) of points of the chart, shape (n, 2)."""
    places = lon_lats(chart.lifted(line))
    return tuple((float(lon), float(lat)) for lon, lat in places)
