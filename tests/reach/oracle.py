"""
A second route solver, slow and plain, that shares no code with the package.

Every pair of points near corners is tried for every set of permissions: nine points 100 m around each corner, the
arcs between all of them, Dijkstra per set. No sealing, no charts, no tangents, no labels.
"""

from itertools import combinations

import numpy as np
from pyproj import Geod
from scipy.sparse.csgraph import dijkstra

GEOD = Geod(ellps="WGS84")
AROUND = 9  # odd, so that no arc between two of them passes through the corner itself
REACH_M = 100.0


def sphere(lonlat):
    lon, lat = np.radians(np.asarray(lonlat, dtype=float)).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def encloses(ring, points):
    """Whether each point is inside: the corners, seen from it, turn once round it and are not on the far side."""
    turned = np.zeros(len(points))
    for first, second in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        cross = np.einsum("ij,ij->i", points, np.broadcast_to(np.cross(first, second), points.shape))
        dot = first @ second - (points @ first) * (points @ second)
        turned += np.arctan2(cross, dot)
    return (np.abs(turned) > np.pi) & (points @ ring.mean(axis=0) > 0)


def inside(airspace, points):
    found = np.zeros(len(points), dtype=bool)
    for polygon in airspace.polygons:
        here = encloses(sphere(polygon.shell), points)
        for hole in polygon.holes:
            here &= ~encloses(sphere(hole), points)
        found |= here
    return found


def crosses(ring, begins, ends):
    """Whether each arc properly crosses some edge of the ring."""
    found = np.zeros(len(begins), dtype=bool)
    planes = np.cross(begins, ends)
    for first, second in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        edge = np.cross(first, second)
        one, two = begins @ edge, ends @ edge
        three, four = planes @ first, planes @ second
        # The begin lies left of the edge, its end right of it, and the edge's ends lie on the matching sides.
        found |= (one > 0) & (two < 0) & (three < 0) & (four > 0)
        found |= (one < 0) & (two > 0) & (three > 0) & (four < 0)
    return found


def solve(start, end, airspaces, free=frozenset()):
    """Shortest distance in metres for every set of permissions (frozenset -> float, inf where there is no way)."""
    names = sorted({airspace.needs for airspace in airspaces} - free)
    corners = [
        corner
        for airspace in airspaces
        for polygon in airspace.polygons
        for ring in (polygon.shell, *polygon.holes)
        for corner in ring
    ]
    nodes = [start, end]
    turns = [360.0 * step / AROUND + 7.3 for step in range(AROUND)]
    nodes += [GEOD.fwd(lon, lat, turn, REACH_M)[:2] for lon, lat in corners for turn in turns]
    points = sphere(nodes)
    ones, twos = np.triu_indices(len(nodes), 1)
    lonlat = np.array(nodes)
    lengths = GEOD.inv(lonlat[ones, 0], lonlat[ones, 1], lonlat[twos, 0], lonlat[twos, 1])[2]
    meets, holds = {}, {}
    for name in names:
        meets[name] = np.zeros(len(ones), dtype=bool)
        holds[name] = np.zeros(len(nodes), dtype=bool)
        for airspace in (each for each in airspaces if each.needs == name):
            holds[name] |= inside(airspace, points)
            for polygon in airspace.polygons:
                for ring in (polygon.shell, *polygon.holes):
                    meets[name] |= crosses(sphere(ring), points[ones], points[twos])
        meets[name] |= holds[name][ones] | holds[name][twos]
    answer = {}
    for size in range(len(names) + 1):
        for held in combinations(names, size):
            open_ = np.ones(len(ones), dtype=bool)
            for name in set(names) - set(held):
                open_ &= ~meets[name]
            graph = np.full((len(nodes), len(nodes)), np.inf)
            graph[ones[open_], twos[open_]] = np.maximum(lengths[open_], 1e-6)
            graph[np.isinf(graph)] = 0.0
            answer[frozenset(held)] = float(dijkstra(graph, directed=False, indices=0)[1])
    return answer
