"""Where ways squeeze through and where they turn: gaps between borders, and corners that stick out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.geodesy import EARTH_RADIUS_M
from safeconduct.reach.borders import Borders
from safeconduct.reach.graph import Bools, Floats
from safeconduct.reach.plane import lon_lats, unit_vectors

STEP_M = 6_000.0  # borders are sampled so densely
NARROWEST_M, WIDEST_M = 300.0, 240_000.0  # narrower gaps are flaws of the drawing; the lattice finds the wider ones
DETOUR = 2.5  # two points of one ring make a gap where the way along the ring is so many times as long
APART_M, APART_SHARE = 15_000.0, 0.8  # gaps of one sky keep so far from each other, or this share of their width
RINGS = 4  # rings that a point of a border may lie on
FLAT_M = 2_500.0  # borders are simplified by so much before their corners are taken
ASIDE_M = 3_000.0  # a way passes a corner so far out, to be clear of what was simplified


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    """Points along the borders, each once, with the rings it lies on and how far along; -1 fills up."""

    points: Floats
    rings: NDArray[np.int64]
    along_m: Floats
    perimeter_m: Floats


def gates(borders: Borders) -> Floats:
    """
    The middle of every narrow gap between borders, as unit vectors, shape (n, 3).

    A gap is an edge of the Delaunay triangulation of the borders whose own circle is empty (a Gabriel edge) and which
    crosses no border: the narrowest place between two shores, or between two borders of one land. A way between
    closed airspaces that are less than 240 km apart passes one. Both sides of a bay make none.

    Source: Delaunay edges from the convex hull (Brown 1979); Gabriel and Sokal 1969 [K].
    """
    if len(borders.edges) < 2:
        return np.empty((0, 3))
    samples = _sampled(borders)
    first, second, width_m = _gaps(samples)
    points = samples.points
    middle = _unit(points[first] + points[second])
    shrunk = np.concatenate([_toward(points[first], middle, 0.98), _toward(points[second], middle, 0.98)])
    count = len(middle)
    nothing = np.zeros((2 * count, borders.words), dtype=np.uint64)
    numbers = np.arange(2 * count, dtype=np.int32)
    clear = ~borders.met(shrunk, numbers[:count], numbers[count:], nothing).any(axis=1)
    order = np.flatnonzero(clear)[np.argsort(width_m[clear], kind="stable")]
    held = borders.held(lon_lats(middle[order]))
    sky = np.unique(held, axis=0, return_inverse=True)[1].reshape(-1)
    return _spread(middle[order], width_m[order], sky)


def corners(borders: Borders) -> Floats:
    """
    Points 3 km outside of every corner that sticks out of an airspace, as unit vectors, shape (n, 3).

    Shortest ways turn nowhere else. Borders are simplified by 2.5 km first.
    """
    import shapely  # lazy: nobody flies until a route is asked for

    numbers = _ring_numbers(borders)
    large = np.bincount(numbers)[numbers] >= 4 if len(numbers) else np.empty(0, dtype=np.bool_)
    if not large.any():
        return np.empty((0, 3))
    edges, (_, first, ring) = borders.edges[large], np.unique(numbers[large], return_index=True, return_inverse=True)
    ring, owner = ring.reshape(-1), borders.owner[large][first]
    narrowing = np.cos(np.radians(np.bincount(ring, weights=edges[:, 1]) / np.bincount(ring)))  # of longitudes, by ring
    flat = np.stack([edges[:, 0] * narrowing[ring], edges[:, 1]], axis=1)
    lines = shapely.simplify(shapely.linearrings(flat, indices=ring), math.degrees(FLAT_M / EARTH_RADIUS_M))
    corner, on = shapely.get_coordinates(lines, return_index=True)
    last = np.append(on[1:] != on[:-1], True)  # it repeats the ring's first
    before = np.arange(-1, len(on) - 1)
    before[np.append(True, last[:-1])] = np.flatnonzero(last) - 1
    here, behind, ahead, on = corner[~last], corner[before][~last], np.roll(corner, -1, axis=0)[~last], on[~last]
    out = -_directions(behind - here) - _directions(ahead - here)
    bent = np.linalg.norm(out, axis=1) > 1e-9
    aside = here[bent] + _directions(out[bent]) * math.degrees(ASIDE_M / EARTH_RADIUS_M)
    on = on[bent]
    places = np.stack([(aside[:, 0] / narrowing[on] + 180.0) % 360.0 - 180.0, aside[:, 1]], axis=1)
    bit = np.uint64(1) << (owner[on] & 63).astype(np.uint64)
    outside = borders.held(places)[np.arange(len(on)), owner[on] >> 6] & bit == 0
    return unit_vectors(places[outside])


def _directions(steps: Floats) -> Floats:
    return np.asarray(steps / np.maximum(np.linalg.norm(steps, axis=1, keepdims=True), 1e-12))


def _ring_numbers(borders: Borders) -> NDArray[np.int64]:
    """The ring of each edge: edges of one ring follow each other."""
    begins, ends = borders.ends[:, :3], borders.ends[:, 3:6]
    fresh = np.ones(len(begins), dtype=np.int64)
    fresh[1:] = (np.abs(ends[:-1] - begins[1:]).max(axis=1) > 1e-12) | (borders.owner[1:] != borders.owner[:-1])
    return np.cumsum(fresh) - 1


def _sampled(borders: Borders) -> _Samples:
    begins, ends = borders.ends[:, :3], borders.ends[:, 3:6]
    ring = _ring_numbers(borders)
    # An edge of two neighbours is cut from the same end for both, so that its points are the same.
    swap = (ends[:, 0] < begins[:, 0]) | ((ends[:, 0] == begins[:, 0]) & (ends[:, 1] < begins[:, 1]))
    low, high = np.where(swap[:, None], ends, begins), np.where(swap[:, None], begins, ends)
    length_m = np.linalg.norm(ends - begins, axis=1) * EARTH_RADIUS_M
    pieces = np.maximum(1, np.ceil(length_m / STEP_M)).astype(np.int64)
    edge = np.repeat(np.arange(len(begins)), pieces)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = np.where(swap[edge], pieces[edge] - place, place) / pieces[edge]
    every = _unit(low[edge] * (1.0 - share)[:, None] + high[edge] * share[:, None])
    step_m, on = (length_m / pieces)[edge], ring[edge]
    first = np.flatnonzero(np.append(True, on[1:] != on[:-1]))
    along_m = np.cumsum(step_m) - step_m
    along_m -= np.repeat(along_m[first], np.diff(np.append(first, len(on))))
    keys = np.round(every / 1e-8).astype(np.int64)
    _, chosen, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    number = number.reshape(-1)
    order, counts = np.argsort(number, kind="stable"), np.bincount(number)
    offset = np.cumsum(counts) - counts
    rings, along = np.full((len(chosen), RINGS), -1, dtype=np.int64), np.zeros((len(chosen), RINGS))
    for column in range(RINGS):
        has = counts > column
        rows = order[offset[has] + column]
        rings[has, column], along[has, column] = on[rows], along_m[rows]
    return _Samples(every[chosen], rings, along, np.add.reduceat(step_m, first))


def _gaps(samples: _Samples) -> tuple[Floats, Floats, Floats]:
    """Gabriel edges that are neither borders nor hairs of a bay: both ends, and the width in metres."""
    from scipy.spatial import ConvexHull  # lazy: half a second, not wanted before a route is

    points = samples.points
    triangles = ConvexHull(points).simplices.astype(np.int64)
    sides = np.concatenate([triangles[:, [0, 1, 2]], triangles[:, [1, 2, 0]], triangles[:, [2, 0, 1]]])
    first, second = np.minimum(sides[:, 0], sides[:, 1]), np.maximum(sides[:, 0], sides[:, 1])
    third = points[sides[:, 2]]
    empty = np.einsum("ij,ij->i", points[first] - third, points[second] - third) >= 0.0
    keys, back = np.unique(first * len(points) + second, return_inverse=True)
    both = np.bincount(back.reshape(-1), weights=~empty) == 0
    first, second = keys[both] // len(points), keys[both] % len(points)
    width_m = np.linalg.norm(points[first] - points[second], axis=1) * EARTH_RADIUS_M
    gap = (width_m > NARROWEST_M) & (width_m < WIDEST_M)
    first, second, width_m = first[gap], second[gap], width_m[gap]
    round_m = np.full(len(first), np.inf)
    for one in range(RINGS):
        for two in range(RINGS):
            ring = samples.rings[first, one]
            same = (ring >= 0) & (ring == samples.rings[second, two])
            apart_m = np.abs(samples.along_m[first, one] - samples.along_m[second, two])
            apart_m = np.minimum(apart_m, samples.perimeter_m[np.maximum(ring, 0)] - apart_m)
            round_m = np.where(same, np.minimum(round_m, apart_m), round_m)
    real: Bools = round_m > DETOUR * width_m
    return first[real], second[real], width_m[real]


def _spread(middle: Floats, width_m: Floats, sky: NDArray[np.intp]) -> Floats:
    """The gaps, narrowest first, without those too near to one already taken in the same sky."""
    from scipy.spatial import cKDTree  # lazy: as above

    reach = np.maximum(APART_M, APART_SHARE * width_m) / EARTH_RADIUS_M
    near = cKDTree(middle).query_ball_point(middle, reach)
    kept = np.zeros(len(middle), dtype=np.bool_)
    for number, around in enumerate(near):
        kept[number] = not any(kept[other] and sky[other] == sky[number] for other in around)
    return middle[kept]


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float64)


def _toward(begin: Floats, end: Floats, share: float) -> Floats:
    """Points short of the ends: so much of the way from the second to the first."""
    return _unit(end + share * (begin - end))
