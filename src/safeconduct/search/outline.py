"""Outlines of a set of grid cells, as closed rings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.space import Ring
from safeconduct.search.grid import SearchGrid

Corner = tuple[int, int]


def rings_of(grid: SearchGrid, mask: NDArray[np.bool_], *, most: int = 24) -> tuple[Ring, ...]:
    """
    Outlines of cells of a grid, longest first.

    Args:
        mask: Which cells, shape (n,).

        most: At most so many rings; the shortest are left out.
    """
    rings = sorted(_rings(mask.reshape(grid.rows, grid.columns)), key=len, reverse=True)[:most]
    return tuple(
        tuple(grid.place(grid.west_km + c * grid.cell_km, grid.south_km + r * grid.cell_km) for c, r in ring)
        for ring in rings
    )


def _rings(mask: NDArray[np.bool_]) -> list[list[Corner]]:
    """Walk the edges between a cell inside and one outside, the inside always on the left."""
    padded = np.pad(mask, 1)
    beside = np.stack([padded[:-2, 1:-1], padded[1:-1, 2:], padded[2:, 1:-1], padded[1:-1, :-2]], axis=-1)
    rows, columns = np.nonzero(mask & ~beside.all(axis=-1))
    onward: dict[Corner, list[Corner]] = {}
    for r, c, inside in zip(rows.tolist(), columns.tolist(), beside[rows, columns].tolist(), strict=True):
        edges = (((c, r), (c + 1, r)), ((c + 1, r), (c + 1, r + 1)), ((c + 1, r + 1), (c, r + 1)), ((c, r + 1), (c, r)))
        for (start, end), shut in zip(edges, inside, strict=True):
            if not shut:
                onward.setdefault(start, []).append(end)
    rings = []
    for start in sorted(onward):
        while start in onward:
            rings.append(_straightened(_walked(onward, start)))
    return rings


def _walked(onward: dict[Corner, list[Corner]], start: Corner) -> list[Corner]:
    """One closed walk along the edges, which takes them out."""
    ring = [start]
    while True:
        at = ring[-1]
        ring.append(onward[at].pop())
        if not onward[at]:
            del onward[at]
        if ring[-1] == start:
            return ring


def _straightened(ring: list[Corner]) -> list[Corner]:
    """Drop corners on a straight run; the ring stays closed."""
    body = ring[:-1]
    kept = [
        here
        for before, here, after in zip([body[-1], *body[:-1]], body, [*body[1:], body[0]], strict=True)
        if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])
    ]
    return [*kept, kept[0]]
