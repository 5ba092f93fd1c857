"""
Which airspaces together may make a barrier, at a glance: the connected parts of each, and which of them adjoin.

A `barriers.barrier` is looked for among given airspaces on a fine grid. Here the grid is drawn together to a small
graph once, on the double cover of the chart (links that meet the direct way change the sheet). A barrier is a walk in
it from one copy of a part to the other, and one that needs few airspaces is found in a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.barriers import EARTH_M, Bools, Grid, Ints, chart_of, grid_of, region_on
from safeconduct.reach.plane import Floats, opposite, unit_vectors

STEPS = 100
"""Points of the grid along half the longer axis of the ellipse."""

LITTLE = 1e-6
"""Weight of a step on top of the airspaces that it enters: of walks through as many, the shorter."""

Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """
    Parts of airspaces on the double cover, and what is beyond the ellipse, once on either sheet, as the last two.

    Args:
        codes: Of the airspaces.

        owner: Number of the airspace of each part; -1 beyond the ellipse.

        edges: Pairs of parts that adjoin, shape (k, 2).

        mate: The same part on the other sheet; itself where the airspace alone makes a barrier.

        starts: Parts of which each barrier has one.
    """

    codes: tuple[str, ...]
    owner: Ints
    edges: Ints
    mate: Ints
    starts: Ints

    def fewest(self, held: frozenset[str]) -> frozenset[str] | None:
        """Few airspaces, none *held*, that are likely to make a barrier; None where there is none to be seen."""
        from scipy.sparse import coo_matrix  # lazy: only where a proof is wanted
        from scipy.sparse.csgraph import dijkstra

        shut = np.array([code not in held for code in self.codes] + [True])
        alone = np.flatnonzero((self.mate == np.arange(len(self.mate))) & shut[self.owner])
        if len(alone):
            return frozenset([self.codes[self.owner[alone[0]]]])
        starts, edges = self.starts[shut[self.owner[self.starts]]], self.edges[shut[self.owner[self.edges]].all(axis=1)]
        heads = np.concatenate([edges[:, 1], edges[:, 0]])
        weight, size = (self.owner[heads] >= 0) + LITTLE, len(self.owner)
        graph = coo_matrix((weight, (np.concatenate([edges[:, 0], edges[:, 1]]), heads)), shape=(size, size)).tocsr()
        far, before = dijkstra(graph, indices=starts, return_predecessors=True)
        around = far[np.arange(len(starts)), self.mate[starts]]
        row = int(np.argmin(around))
        if np.isinf(around[row]):
            return None
        at, met = int(self.mate[starts[row]]), set[int]()
        while at != starts[row]:
            met.add(int(self.owner[at]))
            at = int(before[row, at])
        return frozenset(self.codes[number] for number in met if number >= 0)


def net_of(ends: tuple[LonLat, LonLat], limit_m: float, closed: Sequence[Airspace], seal_m: float) -> Net | None:
    """
    The net of some airspaces; None between nearly opposite ends, and where no chart shows any of them.

    Args:
        ends: (lon, lat) of both ends.

        limit_m: Longest way of interest, at least the direct one.

        closed: Airspaces; one that an end lies in may be seen as a barrier or not.

        seal_m: Cracks of up to twice this are taken for closed.
    """
    import shapely  # lazy: only where a proof is wanted

    if opposite(*ends):
        return None
    regions = {each.needs: region for each in closed if (region := region_on(each, ends)) is not None}
    if not regions:
        return None
    areas = [region.buffer(seal_m / EARTH_M) for region in regions.values()]
    grid = grid_of(ends, limit_m, STEPS)
    direct = shapely.LineString(chart_of(ends).flat(unit_vectors(ends)))
    shapely.prepare(direct)
    inside = _inside(grid, areas)
    links = [_within(grid, areas, inside), _across(grid, areas, inside)]
    lines = [shapely.linestrings(grid.flat[link % len(grid.flat)]) for link in links]
    odd = np.concatenate([np.asarray(shapely.crosses(direct, line), dtype=np.bool_) for line in lines])
    return _drawn(tuple(regions), np.concatenate(links), odd, grid.beyond)


def _inside(grid: Grid, areas: Sequence[Any]) -> Bools:
    """Whether each point of the grid lies in each area, shape (areas, points)."""
    import shapely  # lazy: as above

    x, y = grid.flat.T
    inside = np.zeros((len(areas), len(x)), dtype=np.bool_)
    for row, area in enumerate(areas):
        west, south, east, north = area.bounds
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(area)
        inside[row, near] = shapely.contains_xy(area, x[near], y[near])
    return inside


def _kept(flat: Floats, pairs: Ints, area: Any) -> Bools:
    """Which pairs of points are joined by a line within an area."""
    import shapely  # lazy: as above

    shapely.prepare(area)
    return np.asarray(shapely.contains(area, shapely.linestrings(flat[pairs])), dtype=np.bool_)


def _within(grid: Grid, areas: Sequence[Any], inside: Bools) -> Ints:
    """Links within one area; a point p in area a is a * points + p."""
    found = [np.empty((0, 2), dtype=np.intp)]
    for row, area in enumerate(areas):
        pairs = grid.pairs[inside[row, grid.pairs].all(axis=1)]
        if len(pairs):
            found.append(pairs[_kept(grid.flat, pairs, area)] + row * len(grid.flat))
    return np.concatenate(found)


def _across(grid: Grid, areas: Sequence[Any], inside: Bools) -> Ints:
    """Links from one area to another, and points that lie in two; of more than two areas, the first and the last."""
    import shapely  # lazy: as above

    count, size = inside.sum(axis=0), len(grid.flat)
    first, last = inside.argmax(axis=0), len(areas) - 1 - inside[::-1].argmax(axis=0)
    both = np.flatnonzero(count > 1)
    found = [np.stack([first[both] * size + both, last[both] * size + both], axis=1)]
    pairs = grid.pairs[(count[grid.pairs] > 0).all(axis=1)]
    for here in (first, last):
        for there in (first, last):
            kinds = np.stack([here[pairs[:, 0]], there[pairs[:, 1]]], axis=1)
            differ = kinds[:, 0] != kinds[:, 1]
            links, kinds = pairs[differ], kinds[differ]
            for one, other in np.unique(kinds, axis=0).tolist():
                some = links[(kinds == (one, other)).all(axis=1)]
                some = some[_kept(grid.flat, some, shapely.union(areas[one], areas[other]))]
                found.append(some + np.array([one, other]) * size)
    return np.concatenate(found)


def _drawn(codes: tuple[str, ...], links: Ints, odd: Bools, beyond: Bools) -> Net:
    """The links drawn together to parts."""
    from scipy.sparse import coo_matrix  # lazy: as above
    from scipy.sparse.csgraph import connected_components

    places, ends = np.unique(links, return_inverse=True)
    ends, size = ends.reshape(links.shape), len(places)
    tails = np.concatenate([ends[:, 0], ends[:, 0] + size])
    heads = np.concatenate([ends[:, 1] + size * odd, ends[:, 1] + size * ~odd])
    owner = np.tile(places // len(beyond), 2)
    alike = owner[tails] == owner[heads]
    shape = (2 * size, 2 * size)
    joined = coo_matrix((np.ones(int(alike.sum())), (tails[alike], heads[alike])), shape=shape).tocsr()
    count, part = connected_components(joined, directed=False)
    out = np.flatnonzero(beyond[places % len(beyond)])
    edges = [np.stack([part[tails[~alike]], part[heads[~alike]]], axis=1)]
    edges += [np.stack([part[out + sheet * size], np.full(len(out), count + sheet)], axis=1) for sheet in (0, 1)]
    owners, mate = np.full(count + 2, -1, dtype=np.intp), np.arange(count + 2)
    owners[part] = owner
    mate[part[:size]], mate[part[size:]] = part[size:], part[:size]
    mate[count], mate[count + 1] = count + 1, count
    starts = np.unique(np.append(part[ends[odd].reshape(-1)], count))
    return Net(codes, owners, np.unique(np.concatenate(edges), axis=0), mate, starts)
