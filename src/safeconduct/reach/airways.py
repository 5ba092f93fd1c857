"""
Flights between two places of a case: exact where that is quick, on the world's lattice where many states lie between.

The exact search (`route`) takes long where coasts and borders by the ten thousand lie in reach; the lattice (`fronts`)
hardly minds. Which one is used depends on the two places alone, so that one flight never changes another.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from safeconduct.model.space import Airspace, LonLat, Polygon
from safeconduct.reach.crossings import crossings
from safeconduct.reach.plane import opposite
from safeconduct.reach.route import FARTHEST_M, RouteOption, route_front
from safeconduct.reach.shapes import Shape, shape_of

if TYPE_CHECKING:  # the lattice and its compiled code are loaded only when a flight needs them
    from safeconduct.reach.fronts import End
    from safeconduct.reach.graph import ColouredGraph
    from safeconduct.reach.lattice import Lattice

MOST_STATES = 5
"""Ways that enter more foreign states than this are not looked for."""

DETOUR_LIMIT = 1.2
DETOUR_EXTRA_M = 100_000.0
"""Ways longer than this over the direct one are not looked for; the answer says so."""

EXACT_CORNERS = 14_000
EXACT_STATES = 18
"""Corners of borders and coasts, and states, in reach up to which a flight is searched exactly (docs/ways.md)."""

EVERYWHERE_KM = 20_100.0


class SkiesLike(Protocol):
    """What reach asks of the airspaces."""

    def near(self, points: tuple[LonLat, ...], margin_km: float) -> tuple[str, ...]:
        """Codes of the airspaces near the points."""
        ...

    def airspaces(self, codes: Iterable[str]) -> tuple[Airspace, ...]:
        """Their shapes."""
        ...


class Flights:
    """
    The flights over some airspaces; each is looked for once.

    Args:
        skies: The airspaces.
    """

    def __init__(self, skies: SkiesLike) -> None:
        self._skies = skies
        self._found: dict[tuple[LonLat, LonLat, str], tuple[RouteOption, ...]] = {}
        self._lattice: Lattice | None = None
        self._ends: dict[LonLat, End] = {}

    def between(self, start: LonLat, end: LonLat, own: str) -> tuple[RouteOption, ...]:
        """
        All Pareto-optimal (distance, states) flights within `DETOUR_LIMIT` through at most `MOST_STATES` states.

        Args:
            start: (lon, lat).

            end: (lon, lat).

            own: The state whose airspace is open to it.
        """
        key = (start, end, own)
        if key not in self._found:
            self._found[key] = self._front(start, end, own)
        return self._found[key]

    def straight(self, start: LonLat, end: LonLat) -> RouteOption:
        """The shortest flight whatever it enters: for a flight that no permission can bring within range."""
        from safeconduct.earth.geodesy import distance_m, point_along  # lazy: cases without flights need no geodesy

        direct_m = distance_m(start, end)
        near = _met(start, end, direct_m * 1.02, self._skies)
        path = (start, point_along(start, end, direct_m / 2.0), end) if opposite(start, end) else (start, end)
        stays = crossings(path, _shapes(near))
        needs = frozenset(stay.needs for stay in stays)
        return RouteOption(needs, direct_m, path, stays)

    def _front(self, start: LonLat, end: LonLat, own: str) -> tuple[RouteOption, ...]:
        limit_m, near = around(start, end, self._skies)
        free = frozenset({own})
        corners = sum(len(polygon.shell) for each in near for polygon in each.polygons)
        too_far = limit_m > DETOUR_LIMIT * FARTHEST_M + DETOUR_EXTRA_M  # the exact search needs one direct way
        if corners <= EXACT_CORNERS and len(near) <= EXACT_STATES and not too_far:
            return route_front(start, end, near, free=free, limit_m=limit_m, max_needs=MOST_STATES)
        from safeconduct.reach.fronts import followed, world_front  # lazy: compiled code, for long flights alone

        found = world_front(
            self._world(), self._end(start), self._end(end), free=free, limit_m=limit_m, max_needs=MOST_STATES
        )
        by_code = {each.needs: each for each in near}
        options = []
        for way in found.ways:
            path = followed(way)
            met = [by_code[code] for code in sorted(way.needs | free) if code in by_code]
            options.append(RouteOption(way.needs, way.distance_m, path, crossings(path, _shapes(met)), coarse=True))
        return tuple(options)

    def graph(self, start: LonLat, end: LonLat, own: str, limit_m: float) -> tuple[ColouredGraph, tuple[str, ...]]:
        """The flights within a limit as a graph over the lattice, start first and end second; names of its colours."""
        from safeconduct.reach.fronts import world_graph  # lazy: as above

        lattice = self._world()
        graph, _ = world_graph(lattice, self._end(start), self._end(end), free=frozenset({own}), limit_m=limit_m)
        return graph, lattice.borders.codes

    def _world(self) -> Lattice:
        if self._lattice is None:
            from safeconduct.reach.lattice import world_lattice  # lazy: compiled code, for long flights alone

            codes = self._skies.near(((0.0, 0.0),), EVERYWHERE_KM)
            self._lattice = world_lattice(self._skies.airspaces(codes))
        return self._lattice

    def _end(self, place: LonLat) -> End:
        if place not in self._ends:
            from safeconduct.reach.fronts import end_at  # lazy: as above

            self._ends[place] = end_at(self._world(), place)
        return self._ends[place]


def around(start: LonLat, end: LonLat, skies: SkiesLike) -> tuple[float, tuple[Airspace, ...]]:
    """The longest flight looked for between two places, metres, and what airspaces one of that length may meet."""
    from safeconduct.earth.geodesy import distance_m  # lazy: as above

    limit_m = DETOUR_LIMIT * distance_m(start, end) + DETOUR_EXTRA_M
    return limit_m, _met(start, end, limit_m, skies)


def _met(start: LonLat, end: LonLat, limit_m: float, skies: SkiesLike) -> tuple[Airspace, ...]:
    from safeconduct.earth.geodesy import distance_m  # lazy: as above

    codes = skies.near((start, end), max(0.0, limit_m - distance_m(start, end)) / 1000.0)
    near = (_clipped(each, start, end, limit_m) for each in skies.airspaces(codes))
    return tuple(each for each in near if each.polygons)


def _shapes(near: Iterable[Airspace]) -> list[tuple[str, Shape]]:
    return [
        (each.needs, shape_of(polygon, f"airspace {each.needs} polygon {number}"))
        for each in near
        for number, polygon in enumerate(each.polygons)
    ]


def _clipped(airspace: Airspace, start: LonLat, end: LonLat, limit_m: float) -> Airspace:
    """Leave out the parts that no way within the limit can meet, judged by a circle around each."""
    from safeconduct.earth.geodesy import haversine_m  # lazy: as above

    if not airspace.polygons:
        return airspace
    lons, lats, radii_m = np.array([_circle(polygon) for polygon in airspace.polygons]).T
    to_start, to_end = (haversine_m(lon, lat, lons, lats) for lon, lat in (start, end))
    near = to_start + to_end - 2.0 * radii_m <= limit_m * 1.02
    return Airspace(airspace.needs, tuple(itertools.compress(airspace.polygons, near)))


@functools.lru_cache(maxsize=4096)
def _circle(polygon: Polygon) -> tuple[float, float, float]:
    """A corner of a polygon (lon, lat), and the distance in metres to the corner farthest from it."""
    from safeconduct.earth.geodesy import haversine_m  # lazy: as above

    corners = np.array(polygon.shell)
    lon, lat = polygon.shell[len(corners) // 2]
    return lon, lat, float(np.max(haversine_m(lon, lat, corners[:, 0], corners[:, 1])))
