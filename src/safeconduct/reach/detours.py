"""
Walls: closed lines through closed airspaces, round which the shortest way is longer than a limit.

A `barrier` proves that no way gets round it in one turn within the limit. Where a way round takes several turns, what
proves it is the shortest way of all that crosses no wall: it turns at corners of walls alone, so that whoever has the
walls finds it in the graph of the corners that see each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.geodesy import distances_m as pair_distances_m
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.barriers import EARTH_M, MARGIN, Ints, chart_of, places_on, region_on, spelled
from safeconduct.reach.plane import Chart, Floats, distances_m, lon_lats, opposite, unit_vectors

DEPTHS_KM = (32.0, 16.0, 8.0, 4.0, 2.0, 1.0, 0.5, 0.25)
"""Walls keep so far inside the airspaces, the simplest ones first; near short ways round they are drawn finer."""

WIDTH = 8.0
"""A finer wall is drawn as far to either side of where a way crosses it as this many times its depth."""

SPARE_M = 1.0
"""Ways may cut the corners of walls by so much where we look for the shortest: then it is no longer than the true."""

SURE = 1.0 + 1e-7
"""The shortest way must be longer than the limit by this factor: lengths are measured again by others."""

MOST_CORNERS, MOST_ROUNDS = 400, 60


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """The chart, both ends on it, and the limit."""

    chart: Chart
    ends: tuple[LonLat, LonLat]
    flat: Floats
    limit_m: float


def walls(
    ends: tuple[LonLat, LonLat], limit_m: float, closed: Sequence[Airspace], seal_m: float
) -> tuple[tuple[LonLat, ...], ...] | None:
    """
    Closed lines within *closed* that prove that every way within the limit needs one of these airspaces.

    Args:
        ends: (lon, lat) of both ends, outside all of them.

        limit_m: Longest way of interest, at least the direct one.

        closed: Airspaces, at least one.

        seal_m: Cracks of up to twice this are taken for closed.

    Returns:
        Lines whose last point is the first, joined by great circles, each link within one of the airspaces or shorter
        than `barriers.HOP_M`; both ends lie outside every one. None where none were found, which proves nothing.
    """
    import shapely  # lazy: only where a proof is wanted

    if opposite(*ends):
        return None
    regions = {each.needs: region for each in closed if (region := region_on(each, ends)) is not None}
    if not regions:
        return None
    chart = chart_of(ends)
    asked = _Question(chart, ends, chart.flat(unit_vectors(ends)), limit_m)
    whole = shapely.union_all([region.buffer(seal_m / EARTH_M) for region in regions.values()])
    parts = _parts(asked, shapely.intersection(whole, _about(asked)))
    if parts is None:
        return None
    lines = []
    for part in parts:
        line = spelled(np.array(part.exterior.coords), regions, seal_m / EARTH_M)
        if line is None:
            return None
        places = places_on(chart, line)
        lines.append((*places[:-1], places[0]))
    return tuple(lines)


def _about(asked: _Question) -> Any:
    """A box around the ellipse of the ways within the limit."""
    import shapely  # lazy: as above

    begin, end = asked.flat
    gap = float(np.linalg.norm(end - begin))
    along = (end - begin) / gap if gap > 0.0 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    square = max(asked.limit_m**2 - distance_m(*asked.ends) ** 2, 0.0)
    far, wide = (MARGIN * float(np.tan(min(m / 2.0 / EARTH_M, 1.3))) for m in (asked.limit_m, square**0.5))
    middle = (begin + end) / 2.0
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return shapely.Polygon([middle + s * far * along + t * wide * across for s, t in signs])


def _parts(asked: _Question, area: Any) -> list[Any] | None:
    """Polygons within the area that leave no way within the limit, finer where ways would be short; None for none."""
    import shapely  # lazy: as above

    depths = [depth_km * 1000.0 / EARTH_M for depth_km in DEPTHS_KM]
    levels = [area.buffer(-depth).simplify(0.9 * depth) for depth in depths]
    inner = [level.buffer(-0.1 * depth) for level, depth in zip(levels, depths, strict=True)]
    walled = levels[0]
    for _ in range(MOST_ROUNDS):
        parts = _outlines(walled)
        way = _shortest(asked, parts)
        if way is None:
            return _needed(asked, parts)
        met = [
            (level, depth, crossed)
            for level, core, depth in zip(levels, inner, depths, strict=True)
            if (crossed := way.intersection(core)).length > 0.5 * depth
        ]
        if not met:
            return None
        level, depth, crossed = met[0]
        finer = shapely.union_all([walled, level.intersection(crossed.buffer(WIDTH * depth))])
        walled = finer.simplify(0.5 * SPARE_M / EARTH_M)  # without points that lie on one another
        if shapely.get_num_coordinates(walled) > MOST_CORNERS:
            return None
    return None


def _outlines(walled: Any) -> list[Any]:
    """Its polygons without their holes, which no way reaches."""
    import shapely  # lazy: as above

    parts = [each for each in shapely.get_parts(walled) if each.geom_type == "Polygon" and not each.is_empty]
    return [shapely.Polygon(each.exterior) for each in parts]


def _needed(asked: _Question, parts: list[Any]) -> list[Any] | None:
    """Only those without which there would be a way; None where an end lies in one."""
    import shapely  # lazy: as above

    kept = list(parts)
    for part in parts:
        rest = [each for each in kept if each is not part]
        if rest and _shortest(asked, rest) is None:
            kept = rest
    ends = shapely.points(asked.flat)
    return None if any(shapely.intersects(part, ends).any() for part in kept) else kept


def _in_reach(asked: _Question, places: Floats) -> tuple[Ints, Ints]:
    """Pairs of places that a way within the limit may join, judged by lengths on a sphere, which are right to 0.6 %."""
    vectors = unit_vectors(places)
    far = 0.994 * EARTH_M * np.arccos(np.clip(vectors @ vectors.T, -1.0, 1.0))
    first, second = np.triu_indices(len(places), 1)
    onward, back = far[0, first] + far[second, 1], far[0, second] + far[first, 1]
    kept = far[first, second] + np.minimum(onward, back) <= asked.limit_m * SURE
    return first[kept], second[kept]


def _shortest(asked: _Question, parts: list[Any]) -> Any:
    """The shortest way on the chart that enters none of the polygons; None where it is longer than the limit."""
    import shapely  # lazy: as above
    from scipy.sparse.csgraph import dijkstra  # lazy: as above

    points = np.concatenate([asked.flat, *(np.array(part.exterior.coords)[:-1] for part in parts)])
    places = lon_lats(asked.chart.lifted(points))
    by_way_of = sum(distances_m(end, places[:, 0], places[:, 1]) for end in asked.ends)
    near = np.asarray(by_way_of) <= asked.limit_m * SURE
    near[:2] = True
    points, places = points[near], places[near]
    first, second = _in_reach(asked, places)
    barred = shapely.union_all([part.buffer(-SPARE_M / EARTH_M) for part in parts])
    shapely.prepare(barred)
    seen = ~np.asarray(shapely.intersects(barred, shapely.linestrings(points[np.stack([first, second], axis=1)])))
    first, second = first[seen], second[seen]
    lengths = np.zeros((len(points), len(points)))
    lengths[first, second] = pair_distances_m(places[first, 0], places[first, 1], places[second, 0], places[second, 1])
    far_m, before = dijkstra(lengths + lengths.T, indices=0, return_predecessors=True)
    if far_m[1] > asked.limit_m * SURE:
        return None
    way = [1]
    while way[-1] != 0:
        way.append(int(before[way[-1]]))
    return shapely.LineString(points[way])
