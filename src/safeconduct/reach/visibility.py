"""Which corner can be flown to from which, and whose airspace the straight leg between them meets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from safeconduct.earth.geodesy import EARTH_RADIUS_M
from safeconduct.model.space import LonLat
from safeconduct.reach.plane import Floats, cross, distances_m, lon_lats, tangents, unit_vectors
from safeconduct.reach.shapes import Corners, Rings, Sealed

START, END = 0, 1
NOBODY = -1
LONGEST_LEG_RAD = math.radians(179.0)  # beyond, the great circle and the WGS 84 geodesic part company
ON_LINE = 1e-13  # sine of an angle taken for zero: rounding, a thousandth of a millimetre on the ground
LEAST_RADIUS_M = 0.99 * EARTH_RADIUS_M  # 1 % covers the flattening
ESCAPES = 16  # directions tried when an end lies within the seal of an airspace it is not in
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Indices = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Leg:
    """
    A straight (geodesic) leg.

    Args:
        to: Number of the node it leads to.

        length_m: Its length on WGS 84.

        colours: Bit set of the airspaces it meets.
    """

    to: int
    length_m: float
    colours: int


@dataclass(slots=True, eq=False)
class Scene:
    """
    The nodes a shortest path may turn at and the sealed edges that colour its legs.

    Args:
        points: Nodes as unit vectors, shape (n, 3); the first two are the start and the end.

        places: Nodes in degrees, shape (n, 2).

        before: Previous corner on the node's ring, shape (n, 3); the node itself where it is no corner.

        after: Next corner on the node's ring.

        owner: Number of the airspace whose corner it is, -1 for none.

        within: Sealed airspaces each node lies in, shape (n, airspaces).

        to_end_m: Geodesic distance to the end, shape (n,).

        rings: Sealed edges that matter.

        edge_from: Index into the rings' points, shape (m,).

        edge_owner: Airspace of each edge, shape (m,).

        escapes_to: Nodes beside an end that lies within a seal, by end.

        limit_m: Longest path of interest.
    """

    points: Floats
    places: Floats
    before: Floats
    after: Floats
    owner: Indices
    within: Bools
    to_end_m: Floats
    rings: Rings
    edge_from: Indices
    edge_owner: Indices
    escapes_to: dict[int, Indices]
    limit_m: float
    _normals: Floats = field(init=False)
    _edge_to: Indices = field(init=False)
    _known: dict[int, tuple[Leg, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._edge_to = self.rings.following[self.edge_from]
        self._normals = cross(self.rings.points[self.edge_from], self.rings.points[self._edge_to])

    def place(self, node: int) -> LonLat:
        """The node in degrees."""
        return (float(self.places[node, 0]), float(self.places[node, 1]))

    def legs(self, node: int) -> tuple[Leg, ...]:
        """Every leg from a node that a shortest path may use; worked out when first asked for."""
        if node not in self._known:
            self._known[node] = self._legs(node)
        return self._known[node]

    def _legs(self, node: int) -> tuple[Leg, ...]:
        goals = self._taut(node)
        lengths = distances_m(self.place(node), self.places[goals, 0], self.places[goals, 1])
        near = lengths + self.to_end_m[goals] <= self.limit_m
        goals, lengths = goals[near], lengths[near]
        met = self._met(node, goals)
        legs = [
            Leg(goal, length, colours)
            for goal, length, colours in zip(goals.tolist(), lengths.tolist(), _bit_sets(met), strict=True)
        ]
        return (*legs, *self._escape_legs(node))

    def _taut(self, node: int) -> Indices:
        """The nodes to which a leg touches the corners at both its ends without cutting them, as a taut string does."""
        here = self.points[node]
        normals = cross(here, self.points)
        good = self.points @ here > math.cos(LONGEST_LEG_RAD)
        good &= _one_side(normals @ self.before[node], normals @ self.after[node])
        good &= _one_side(np.einsum("ij,ij->i", normals, self.before), np.einsum("ij,ij->i", normals, self.after))
        good[[START, node]] = False
        return np.flatnonzero(good)

    def _met(self, node: int, goals: Indices) -> Bools:
        """
        Which sealed airspaces each leg meets, shape (goals, airspaces).

        Seen from the node each edge covers a range of directions; only the goals in that range can lie behind it. The
        goals are sorted by direction once, so the work grows with the pairs that truly overlap.
        """
        here = self.points[node]
        met = np.repeat(self.within[node : node + 1], len(goals), axis=0)
        if not len(goals) or not len(self.edge_from):
            return met
        right, up = tangents(here)
        seen = np.arctan2(self.rings.points @ up, self.rings.points @ right)
        first, second = seen[self.edge_from], seen[self._edge_to]
        turn = (second - first + math.pi) % (2.0 * math.pi) - math.pi
        low = np.where(turn >= 0.0, first, second)
        aim = np.arctan2(self.points[goals] @ up, self.points[goals] @ right)
        order = np.argsort(aim)
        twice = np.concatenate([aim[order], aim[order] + 2.0 * math.pi])
        begin, stop = np.searchsorted(twice, low), np.searchsorted(twice, low + np.abs(turn))
        counts = stop - begin
        edges = np.repeat(np.arange(len(counts)), counts)
        offset = np.arange(len(edges)) - np.repeat(np.cumsum(counts) - counts, counts)
        pairs = order[(np.repeat(begin, counts) + offset) % len(goals)]
        side_here = (self._normals @ here)[edges] > 0.0
        side_goal = np.einsum("ij,ij->i", self._normals[edges], self.points[goals[pairs]]) > 0.0
        behind = side_here != side_goal
        met[pairs[behind], self.edge_owner[edges[behind]]] = True
        return met

    def _escape_legs(self, node: int) -> list[Leg]:
        """The short legs between an end within a seal and the nodes set beside it; they are coloured by those nodes."""
        pairs = [(START, goal) for goal in self.escapes_to.get(START, ())] if node == START else []
        if node in self.escapes_to.get(END, ()):
            pairs.append((node, END))
        legs = []
        for origin, goal in pairs:
            beside = goal if origin == START else origin
            length = distances_m(self.place(origin), self.places[[goal], 0], self.places[[goal], 1])[0]
            legs.append(Leg(int(goal), float(length), _bit_sets(self.within[beside : beside + 1])[0]))
        return legs


def _one_side(first: Floats, second: Floats) -> Bools:
    """Whether two neighbours of a corner lie on one side of a line through it; on the line counts as both sides."""
    on_line = (np.abs(first) < ON_LINE) | (np.abs(second) < ON_LINE)
    return np.asarray(on_line | ((first > 0.0) == (second > 0.0)), dtype=np.bool_)


def _bit_sets(rows: Bools) -> list[int]:
    """Each row of booleans as one whole number of any size."""
    packed = np.packbits(rows, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def scene(ends: tuple[LonLat, LonLat], areas: list[tuple[int, Sealed]], *, limit_m: float, seal_m: float) -> Scene:
    """
    Build the scene of one question.

    Args:
        ends: Where the path begins and ends.

        areas: Sealed polygons, each with the number of its airspace, from 0. No end truly lies in one of them.

        limit_m: Longest path of interest; corners and edges beyond its ellipse are left out.

        seal_m: Width of the seal, for the nodes beside an end within one.
    """
    start, end = ends
    end_points = unit_vectors(ends)
    beside, escapes_to = _escapes(end_points, areas, seal_m)
    loose = np.concatenate([end_points, beside])
    free = Corners(loose, loose, loose)
    parts = [(NOBODY, free), *((number, area.corners) for number, area in areas)]
    near = [_detour_rad(corners.points, end_points) * LEAST_RADIUS_M <= limit_m for _, corners in parts]
    near[0][:] = True
    points, before, after = (
        np.concatenate([getattr(corners, name)[some] for (_, corners), some in zip(parts, near, strict=True)])
        for name in ("points", "before", "after")
    )
    owner = np.repeat([number for number, _ in parts], [np.count_nonzero(some) for some in near])
    places = lon_lats(points)
    places[[START, END]] = (start, end)
    to_end = distances_m(end, places[:, 0], places[:, 1])
    kept = to_end + distances_m(start, places[:, 0], places[:, 1]) <= limit_m
    kept[: len(free.points)] = True
    within = np.zeros((len(points), 1 + max((number for number, _ in areas), default=-1)), dtype=np.bool_)
    for number, area in areas:
        within[:, number] |= area.contains(points)
    own = owner >= 0
    kept[own] &= ~within[np.flatnonzero(own), owner[own]]  # hidden in another part of its own airspace
    edges, edge_owner, rings = _edges(areas, end_points, limit_m)
    return Scene(
        points[kept], places[kept], before[kept], after[kept], owner[kept], within[kept], to_end[kept],
        rings, edges, edge_owner, escapes_to, limit_m,
    )  # fmt: skip


def _detour_rad(points: Floats, ends: Floats) -> Floats:
    """Angles from each point to both ends together, shape (n,)."""
    return np.asarray(np.arccos(np.clip(points @ ends.T, -1.0, 1.0)).sum(axis=1), dtype=np.float64)


def _escapes(ends: Floats, areas: list[tuple[int, Sealed]], seal_m: float) -> tuple[Floats, dict[int, Indices]]:
    """Two rings of points round each end that lies within the seal of an airspace it is not in."""
    found: list[Floats] = []
    escapes_to: dict[int, Indices] = {}
    for which in (START, END):
        here = ends[which : which + 1]
        widest = max((area.chart.width(seal_m) for _, area in areas if area.contains(here)[0]), default=0.0)
        if widest == 0.0:
            continue
        right, up = tangents(ends[which])
        turn = np.arange(ESCAPES) * (2.0 * math.pi / ESCAPES)
        ring = np.cos(turn)[:, None] * right + np.sin(turn)[:, None] * up
        first = 2 + sum(len(points) for points in found)
        escapes_to[which] = np.arange(first, first + 2 * ESCAPES)
        near = np.concatenate([here + reach * widest * ring for reach in (4.0, 12.0)])
        found.append(near / np.linalg.norm(near, axis=1, keepdims=True))
    return (np.concatenate(found) if found else np.empty((0, 3))), escapes_to


def _edges(areas: list[tuple[int, Sealed]], ends: Floats, limit_m: float) -> tuple[Indices, Indices, Rings]:
    """The sealed edges that a path within the limit can meet, their airspaces, and the points they join."""
    counts = np.cumsum([0, *(len(area.rings.points) for _, area in areas)])
    if counts[-1] == 0:
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing, Rings(np.empty((0, 3)), nothing)
    points = np.concatenate([area.rings.points for _, area in areas])
    following = np.concatenate(
        [area.rings.following + begin for begin, (_, area) in zip(counts[:-1], areas, strict=True)]
    )
    owner = np.concatenate([np.full(len(area.rings.points), number, dtype=np.intp) for number, area in areas])
    # A point of an edge is at most half the edge away from its nearer corner.
    detour = _detour_rad(points, ends)
    half = np.arccos(np.clip(np.einsum("ij,ij->i", points, points[following]), -1.0, 1.0)) / 2.0
    least = np.minimum(detour, detour[following]) - 2.0 * half
    kept = np.flatnonzero(least * LEAST_RADIUS_M <= limit_m)
    wanted = np.zeros(len(points), dtype=np.bool_)
    wanted[kept] = wanted[following[kept]] = True
    used = np.flatnonzero(wanted)
    slot = np.zeros(len(points), dtype=np.intp)
    slot[used] = np.arange(len(used))
    onward = np.zeros(len(used), dtype=np.intp)
    onward[slot[kept]] = slot[following[kept]]
    return slot[kept], owner[kept], Rings(points[used], onward)
