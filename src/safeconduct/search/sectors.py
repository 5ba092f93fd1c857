"""
Flyable sectors: one rectangle for each sortie, placed one after the other where it finds most.

Even search of one well-sized area loses a few per cent beside the best spread (reference: search, section 2.3), and
crews can be briefed for it. The rectangles are made of whole blocks of cells, so that the best divisible plan over the
same blocks bounds them. After the first round each one is placed anew beside all others while that helps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.search.grid import Array, SearchGrid, SearchMap
from safeconduct.search.schedule import worth_of
from safeconduct.search.waterfill import water_fill

Mask: TypeAlias = npt.NDArray[np.bool_]

LEAST_COVERAGE = 0.5
"""Under it a search is "unsatisfactory in itself" (NATSAR 2023, table 4-2)."""

MOST_COVERAGE = 3.0
LONGEST = 4
"""A sector is at most so many times as long as wide."""

BLOCKS_ACROSS = 110
COARSE_ACROSS = 40
MARGIN = 2
"""Cells about the window."""

ROUNDS = 2


@dataclass(frozen=True)
class Blocks:
    """
    Whole squares of cells over a window of the map, row by row from the south-west, and coarse ones elsewhere.

    Args:
        side: Cells to a side.

        column, row: First cell of the window.

        columns: Blocks in a row; the last may reach over the edge of the grid, where nothing is.

        poa: Probability of each block, shape (rows * columns,).

        rest_poa: Probability of each coarse area beyond the window, shape (m,).

        rest_km2: Areas of these, shape (m,).
    """

    grid: SearchGrid
    side: int
    column: int
    row: int
    columns: int
    rows: int
    poa: Array
    rest_poa: Array
    rest_km2: Array

    @property
    def km(self) -> float:
        """Side of a block."""
        return self.side * self.grid.cell_km

    @property
    def west_km(self) -> float:
        """Western edge of the window on the grid's plane."""
        return self.grid.west_km + self.column * self.grid.cell_km

    @property
    def south_km(self) -> float:
        """Southern edge of the window on the grid's plane."""
        return self.grid.south_km + self.row * self.grid.cell_km

    @property
    def window(self) -> SearchGrid:
        """The blocks as a grid of their own."""
        return SearchGrid(self.grid.origin, self.west_km, self.south_km, self.km, self.columns, self.rows)

    @cached_property
    def of_cell(self) -> npt.NDArray[np.int64]:
        """Block of each cell, shape (cells,); -1 beyond the window."""
        return _block_of(self.grid, self.side, (self.column, self.row), (self.columns, self.rows))


def blocks_of(chart: SearchMap, swept_km2: float, across: int = BLOCKS_ACROSS) -> Blocks:
    """
    Group the cells of a map where so much effort would best be spent.

    The window holds every cell that the best spread of the whole effort, taken as one searcher's, would search; its
    longer side has at most *across* blocks.
    """
    grid = chart.grid
    held = np.flatnonzero(chart.poa > 0.0)
    inverse = np.full(held.size, grid.cell_km2 / max(swept_km2, grid.cell_km2))
    searched = held[water_fill(np.log(chart.poa[held]), inverse)[0] > 0.0] if held.size else np.arange(grid.size)
    rows, columns = np.divmod(searched, grid.columns)
    row, column = max(0, int(rows.min()) - MARGIN), max(0, int(columns.min()) - MARGIN)
    height = min(grid.rows, int(rows.max()) + 1 + MARGIN) - row
    width = min(grid.columns, int(columns.max()) + 1 + MARGIN) - column
    side = max(1, math.ceil(max(width, height) / across))
    wide, high = math.ceil(width / side), math.ceil(height / side)
    place = _block_of(grid, side, (column, row), (wide, high))
    seen = place >= 0
    poa = np.asarray(np.bincount(place[seen], weights=chart.poa[seen], minlength=wide * high), dtype=np.float64)
    coarse = max(side, math.ceil(max(grid.columns, grid.rows) / COARSE_ACROSS))
    size = math.ceil(grid.columns / coarse), math.ceil(grid.rows / coarse)
    beyond = _block_of(grid, coarse, (0, 0), size)[place < 0]
    rest = np.asarray(np.bincount(beyond, weights=chart.poa[place < 0], minlength=1), dtype=np.float64)
    cells = np.asarray(np.bincount(beyond, minlength=1), dtype=np.float64)
    used = cells > 0.0
    return Blocks(grid, side, column, row, wide, high, poa, rest[used], cells[used] * grid.cell_km2)


def _block_of(grid: SearchGrid, side: int, first: tuple[int, int], size: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Block of each cell; -1 beyond them. *first* and *size* are (column, row) and (columns, rows)."""
    across = (np.arange(grid.columns) - first[0]) // side
    up = (np.arange(grid.rows) - first[1]) // side
    across = np.where((across >= 0) & (across < size[0]), across, -1)
    up = np.where((up >= 0) & (up < size[1]), up, -1)
    made = up[:, None] * size[0] + across[None, :]
    return np.where((up[:, None] < 0) | (across[None, :] < 0), -1, made).ravel()


@dataclass(frozen=True, slots=True)
class Sortie:
    """
    One stay of one resource on scene.

    Args:
        resource: Position among the resources.

        swept_km2: Sweep width x speed x working hours of all its units in each slice, shape (slices,).

        first, last: Slices from and to which it stays, the last included.

        aloft: Whether it must keep clear of others that fly at the same time.

        seen: Share of each block that terrain leaves in sight of it, shape (blocks,), in [0, 1]; None for all.
    """

    resource: int
    swept_km2: tuple[float, ...]
    first: int
    last: int
    aloft: bool
    seen: Array | None = None

    @property
    def total_km2(self) -> float:
        """All it sweeps."""
        return math.fsum(self.swept_km2)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Blocks from (*row*, *column*) on, *height* rows and *width* columns of them."""

    row: int
    column: int
    height: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """
    Rectangles for sorties.

    Args:
        rectangles: One for each sortie; None for one that can sweep nothing or finds no room.

        value: What they are worth together, in the unit of *worth*.

        effort: Effort in each block by the end of each slice, shape (blocks, slices).
    """

    rectangles: tuple[Rectangle | None, ...]
    value: float
    effort: Array


def place_sectors(blocks: Blocks, sorties: tuple[Sortie, ...], worth: Array) -> Placed:
    """
    Find a rectangle for each sortie.

    Sectors of aircraft that are on scene in the same slice do not overlap.

    Args:
        worth: Worth of a find in each slice, shape (slices,), never rising.
    """
    drop = worth - np.append(worth[1:], 0.0)
    effort = np.zeros((blocks.poa.size, worth.size))
    chosen: list[Rectangle | None] = [None] * len(sorties)
    order = sorted(range(len(sorties)), key=lambda i: (sorties[i].first, -sorties[i].total_km2, i))
    value = 0.0
    for turn in range(ROUNDS):
        before = value
        for i in order:
            old = chosen[i]
            without = effort if old is None else effort - _effort(blocks, sorties[i], old)
            gives = (blocks.poa[:, None] * np.exp(-without) * drop)[:, sorties[i].first :].sum(axis=1)
            # 1 - exp(-C s) >= s (1 - exp(-C)): where little is in sight the rectangle is ranked by a lower bound.
            seen = gives if sorties[i].seen is None else gives * sorties[i].seen
            found = _best(blocks, seen, sorties[i].total_km2, _taken(blocks, sorties, chosen, i))
            tried = without if found is None else without + _effort(blocks, sorties[i], found)
            worth_then = worth_of(blocks.poa, tried, worth)
            if turn == 0 or worth_then > value + 1e-12:
                chosen[i], effort, value = found, tried, worth_then
        if turn > 0 and value <= before * (1.0 + 1e-6):
            break
    return Placed(tuple(chosen), value, effort)


def members(blocks: Blocks, rectangle: Rectangle) -> npt.NDArray[np.int64]:
    """Positions of the blocks of a rectangle."""
    rows = np.arange(rectangle.row, rectangle.row + rectangle.height)
    columns = np.arange(rectangle.column, rectangle.column + rectangle.width)
    return np.asarray((rows[:, None] * blocks.columns + columns[None, :]).ravel(), dtype=np.int64)


def _effort(blocks: Blocks, sortie: Sortie, rectangle: Rectangle) -> Array:
    """What a sortie adds to each block by the end of each slice, shape (blocks, slices)."""
    made = np.zeros((blocks.poa.size, len(sortie.swept_km2)))
    area = rectangle.height * rectangle.width * blocks.km**2
    inside = members(blocks, rectangle)
    made[inside] = np.cumsum(sortie.swept_km2) / area
    if sortie.seen is not None:
        made[inside] *= sortie.seen[inside, None]
    return made


def _taken(blocks: Blocks, sorties: tuple[Sortie, ...], chosen: list[Rectangle | None], position: int) -> Mask | None:
    """Blocks over which others fly while this one does; None where that does not matter."""
    own = sorties[position]
    if not own.aloft:
        return None
    mask = np.zeros(blocks.poa.size, dtype=np.bool_)
    for i, rectangle in enumerate(chosen):
        other = sorties[i]
        meets = other.first <= own.last and own.first <= other.last
        if i != position and rectangle is not None and other.aloft and meets:
            mask[members(blocks, rectangle)] = True
    return mask


def _best(blocks: Blocks, gives: Array, swept_km2: float, taken: Mask | None) -> Rectangle | None:
    """The rectangle in which one even search finds most: its mass times 1 - exp(-coverage)."""
    if swept_km2 <= 0.0 or not gives.any():
        return None
    mass = _summed(gives.reshape(blocks.rows, blocks.columns))
    barred = None if taken is None else _summed(taken.reshape(blocks.rows, blocks.columns).astype(np.float64))
    best, found = 0.0, None
    for height, width in _sizes(blocks, swept_km2):
        worth = _windows(mass, height, width) * -math.expm1(-swept_km2 / (height * width * blocks.km**2))
        if barred is not None:
            worth = np.where(_windows(barred, height, width) > 0.5, -1.0, worth)
        place = int(np.argmax(worth))
        if worth.flat[place] > best:
            row, column = divmod(place, worth.shape[1])
            best, found = float(worth.flat[place]), Rectangle(row, column, height, width)
    return found


def _sizes(blocks: Blocks, swept_km2: float) -> list[tuple[int, int]]:
    """Sizes in blocks that keep the coverage in its bounds; one block alone where even that is too large."""
    steps = sorted({round(1.25**k) for k in range(30) if 1.25**k < max(blocks.rows, blocks.columns)})
    low, high = swept_km2 / MOST_COVERAGE / blocks.km**2, swept_km2 / LEAST_COVERAGE / blocks.km**2
    sizes = [
        (h, w)
        for h in steps
        for w in steps
        if low <= h * w <= high and max(h, w) <= LONGEST * min(h, w) and h <= blocks.rows and w <= blocks.columns
    ]
    return sizes or ([(1, 1)] if high < 1.0 else [(blocks.rows, blocks.columns)])


def _summed(values: Array) -> Array:
    """Running sums over both axes, with a first row and column of 0."""
    made: Array = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    return made


def _windows(summed: Array, height: int, width: int) -> Array:
    """Sum over every window of that size."""
    made: Array = (
        summed[height:, width:] - summed[:-height, width:] - summed[height:, :-width] + summed[:-height, :-width]
    )
    return made
