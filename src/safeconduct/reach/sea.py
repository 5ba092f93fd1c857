"""
Ways of ships: on a lattice of the sea around the two ends, coloured by territorial seas; no arc crosses land.

The nodes follow the middle of channels (data/borders), so that straits stay open; in between them the even lattice of
the globe. The ways are pulled straight between coasts and seas that they may not enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from safeconduct.earth.geodesy import distance_m, distances_m, haversine_m
from safeconduct.model.space import Airspace, LonLat, Polygon
from safeconduct.reach.airways import DETOUR_EXTRA_M, DETOUR_LIMIT
from safeconduct.reach.borders import borders_of
from safeconduct.reach.fronts import End, WorldFront, end_at, world_front
from safeconduct.reach.graph import Bools, Floats, Integers, Words, from_arcs
from safeconduct.reach.lattice import NODES, Lattice, fibonacci
from safeconduct.reach.plane import lon_lats, unit_vectors

LAND = "land"
"""The colour of land; no state's code."""

NEIGHBOURS = 20
SNAP_KM = 30.0
"""A port or a place on the shore starts from water at most this far off."""

FIRST_REACH, FIRST_EXTRA_M, FARTHER = 1.5, 400_000.0, 3.0
GLOBE_M = 45_000_000.0


@dataclass(frozen=True, slots=True)
class SeaWays:
    """
    The answer for two places.

    Args:
        front: None where no water joins them, or one of them is too far from water.

        off_km: How far the water is from each of the two places, kilometres; None where over `SNAP_KM`.
    """

    front: WorldFront | None
    off_km: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Sea:
    """
    The sea of the world.

    Args:
        airspaces: States with their territorial seas.

        land: What no ship crosses.

        nodes: Places at sea, degrees, shape (n, 2).
    """

    airspaces: tuple[Airspace, ...]
    land: tuple[Polygon, ...]
    nodes: Floats

    def ways(self, start: LonLat, end: LonLat, *, free: frozenset[str], max_needs: int | None) -> SeaWays:
        """
        All Pareto-optimal (distance, territorial seas) ways of a ship.

        Args:
            start: (lon, lat), at sea or within `SNAP_KM` of it.

            end: The same.

            free: States whose sea is open to it.

            max_needs: Most states of interest; None: any number.
        """
        reach_m = FIRST_REACH * distance_m(start, end) + FIRST_EXTRA_M
        while True:
            lattice = self._around(start, end, reach_m)
            first, last = _joined(lattice, start), _joined(lattice, end)
            off = (_off_km(first, start), _off_km(last, end))
            whole = reach_m >= GLOBE_M
            if first is None or last is None:
                if whole or reach_m > 3.0 * FIRST_EXTRA_M:
                    return SeaWays(None, off)
            else:
                direct = distance_m(first.place, last.place) if _clear(lattice, first, last) else np.inf
                shortest_m = min(float((first.lengths + last.field[first.nodes]).min()), direct)
                limit_m = DETOUR_LIMIT * shortest_m + DETOUR_EXTRA_M
                if np.isfinite(shortest_m) and (whole or limit_m <= reach_m):
                    return SeaWays(_dry(lattice, first, last, free, limit_m, max_needs), off)
                if whole:
                    return SeaWays(None, off)
            reach_m = min(FARTHER * reach_m, GLOBE_M)

    def _around(self, start: LonLat, end: LonLat, reach_m: float) -> Lattice:
        """The lattice of what a way of that length between the two places can touch."""
        places = np.concatenate([self.nodes, lon_lats(fibonacci(NODES))])
        places = places[_inside(places, start, end, reach_m)]
        land = tuple(p for p in self.land if _inside(np.array(p.shell), start, end, reach_m).any())
        near = []
        for each in self.airspaces:
            parts = tuple(p for p in each.polygons if _inside(np.array(p.shell), start, end, reach_m).any())
            near += [Airspace(each.needs, parts)] if parts else []
        borders = borders_of([*near, Airspace(LAND, land)])
        held = borders.held(places)
        wet = ~_dry_land(held, len(borders.codes))
        places, held = places[wet], held[wet]
        points = unit_vectors(places)
        tails, heads = _neighbours(points)
        words = borders.met(points, tails, heads, held)
        open_ = ~_dry_land(words, len(borders.codes))
        tails, heads, words = tails[open_], heads[open_], words[open_]
        length = distances_m(places[tails, 0], places[tails, 1], places[heads, 0], places[heads, 1])
        palette, kind = np.unique(words, axis=0, return_inverse=True)
        kind = kind.reshape(-1)
        palette = palette if len(palette) else np.zeros((1, borders.words), dtype=np.uint64)
        graph = from_arcs(
            len(places), np.concatenate([tails, heads]), np.concatenate([heads, tails]),
            np.concatenate([length, length]), np.concatenate([kind, kind]), palette, len(borders.codes),
        )  # fmt: skip
        return Lattice(points, places, held, graph, borders)


def _inside(places: Floats, start: LonLat, end: LonLat, reach_m: float) -> Bools:
    """Whether a way of that length may pass each place."""
    lon, lat = places[:, 0], places[:, 1]
    inside: Bools = haversine_m(start[0], start[1], lon, lat) + haversine_m(end[0], end[1], lon, lat) <= reach_m * 1.01
    return inside


def _dry_land(words: Words, colours: int) -> Bools:
    """Whether each row holds the last colour, which is that of land."""
    last = colours - 1
    found: Bools = (words[:, last >> 6] >> np.uint64(last & 63)) & np.uint64(1) > 0
    return found


def _neighbours(points: Floats) -> tuple[Integers, Integers]:
    """Pairs (lower, higher) of nodes of which one is among the nearest of the other."""
    from scipy.spatial import cKDTree  # lazy: half a second, not wanted before a ship sails

    count = len(points)
    if count < 2:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    _, near = cKDTree(points).query(points, k=min(NEIGHBOURS + 1, count))
    tail, head = np.repeat(np.arange(count), near.shape[1] - 1), near[:, 1:].reshape(-1)
    keys = np.unique(np.minimum(tail, head).astype(np.int64) * count + np.maximum(tail, head))
    return (keys // count).astype(np.int32), (keys % count).astype(np.int32)


def _joined(lattice: Lattice, place: LonLat) -> End | None:
    """
    The place joined to the lattice by legs that cross no land; from the nearest node where it has none itself; None
    where that is over `SNAP_KM` away.
    """
    from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is
    from safeconduct.reach.fronts import JOINED  # beside what it bounds

    if len(lattice.places) <= JOINED:
        return None
    end = end_at(lattice, place)
    open_ = ~_dry_land(end.words, len(lattice.borders.codes))
    if not open_.any():
        away = distances_m(place[0], place[1], lattice.places[end.nodes, 0], lattice.places[end.nodes, 1])
        nearest = int(np.argmin(away))
        if away[nearest] > SNAP_KM * 1000.0:
            return None
        lon, lat = lattice.places[end.nodes[nearest]].tolist()
        end = end_at(lattice, (lon, lat))
        open_ = ~_dry_land(end.words, len(lattice.borders.codes))
    nodes, lengths = end.nodes[open_], end.lengths[open_]
    rows = np.full(lattice.graph.nodes, -1, dtype=np.int32)
    rows[nodes] = np.arange(len(nodes), dtype=np.int32)
    graph, field = lattice.graph, np.empty(lattice.graph.nodes + 1)
    kernels.field(nodes, lengths, graph.begin, graph.head, graph.length, field)
    field[-1] = 0.0
    return replace(end, nodes=nodes, lengths=lengths, words=end.words[open_], rows=rows, field=field)


def _off_km(end: End | None, place: LonLat) -> float | None:
    return None if end is None else distance_m(end.place, place) / 1000.0


def _clear(lattice: Lattice, start: End, end: End) -> bool:
    """Whether the direct leg between two places at sea crosses no land."""
    points, held = np.stack([start.point, end.point]), np.concatenate([start.held, end.held])
    words = lattice.borders.met(points, np.zeros(1, np.int32), np.ones(1, np.int32), held)
    return not bool(_dry_land(words, len(lattice.borders.codes))[0])


def _dry(  # noqa: PLR0917
    lattice: Lattice, start: End, end: End, free: frozenset[str], limit_m: float, max_needs: int | None
) -> WorldFront:
    """The front without the direct way where that crosses land."""
    front = world_front(lattice, start, end, free=free, limit_m=limit_m, max_needs=max_needs)
    return replace(front, ways=tuple(way for way in front.ways if LAND not in way.needs))


def sea_of(airspaces: Sequence[Airspace], land: Sequence[Polygon], nodes: Floats) -> Sea:
    """
    The sea between some land.

    Args:
        airspaces: States; none beyond 84.5 degrees of latitude.

        land: Its polygons.

        nodes: Places at sea in degrees, shape (n, 2); those on land are left out.
    """
    return Sea(tuple(airspaces), tuple(land), nodes)
