"""
Flights in a wind: arcs of the lattice weighed by the wind triangle, the ways then pulled straight.

The weight of an arc is its still-air distance, what the aircraft flies through the air while it covers the arc. In one
wind everywhere a straight leg is never slower than a bend (the triangle inequality holds for that weight), so a way
that goes round closed airspaces is fastest pulled straight, as without wind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from safeconduct.earth.geodesy import densify, distances_m
from safeconduct.model.space import LonLat
from safeconduct.motion.wind import Wind, ground_speed_kmh
from safeconduct.reach.fronts import End, WorldFront, WorldWay, end_at, world_front
from safeconduct.reach.graph import ColouredGraph, Floats, Integers, colours_of, words_of
from safeconduct.reach.lattice import Lattice
from safeconduct.reach.plane import lon_lats, unit_vectors

STEP_M = 100_000.0  # the track of a long leg is followed in steps so long
PULLED = 5  # rounds of pulling straight
LATTICE_SHARE = 0.01  # a way on the lattice may be this much longer than pulled straight


@dataclass(frozen=True, slots=True)
class WindyWay:
    """
    One way in the wind.

    Args:
        needs: States whose leave it needs on top of the free ones.

        distance_m: Over the ground, on WGS 84.

        air_m: Through the air; the hours are this over the air speed.
    """

    needs: frozenset[str]
    distance_m: float
    air_m: float
    path: tuple[LonLat, ...]


class Windward:
    """
    The lattice as one aircraft meets it in one wind.

    Args:
        lattice: Of the world.

        wind: The same everywhere, at all times.

        air_speed_kmh: Over the wind's speed.
    """

    def __init__(self, lattice: Lattice, wind: Wind, air_speed_kmh: float) -> None:
        self._still, self._wind, self._speed = lattice, wind, air_speed_kmh
        graph = lattice.graph
        tail, head = lattice.points[graph.tail], lattice.points[graph.head]
        graph = replace(graph, length=graph.length * self._ratio(tail, head))
        self._lattice = replace(lattice, graph=graph)
        self._back = graph.reverse()
        self._ends: dict[tuple[LonLat, bool], End] = {}

    def ways(
        self, start: LonLat, end: LonLat, *, free: frozenset[str], limit_m: float, max_needs: int | None
    ) -> tuple[tuple[WindyWay, ...], WorldFront]:
        """
        All Pareto-optimal (time, states) ways, the fastest first, and the front they come from (metres of air).

        Args:
            limit_m: Longest way of interest, metres through the air.
        """
        first, last = self._joined(start, leaving=True), self._joined(end, leaving=False)
        front = world_front(
            self._lattice, first, last, free=free, limit_m=limit_m * (1.0 + LATTICE_SHARE), max_needs=max_needs,
            straight=False,
        )  # fmt: skip
        found = [self._pulled(way, free) for way in front.ways]
        kept: list[WindyWay] = []
        for way in sorted(found, key=lambda each: (each.air_m, len(each.needs), sorted(each.needs))):
            if way.air_m <= limit_m and not any(other.needs <= way.needs for other in kept):
                kept.append(way)
        return tuple(kept), front

    def air_m(self, path: tuple[LonLat, ...]) -> float:
        """Metres through the air along a path of geodesic legs."""
        total = 0.0
        for here, there in pairwise(path):
            steps = np.array(densify(here, there, STEP_M))
            lengths = distances_m(steps[:-1, 0], steps[:-1, 1], steps[1:, 0], steps[1:, 1])
            points = unit_vectors(steps)
            total += float((lengths * self._ratio(points[:-1], points[1:])).sum())
        return total

    def _ratio(self, tail: Floats, head: Floats) -> Floats:
        """Air over ground distance of legs between unit vectors, by the track at their middle; 1 for no length."""
        middle, along = tail + head, head - tail
        east = np.stack([-middle[:, 1], middle[:, 0], np.zeros(len(middle))], axis=1)
        north = np.cross(middle, east)
        size = np.linalg.norm(middle, axis=1)  # |north| is |east| times this
        track = np.degrees(np.arctan2((along * east).sum(axis=1) * size, (along * north).sum(axis=1)))
        ratio: Floats = self._speed / ground_speed_kmh(self._speed, track, self._wind)
        return np.where(np.abs(along).max(axis=1, initial=0.0) > 0.0, ratio, 1.0)

    def _joined(self, place: LonLat, *, leaving: bool) -> End:
        """The place with air distances: from it to the nodes where it is left, from the nodes to it else."""
        if (place, leaving) not in self._ends:
            self._ends[place, leaving] = self._measured(place, leaving=leaving)
        return self._ends[place, leaving]

    def _measured(self, place: LonLat, *, leaving: bool) -> End:
        from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is

        end = end_at(self._still, place)
        here = np.broadcast_to(end.point, (len(end.nodes), 3))
        there = self._still.points[end.nodes]
        lengths = end.lengths * (self._ratio(here, there) if leaving else self._ratio(there, here))
        graph: ColouredGraph = self._lattice.graph if leaving else self._back
        nodes: Integers = end.nodes
        field = np.empty(graph.nodes + 1)
        kernels.field(nodes, lengths, graph.begin, graph.head, graph.length, field)
        field[-1] = 0.0
        return replace(end, lengths=lengths, field=field)

    def _pulled(self, way: WorldWay, free: frozenset[str]) -> WindyWay:
        """The way pulled straight through what it needs."""
        from safeconduct.reach.kernels import leg_meets  # lazy: as above
        from safeconduct.reach.tautkernels import taut  # lazy: as above

        borders = self._still.borders
        number = {code: colour for colour, code in enumerate(borders.codes)}
        allowed = words_of([[number[code] for code in way.needs | free if code in number]], len(number))[0]
        places = np.array(way.path)
        points = taut(
            unit_vectors(places), allowed, borders.ends, borders.owner, borders.start, borders.members, PULLED
        )
        met = borders.held(places[[0, -1]])
        words = met[0] | met[1]
        for here, there in pairwise(points):
            leg_meets(here, there, borders.ends, borders.owner, borders.start, borders.members, words, False)
        straight = lon_lats(points)
        straight[0], straight[-1] = places[0], places[-1]
        path = tuple((float(lon), float(lat)) for lon, lat in straight)
        lengths = distances_m(straight[:-1, 0], straight[:-1, 1], straight[1:, 0], straight[1:, 1])
        needs = frozenset(borders.codes[colour] for colour in colours_of(words)) - free
        return WindyWay(needs, float(lengths.sum()), self.air_m(path), path)
