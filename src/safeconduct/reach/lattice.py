"""The globe as a graph: an even lattice and the gaps between borders, each arc coloured by what it meets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.geodesy import EARTH_RADIUS_M, distances_m
from safeconduct.model.space import Airspace
from safeconduct.reach.borders import Borders, borders_of
from safeconduct.reach.gates import corners, gates
from safeconduct.reach.graph import ColouredGraph, Floats, Integers, Words, from_arcs
from safeconduct.reach.plane import lon_lats

NODES = 20_000
NEIGHBOURS = 20
FINE_NODES = 40_000  # of the second lattice, 113 km apart, beside the corners of borders
EVEN_NEAR, ODD_NEAR = 40, 32  # nearest even nodes and nearest gaps or corners that one of those is joined to
ODD_FARTHEST_M = 300_000.0
SECTORS = 16  # of those it keeps, in each direction, the nearest that is reached without crossing a border,
ANY_NEAR = 6  # and the nearest of all


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
