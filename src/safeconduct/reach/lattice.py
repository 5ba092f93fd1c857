"""The globe as a graph: an even lattice, finer in narrow seas, each arc coloured by what it meets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.earth.geodesy import EARTH_RADIUS_M, densify, distances_m
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.graph import ColouredGraph, Floats, Integers, Words, from_arcs
from safeconduct.reach.plane import lon_lats, unit_vectors

NODES = 20_000
NEIGHBOURS = 20
FINE_NODES = 160_000  # candidates for narrow seas: 57 km apart
NARROW_M = 130_000.0  # from shore to the middle of what counts as narrow
FARTHEST_EDGE_M = 30_000.0  # longer edges are cut along their geodesic
HIGHEST_LAT_DEG = 84.5  # cells of longitude and latitude serve up to here; no state's airspace lies beyond
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
    """

    points: Floats
    places: Floats
    held: Words
    graph: ColouredGraph
    borders: Borders


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
    airspaces: Sequence[Airspace], *, nodes: int = NODES, neighbours: int = NEIGHBOURS, fine: int = FINE_NODES
) -> Lattice:
    """
    A lattice over the globe, its arcs coloured by the fine borders.

    An arc needs every airspace that it meets, however small. In seas under 260 km wide between airspaces, nodes follow
    the middle line 57 km apart, so that a way through open water is not lost between two arcs.

    Args:
        airspaces: Areas and their permissions; none beyond 84.5 degrees of latitude.

        nodes: Of the even lattice; 20 000 lie 160 km apart.

        neighbours: Arcs go to this many nearest nodes, and back.

        fine: Candidates for the middle lines; 0 leaves them out.
    """
    borders = borders_of(airspaces)
    points = fibonacci(nodes)
    if fine:
        points = np.concatenate([points, _middle_lines(borders, fine)])
    places = lon_lats(points)
    tails, heads = _neighbours(points, neighbours)
    length = distances_m(places[tails, 0], places[tails, 1], places[heads, 0], places[heads, 1])
    held = borders.held(places)
    words = borders.met(points, tails, heads, held)
    palette, kind = np.unique(words, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    graph = from_arcs(
        len(points),
        np.concatenate([tails, heads]),
        np.concatenate([heads, tails]),
        np.concatenate([length, length]),
        np.concatenate([kind, kind]),
        palette,
        len(borders.codes),
    )
    return Lattice(points, places, held, graph, borders)


def _neighbours(points: Floats, count: int) -> tuple[Integers, Integers]:
    """Pairs (lower, higher) of nodes of which one is among the nearest of the other."""
    from scipy.spatial import cKDTree  # lazy: half a second, not wanted before a route is

    _, near = cKDTree(points).query(points, k=min(count + 1, len(points)))
    tail = np.repeat(np.arange(len(points)), near.shape[1] - 1)
    head = near[:, 1:].reshape(-1)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    keys = np.unique(low.astype(np.int64) * len(points) + high)
    return (keys // len(points)).astype(np.int32), (keys % len(points)).astype(np.int32)


def _middle_lines(borders: Borders, count: int) -> Floats:
    """Candidates on nobody's sea with shores on two sides at about the same distance, under 130 km away."""
    from scipy.spatial import cKDTree  # lazy: as above

    if not len(borders.edges):
        return np.empty((0, 3))
    candidates = fibonacci(count)
    shore = borders.ends[:, :3]
    tree = cKDTree(shore)
    away, nearest = tree.query(candidates, distance_upper_bound=NARROW_M / EARTH_RADIUS_M)
    near = np.isfinite(away)
    candidates, away, nearest = candidates[near], away[near], nearest[near]
    free = ~borders.held(lon_lats(candidates)).any(axis=1)
    candidates, away, nearest = candidates[free], away[free], nearest[free]
    spacing = math.sqrt(4.0 * math.pi / count)
    others = tree.query_ball_point(candidates, away + spacing)
    kept = []
    for number, around in enumerate(others):
        direction = shore[around] - candidates[number]
        toward = shore[nearest[number]] - candidates[number]
        kept.append(bool((direction @ toward < -0.2 * np.linalg.norm(direction, axis=1) * away[number]).any()))
    middle: Floats = candidates[np.array(kept, dtype=np.bool_)]
    return middle
