"""The globe as a graph: an even lattice and the gaps between borders, each arc coloured by what it meets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.geodesy import EARTH_RADIUS_M, densify, distances_m
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.gates import corners, gates
from safeconduct.reach.graph import ColouredGraph, Floats, Integers, Words, from_arcs
from safeconduct.reach.plane import lon_lats, unit_vectors

NODES = 20_000
NEIGHBOURS = 20
FINE_NODES = 40_000  # of the second lattice, 113 km apart, beside the corners of borders
EVEN_NEAR, ODD_NEAR = 40, 32  # nearest even nodes and nearest gaps or corners that one of those is joined to
ODD_FARTHEST_M = 300_000.0
SECTORS = 16  # of those it keeps, in each direction, the nearest that is reached without crossing a border,
ANY_NEAR = 6  # and the nearest of all
FARTHEST_EDGE_M = 30_000.0  # longer edges are cut along their geodesic
HIGHEST_LAT_DEG = 84.5  # cells of longitude and latitude serve up to here; no state's airspace lies beyond
ON_BORDER_M = 1.0
COLUMNS, ROWS, CELL_DEG = 720, 360, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """
    The edges of airspaces, filed by cells of half a degree.

    Args:
        codes: Airspaces; colour c is codes[c].

        edges: lon, lat, lon, lat of each, degrees; the second longitude may pass 180.

        ends: Unit vectors of both ends and of the edge's plane, shape (m, 9).

        owner: Colour of each edge.

        start: Offsets of the cells into *members*.

        members: Edges whose box meets the cell.
    """

    codes: tuple[str, ...]
    edges: Floats
    ends: Floats
    owner: Integers
    start: Integers
    members: Integers

    @property
    def words(self) -> int:
        """Words of 64 bits that a set of colours takes."""
        return max(1, (len(self.codes) + 63) // 64)

    def held(self, places: Floats) -> Words:
        """Colours each place (lon, lat), shape (n, 2), lies in, as words."""
        from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is

        words = np.zeros((len(places), self.words), dtype=np.uint64)
        kernels.all_holders(
            np.ascontiguousarray(places), len(self.codes), self.edges, self.owner, self.start, self.members, words
        )
        return words

    def beside(self, place: LonLat) -> Words:
        """Colours whose border passes within a metre of a place, as one row of words: the border counts as inside."""
        row = min(ROWS - 1, int((place[1] + 90.0) / CELL_DEG))
        column = int((place[0] + 180.0) / CELL_DEG)
        around = [
            max(0, min(ROWS - 1, row + up)) * COLUMNS + (column + side) % COLUMNS
            for up in (-1, 0, 1)
            for side in (-1, 0, 1)
        ]
        near = np.concatenate([self.members[self.start[cell] : self.start[cell + 1]] for cell in around])
        here = unit_vectors([place])[0]
        begin, end = self.ends[near, :3], self.ends[near, 3:6]
        step = end - begin
        share = np.clip(((here - begin) * step).sum(axis=1) / (step * step).sum(axis=1), 0.0, 1.0)
        along = begin + share[:, None] * step
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        words = np.zeros((1, self.words), dtype=np.uint64)
        for colour in self.owner[near[np.linalg.norm(along - here, axis=1) * EARTH_RADIUS_M < ON_BORDER_M]].tolist():
            words[0, colour >> 6] |= np.uint64(1) << np.uint64(colour & 63)
        return words

    def met(self, points: Floats, tails: Integers, heads: Integers, held: Words) -> Words:
        """
        Colours of each leg between points (unit vectors, with what holds them), as words.
        """
        from safeconduct.reach import kernels  # lazy: as above

        words = np.zeros((len(tails), self.words), dtype=np.uint64)
        kernels.all_legs(points, tails, heads, held, self.ends, self.owner, self.start, self.members, words)
        return words


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """
    A coloured graph on the globe.

    Args:
        points: Nodes as unit vectors, shape (n, 3).

        places: Nodes in degrees, shape (n, 2).

        held: Airspaces each node lies in, as words.

        graph: Arcs in metres on WGS 84.

        borders: What coloured them.

        fine: A finer one over the same borders, on which a single way for given needs is looked for again; None: no
            way is.
    """

    points: Floats
    places: Floats
    held: Words
    graph: ColouredGraph
    borders: Borders
    fine: Lattice | None = None


def borders_of(airspaces: Sequence[Airspace]) -> Borders:
    """
    File the edges of airspaces; edges over 30 km are cut along their geodesic.

    Raises:
        OutOfDomain: An airspace reaches beyond 84.5 degrees of latitude.
    """
    codes = tuple(dict.fromkeys(each.needs for each in airspaces))
    colour = {code: number for number, code in enumerate(codes)}
    rows, owners = [np.empty((0, 4))], [np.empty(0, dtype=np.int32)]
    for airspace in airspaces:
        for polygon in airspace.polygons:
            for ring in (polygon.shell, *polygon.holes):
                edges = _ring_edges(np.array(ring))
                if len(edges) and np.abs(edges[:, [1, 3]]).max() > HIGHEST_LAT_DEG:
                    raise OutOfDomain(
                        "an airspace near a pole",
                        where=airspace.needs,
                        expected=f"latitudes up to {HIGHEST_LAT_DEG} degrees",
                    )
                rows.append(edges)
                owners.append(np.full(len(edges), colour[airspace.needs], dtype=np.int32))
    edges, owner = np.concatenate(rows), np.concatenate(owners)
    first, second = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
    ends = np.concatenate([first, second, np.cross(first, second)], axis=1)
    start, members = _cells(edges)
    return Borders(codes, edges, ends, owner, start, members)


def _ring_edges(ring: Floats) -> Floats:
    """Rows lon, lat, lon, lat; the second longitude unwrapped beside the first."""
    following = np.roll(ring, -1, axis=0)
    chord = np.linalg.norm(unit_vectors(ring) - unit_vectors(following), axis=1) * EARTH_RADIUS_M
    if (chord > FARTHEST_EDGE_M).any():
        points: list[LonLat] = []
        for here, there, far in zip(ring.tolist(), following.tolist(), chord > FARTHEST_EDGE_M, strict=True):
            on_meridian = abs(here[0] - there[0]) < 1e-9  # cuts at the antimeridian: already a geodesic
            points += densify(tuple(here), tuple(there), FARTHEST_EDGE_M)[:-1] if far and not on_meridian else [here]
        ring = np.array(points)
        following = np.roll(ring, -1, axis=0)
    following = following.copy()
    following[:, 0] += 360.0 * np.round((ring[:, 0] - following[:, 0]) / 360.0)
    edges = np.concatenate([ring, following], axis=1)
    real: Floats = edges[np.abs(edges[:, :2] - edges[:, 2:]).max(axis=1) > 0.0]
    return real


def _cells(edges: Floats) -> tuple[Integers, Integers]:
    """Offsets and members of each cell of half a degree, row by row from the south-west."""
    west = np.floor((np.minimum(edges[:, 0], edges[:, 2]) + 180.0) / CELL_DEG).astype(np.int64)
    east = np.floor((np.maximum(edges[:, 0], edges[:, 2]) + 180.0) / CELL_DEG).astype(np.int64)
    south = np.floor((np.minimum(edges[:, 1], edges[:, 3]) + 90.0) / CELL_DEG).astype(np.int64)
    north = np.floor((np.maximum(edges[:, 1], edges[:, 3]) + 90.0) / CELL_DEG).astype(np.int64)
    wide, high = east - west + 1, north - south + 1
    number = np.repeat(np.arange(len(edges)), wide * high)
    place = np.arange(len(number)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    row = south[number] + place // wide[number]
    column = (west[number] + place % wide[number]) % COLUMNS
    cell = np.clip(row, 0, ROWS - 1) * COLUMNS + column
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=ROWS * COLUMNS))])
    return start.astype(np.int32), number[order].astype(np.int32)


def fibonacci(count: int) -> Floats:
    """Unit vectors spread evenly over the globe along a spiral, shape (count, 3)."""
    number = np.arange(count) + 0.5
    z = 1.0 - 2.0 * number / count
    turn = math.pi * (1.0 + math.sqrt(5.0)) * number
    flat = np.sqrt(1.0 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=1)


def world_lattice(
    airspaces: Sequence[Airspace],
    *,
    nodes: int = NODES,
    neighbours: int = NEIGHBOURS,
    gaps: bool = True,
    fine: bool = False,
) -> Lattice:
    """
    A lattice over the globe, its arcs coloured by the fine borders.

    An arc needs every airspace that it meets, however small. A node stands in the middle of each gap between borders
    that is under 240 km wide, joined to what is in sight of it, so that no corridor is lost between two arcs.

    Args:
        airspaces: Areas and their permissions; none beyond 84.5 degrees of latitude.

        nodes: Of the even lattice; 20 000 lie 160 km apart.

        neighbours: Arcs go to this many nearest nodes, and back.

        gaps: Whether gaps have nodes.

        fine: Whether to make a second lattice as well, with nodes at every corner that sticks out: lengths of ways are
            then within 0.5 % (docs/accuracy.md). Some seconds more.
    """
    borders = borders_of(airspaces)
    odd = gates(borders) if gaps else np.empty((0, 3))
    second = _lattice(borders, FINE_NODES, neighbours, np.concatenate([odd, corners(borders)])) if fine else None
    return _lattice(borders, nodes, neighbours, odd, second)


def _lattice(borders: Borders, nodes: int, neighbours: int, odd: Floats, fine: Lattice | None = None) -> Lattice:
    """An even lattice and odd points beside it."""
    even = fibonacci(nodes)
    points = np.concatenate([even, odd])
    places = lon_lats(points)
    held = borders.held(places)
    tails, heads = _neighbours(even, neighbours)
    keys = [_keys(tails, heads, len(points))]
    if len(odd):
        keys.append(_odd_keys(borders, points, held, nodes))
    both = np.unique(np.concatenate(keys))
    tails, heads = (both // len(points)).astype(np.int32), (both % len(points)).astype(np.int32)
    length = distances_m(places[tails, 0], places[tails, 1], places[heads, 0], places[heads, 1])
    palette, kind = np.unique(borders.met(points, tails, heads, held), axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    twice = np.concatenate([kind, kind])
    order = np.argsort(twice, kind="stable")  # arcs of one kind side by side: quicker to search
    graph = from_arcs(
        len(points),
        np.concatenate([tails, heads])[order],
        np.concatenate([heads, tails])[order],
        np.concatenate([length, length])[order],
        twice[order],
        palette,
        len(borders.codes),
    )
    return Lattice(points, places, held, graph, borders, fine)


def _keys(first: Integers, second: Integers, count: int) -> NDArray[np.int64]:
    """One number for each pair of nodes, whichever comes first."""
    return np.asarray(np.minimum(first, second).astype(np.int64) * count + np.maximum(first, second))


def _neighbours(points: Floats, count: int) -> tuple[Integers, Integers]:
    """Pairs of nodes of which the second is among the nearest of the first."""
    from scipy.spatial import cKDTree  # lazy: half a second, not wanted before a route is

    _, near = cKDTree(points).query(points, k=min(count + 1, len(points)))
    tail = np.repeat(np.arange(len(points), dtype=np.int32), near.shape[1] - 1)
    return tail, near[:, 1:].reshape(-1).astype(np.int32)


def _odd_keys(borders: Borders, points: Floats, held: Words, even: int) -> NDArray[np.int64]:
    """Pairs of each odd node: the nearest in sight in each direction, even and odd, and the very nearest."""
    from scipy.spatial import cKDTree  # lazy: as above

    odd = np.arange(even, len(points), dtype=np.int32)
    tails, heads, ranks = [], [], []
    for begin, stop, count, most_m in ((0, even, EVEN_NEAR, math.inf), (even, len(points), ODD_NEAR, ODD_FARTHEST_M)):
        away, near = cKDTree(points[begin:stop]).query(points[odd], k=np.arange(1, min(count, stop - begin) + 1))
        rank = np.broadcast_to(np.arange(near.shape[1]), near.shape)
        real = (away * EARTH_RADIUS_M < most_m) & (begin + near != odd[:, None])
        tails.append(np.broadcast_to(odd[:, None], near.shape)[real])
        heads.append((begin + near)[real].astype(np.int32))
        ranks.append(rank[real])
    tail, head, rank = np.concatenate(tails), np.concatenate(heads), np.concatenate(ranks)
    in_sight = np.flatnonzero((borders.met(points, tail, head, held) == held[tail]).all(axis=1))
    group = (tail.astype(np.int64) * 2 + (head >= even)) * SECTORS + _sectors(points[tail], points[head])
    order = in_sight[np.lexsort((rank[in_sight], group[in_sight]))]
    kept = rank < ANY_NEAR
    kept[order[np.append(True, np.diff(group[order]) > 0)[: len(order)]]] = True
    return _keys(tail[kept], head[kept], len(points))


def _sectors(here: Floats, there: Floats) -> Integers:
    """In which of the sectors around each point another one lies."""
    north = np.array([0.0, 0.0, 1.0]) - here * here[:, 2:3]
    east = np.cross(north, here)
    step = there - here
    turn = np.arctan2((step * north).sum(axis=1), (step * east).sum(axis=1))
    return np.asarray(np.floor((turn + math.pi) / (2.0 * math.pi) * SECTORS).astype(np.int32) % SECTORS)
