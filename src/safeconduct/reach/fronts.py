"""All ways between two places over the permissions they need, at world scale: on the lattice, then pulled straight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from safeconduct.earth.geodesy import distance_m, distances_m
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.reach.graph import ColouredGraph, Floats, Integers, Words, colours_of, from_arcs, words_of
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import WORK
from safeconduct.reach.lattice import Lattice
from safeconduct.reach.plane import OPPOSITE, along_great_circles, lon_lats, unit_vectors

JOINED = 48  # nodes that an end is joined to
LABELS = 400_000
"""Labels made before the search gives up on the whole front; some seconds, some hundred megabytes."""
DETOUR_SHARE = 0.01
"""A way on the lattice may be this much longer than what it is when pulled straight,"""
DETOUR_M = 200_000.0
"""or so much, whatever its length: somewhat more than a step of the lattice."""
ROUNDS = 5
FINER_STEPS = 2_000_000
"""Arcs followed on the fine lattice before the ways left are only pulled straight; about a second."""
EVERY = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """
    A place joined to the lattice, with the distance to every node: set up once per base and per site.

    Args:
        place: (lon, lat).

        point: Unit vector.

        held: Airspaces it lies in, as words, shape (1, W).

        nodes: Nodes it is joined to.

        lengths: Lengths of the joining legs.

        words: Colours of the joining legs, the end's own airspaces included.

        rows: For each node of the lattice its row among the joining legs, -1 for none.

        field: Length of the shortest way to each node with everything permitted, shape (n + 1,), 0 at the last; empty
            on the fine lattice.

        fine: The same place joined to the fine lattice, where there is one.
    """

    place: LonLat
    point: Floats
    held: Words
    nodes: Integers
    lengths: Floats
    words: Words
    rows: Integers
    field: Floats
    fine: End | None = None


@dataclass(frozen=True, slots=True)
class WorldWay:
    """
    One way of a front.

    Args:
        needs: Permissions on top of the free ones.

        distance_m: Length on WGS 84.

        path: Points joined by geodesic legs.
    """

    needs: frozenset[str]
    distance_m: float
    path: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class WorldFront:
    """
    The ways found, and how far the finding went.

    Args:
        ways: By rising distance and falling need; none is both no shorter and in need of as much as another.

        complete: Whether every way within the limits was looked at.

        proved_m: Every way of the lattice up to this length was looked at; the limit where *complete*.

        limit_m: Ways longer than this were not looked for.

        max_needs: Ways with more needs than this were not looked for; None: no cap.

        labels: Labels that the search made.

        comparisons: Of two labels.

        method: ``labels``, or ``labels, then hitting set`` when either budget was spent.

        fewest_bound: No way of the lattice within the limit has fewer needs; None unless the hitting set was asked.
    """

    ways: tuple[WorldWay, ...]
    complete: bool
    proved_m: float
    limit_m: float
    max_needs: int | None
    labels: int
    comparisons: int
    method: str = "labels"
    fewest_bound: int | None = None


def end_at(lattice: Lattice, place: LonLat) -> End:
    """
    Join a place to the lattice and measure from it to every node, everything permitted.

    Raises:
        InvalidInput: Not a position.
    """
    from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is

    fine = None if lattice.fine is None else _joined(lattice.fine, lon_lat(*place))
    end, graph = _joined(lattice, lon_lat(*place)), lattice.graph
    field = np.empty(graph.nodes + 1)
    kernels.field(end.nodes, end.lengths, graph.begin, graph.head, graph.length, field)
    field[-1] = 0.0
    return replace(end, field=field, fine=fine)


def _joined(lattice: Lattice, place: LonLat) -> End:
    """A place with its joining legs alone."""
    point = unit_vectors([place])
    nearest = np.argpartition(-(lattice.points @ point[0]), JOINED)[:JOINED]
    nodes = np.sort(nearest).astype(np.int32)
    lengths = distances_m(place[0], place[1], lattice.places[nodes, 0], lattice.places[nodes, 1])
    held = lattice.borders.held(np.array([place])) | lattice.borders.beside(place)
    around = np.concatenate([point, lattice.points[nodes]])
    heads = np.arange(1, JOINED + 1, dtype=np.int32)
    words = lattice.borders.met(around, np.zeros_like(heads), heads, np.concatenate([held, lattice.held[nodes]]))
    rows = np.full(lattice.graph.nodes, -1, dtype=np.int32)
    rows[nodes] = np.arange(JOINED, dtype=np.int32)
    return End(place, point[0], held, nodes, lengths, words, rows, np.empty(0))


def world_front(
    lattice: Lattice,
    start: End,
    end: End,
    *,
    free: frozenset[str] = frozenset(),
    limit_m: float = math.inf,
    max_needs: int | None = None,
    labels: int = LABELS,
    work: int = WORK,
    seconds: float = 10.0,
    straight: bool = True,
) -> WorldFront:
    """
    All Pareto-optimal (length, permissions) ways between two ends.

    Args:
        lattice: With both ends joined to it.

        start: Where from.

        end: Where to.

        free: Permissions already held; names that no airspace has are passed over.

        limit_m: Longest way of interest, metres.

        max_needs: Most permissions of interest, those of the ends included; None: no cap.

        labels: Budget; when it is spent the answer says how far it is whole, and the way with the fewest needs is
            looked for by the implicit hitting set.

        work: The same for comparisons of two labels.

        seconds: Budget of that.

        straight: Pull the ways straight. Without, lengths are those on the lattice and paths its nodes.

    Raises:
        InvalidInput: The limit is not a number.

    Source: reference reach.md, section 3, A-D.
    """
    if math.isnan(limit_m):
        raise InvalidInput("not a limit", where="limit", expected="metres", got="nan")
    names = lattice.borders.codes
    held = words_of([[number for number, code in enumerate(names) if code in free]], len(names))[0]
    promised_m = limit_m * (1.0 + DETOUR_SHARE) if straight else limit_m
    reach_m = max(promised_m, limit_m + DETOUR_M) if straight else limit_m
    found = _searched(lattice, start, end, held, reach_m, max_needs, (labels, work))
    complete = found.complete or found.proved_m > promised_m  # what lies beyond is a gain, not owed
    raw, fewest = list(found.raw), None
    if not complete:
        graph, old = world_graph(lattice, start, end, free=free, limit_m=promised_m)
        fewest = fewest_colours(graph, 0, 1, promised_m, seconds=seconds)
        if fewest.colours is not None:
            mask = words_of([fewest.colours], 64 * len(held))[0]
            raw.append((mask, fewest.length, [int(old[node]) for node in fewest.path[1:-1]]))
    ways = _ways(lattice, start, end, raw, held, straight=straight)
    ways = [way for way in ways if way.distance_m <= limit_m and (max_needs is None or len(way.needs) <= max_needs)]
    return WorldFront(
        _undominated(ways), complete, limit_m if complete else found.proved_m, limit_m, max_needs,
        found.made, found.compared, "labels" if complete else "labels, then hitting set",
        None if fewest is None else fewest.lower_bound,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What the labels gave: words, length and lattice nodes of each way, and how far they went."""

    raw: tuple[tuple[Words, float, list[int]], ...]
    complete: bool
    proved_m: float
    made: int
    compared: int


def _searched(  # noqa: PLR0917
    lattice: Lattice, start: End, end: End, held: Words, reach_m: float, max_needs: int | None, budget: tuple[int, int]
) -> _Found:
    from safeconduct.reach import kernels, labelkernels  # lazy: compiled code, not wanted before a route is

    graph = lattice.graph
    base = (start.held | end.held)[0] & ~held
    open_ = ~(held | base)
    direct = _direct(lattice, start, end)
    goal, direct_m = [np.int32(graph.nodes)] * len(direct), [distance_m(start.place, end.place)] * len(direct)
    most = EVERY if max_needs is None else max_needs - len(colours_of(base))
    rows = np.concatenate([start.words, direct]) & open_
    used = kernels.used_colours(graph.begin, graph.kind, start.field, end.field, reach_m, graph.palette) & open_
    used = np.bitwise_or.reduce(np.concatenate([rows, end.words & open_, used[None]]), axis=0)
    colours = np.array(sorted(colours_of(used)), dtype=np.int64)  # fewer words, quicker comparisons
    status, made, compared, proved, arrived, node, parent, far, masks = labelkernels.pareto(
        graph.begin, graph.head, graph.length, graph.kind, kernels.packed(graph.palette, colours),
        np.append(start.nodes, np.array(goal, dtype=np.int32)), np.append(start.lengths, direct_m),
        kernels.packed(rows, colours), end.rows, end.lengths, kernels.packed(end.words, colours),
        end.field, start.field, reach_m, most, *budget,
    )  # fmt: skip
    raw = []
    for label in arrived.tolist():
        steps, at = [], int(parent[label])
        while at >= 0:
            steps.append(int(node[at]))
            at = int(parent[at])
        mask = words_of([colours[list(colours_of(masks[label]))].tolist()], 64 * len(held))[0]
        raw.append((mask | base, float(far[label]), steps[::-1]))
    return _Found(tuple(raw), status == labelkernels.DONE, float(proved), int(made), int(compared))


def world_graph(
    lattice: Lattice, start: End, end: End, *, free: frozenset[str] = frozenset(), limit_m: float = math.inf
) -> tuple[ColouredGraph, Integers]:
    """
    The question between two ends as a graph of its own: node 0 is the start, node 1 the end.

    Returns:
        The arcs that a way within the limit may use, without the free colours; for each node its number on the
        lattice, -1 for the two ends.
    """
    graph = lattice.graph
    kept = np.flatnonzero(start.field[graph.tail] + graph.length + end.field[graph.head] <= limit_m)
    leave = np.flatnonzero(start.lengths + end.field[start.nodes] <= limit_m)
    arrive = np.flatnonzero(start.field[end.nodes] + end.lengths <= limit_m)
    inner = np.unique(np.concatenate([graph.tail[kept], graph.head[kept], start.nodes[leave], end.nodes[arrive]]))
    new = np.full(graph.nodes, -1, dtype=np.int32)
    new[inner] = np.arange(2, len(inner) + 2, dtype=np.int32)
    direct_m = distance_m(start.place, end.place)
    direct = _direct(lattice, start, end)[: 1 if direct_m <= limit_m else 0]
    colour = {code: number for number, code in enumerate(lattice.borders.codes)}
    open_ = ~words_of([[colour[code] for code in free if code in colour]], len(colour))[0]
    words = np.concatenate([graph.palette[graph.kind[kept]], start.words[leave], end.words[arrive], direct]) & open_
    palette, kind = np.unique(words, axis=0, return_inverse=True)
    part = from_arcs(
        len(inner) + 2,
        np.concatenate([new[graph.tail[kept]], np.zeros(len(leave)), new[end.nodes[arrive]], np.zeros(len(direct))]),
        np.concatenate([new[graph.head[kept]], new[start.nodes[leave]], np.ones(len(arrive)), np.ones(len(direct))]),
        np.concatenate([graph.length[kept], start.lengths[leave], end.lengths[arrive], [direct_m] * len(direct)]),
        kind.reshape(-1),
        palette if len(palette) else np.zeros((1, lattice.borders.words), dtype=np.uint64),
        len(colour),
    )
    return part, np.concatenate([[-1, -1], inner]).astype(np.int32)


def places_of(lattice: Lattice, start: End, end: End, old: Integers) -> tuple[LonLat, ...]:
    """The nodes of a `world_graph` in degrees."""
    inner = [(float(lon), float(lat)) for lon, lat in lattice.places[old[2:]]]
    return (start.place, end.place, *inner)


def _direct(lattice: Lattice, start: End, end: End) -> Words:
    """Colours of the direct leg, one row; none where the ends are so nearly opposite that there is no one such leg."""
    if float((start.point * end.point).sum()) < OPPOSITE:
        return np.empty((0, lattice.borders.words), dtype=np.uint64)
    both = np.stack([start.point, end.point])
    held = np.concatenate([start.held, end.held])
    return lattice.borders.met(both, np.zeros(1, np.int32), np.ones(1, np.int32), held)


def _ways(
    lattice: Lattice, start: End, end: End, raw: list[tuple[Any, float, list[int]]], held: Words, *, straight: bool
) -> list[WorldWay]:
    from safeconduct.reach.kernels import leg_meets  # lazy: as above
    from safeconduct.reach.tautkernels import taut  # lazy: as above

    borders = lattice.borders
    paths, needs, left = [], [], FINER_STEPS
    for found, length, steps in raw:
        mask = found
        points = np.concatenate([start.point[None], lattice.points[steps], end.point[None]])
        if straight:
            if len(steps) and left > 0:
                finer, followed_arcs = _finer(lattice, (start, end), mask | held, (1.0 + DETOUR_SHARE) * length)
                left -= followed_arcs
                points = points if finer is None else finer
            points = taut(points, mask | held, borders.ends, borders.owner, borders.start, borders.members, ROUNDS)
            words = (start.held | end.held)[0].copy()
            for here, there in pairwise(points):
                leg_meets(here, there, borders.ends, borders.owner, borders.start, borders.members, words, False)
            mask = words & ~held  # pulled straight, a way may meet less
        places = lon_lats(points)
        places[0], places[-1] = start.place, end.place
        paths.append(places)
        needs.append(frozenset(borders.codes[c] for c in colours_of(mask)))
    lengths = _lengths(paths) if straight else [length for _, length, _ in raw]
    return [
        WorldWay(need, length, tuple((float(x), float(y)) for x, y in path))
        for need, length, path in zip(needs, lengths, paths, strict=True)
    ]


def _finer(lattice: Lattice, ends: tuple[End, End], allowed: Words, limit_m: float) -> tuple[Floats | None, int]:
    """The shortest way within given permissions on the fine lattice, None where there is none; the arcs followed."""
    from safeconduct.reach.tautkernels import shortest  # lazy: as above

    fine, first, last = lattice.fine, ends[0].fine, ends[1].fine
    if fine is None or first is None or last is None:
        return None, 0
    graph = fine.graph
    length, steps, made = shortest(
        graph.begin, graph.head, graph.length, graph.kind, graph.palette, fine.points, allowed,
        first.nodes, first.lengths, first.words, last.rows, last.lengths, last.words, last.point, limit_m,
    )  # fmt: skip
    if math.isinf(length):
        return None, made
    return np.concatenate([first.point[None], fine.points[steps], last.point[None]]), made


def _lengths(paths: Sequence[Floats]) -> list[float]:
    """Lengths of paths of geodesic legs, all measured at once."""
    if not paths:
        return []
    tails, heads = np.concatenate([path[:-1] for path in paths]), np.concatenate([path[1:] for path in paths])
    legs = distances_m(tails[:, 0], tails[:, 1], heads[:, 0], heads[:, 1])
    stops = np.cumsum([len(path) - 1 for path in paths])[:-1]
    return [float(each.sum()) for each in np.split(legs, stops)]


def _undominated(ways: list[WorldWay]) -> tuple[WorldWay, ...]:
    kept: list[WorldWay] = []
    for way in sorted(ways, key=lambda each: (each.distance_m, len(each.needs), sorted(each.needs))):
        if not any(other.needs <= way.needs for other in kept):
            kept.append(way)
    return tuple(kept)


def followed(way: WorldWay) -> tuple[LonLat, ...]:
    """The way with points at most 250 km apart on its great circles: its geodesics then meet the same borders."""
    return along_great_circles(way.path)
