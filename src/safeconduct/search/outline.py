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
    onward: dict[Corner, list[Corner]] = {}
    for row, column in zip(*np.nonzero(padded), strict=True):
        r, c = int(row), int(column)
        for outside, start, end in (
            (padded[r - 1, c], (c - 1, r - 1), (c, r - 1)),
            (padded[r, c + 1], (c, r - 1), (c, r)),
            (padded[r + 1, c], (c, r), (c - 1, r)),
            (padded[r, c - 1], (c - 1, r), (c - 1, r - 1)),
        ):
            if not outside:
                onward.setdefault(start, []).append(end)
    rings = []
    while onward:
        start = min(onward)
        ring, at = [start], start
        while True:
            following = onward[at].pop()
            if not onward[at]:
                del onward[at]
            ring.append(following)
            at = following
            if at == start:
                break
        rings.append(_straightened(ring))
    return rings


def _straightened(ring: list[Corner]) -> list[Corner]:
    """Drop corners on a straight run; the ring stays closed."""
    body = ring[:-1]
    kept = [
        here
        for before, here, after in zip([body[-1], *body[:-1]], body, [*body[1:], body[0]], strict=True)
        if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])
    ]
    return [*kept, kept[0]]
