"""
The best path for one searcher over a grid on which the target wanders.

In each step the target moves by a Markov chain, then the searcher moves to its own or a neighbouring cell and looks
there. Branch and bound over paths; the bound lets the target's mass be found by every later look except that what a
look removed does not flow into the next one (Lau, Huang and Dissanayake, "Discounted MEAN bound", EJOR 190 (2008),
which tightens Martins' bound of 1993). It is a longest path over time and cells, and many nodes are bounded at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput, OutOfDomain

Array: TypeAlias = npt.NDArray[np.float64]
Cells: TypeAlias = npt.NDArray[np.intp]

SIZE = 200_000_000
"""Most cells x steps x steps: beyond, not even one path would be bounded in seconds."""
WORK = 500_000_000
"""Cells x steps that may be bounded before the search gives its best path with a bound instead of a proof."""
CELLS = 1_000_000
"""Most cells of a grid."""
PROVEN = 1e-12
"""A node that promises less than this above the best path is not opened."""
BEAM = 128


@dataclass(frozen=True, slots=True)
class PathPlan:
    """
    A path and what it is worth.

    Args:
        p: Probability that one of its looks finds the target.

        path: Cell after each step.

        bound: No path has more. Within 1e-12 of `p` the path is proven best.
    """

    p: float
    path: tuple[int, ...]
    bound: float

    @property
    def proven(self) -> bool:
        """Whether no path is better by more than rounding."""
        return self.bound - self.p <= PROVEN


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Equal cells numbered row by row from 0, with steps to the four neighbours.

    Args:
        rows: >= 1.

        columns: >= 1; at most 1,000,000 cells.

        stay: Probability that the target keeps its cell in a step, in [0, 1]. The rest is shared equally among its
            neighbours; a cell without neighbours keeps it whatever *stay* says.
    """

    rows: int
    columns: int
    stay: float

    def __post_init__(self) -> None:
        for name, number in (("rows", self.rows), ("columns", self.columns)):
            if number < 1:
                raise OutOfDomain("not a grid", where=name, expected="1 or more", got=str(number))
        if self.rows * self.columns > CELLS:
            raise OutOfDomain("too many cells", where="rows", expected=f"up to {CELLS} cells", got=f"{self.rows} rows")
        _probability(self.stay, "stay")


@dataclass(frozen=True, slots=True)
class _Chain:
    """
    The grid as tables: `near` (5, n) own cell and neighbours, n where there is none; `flow` (5, n) the probability
    that the target goes there; `glimpse` (n,).
    """

    near: Cells
    flow: Array
    glimpse: Array

    def moved(self, mass: Array) -> Array:
        """Mass of the target after one step, shape (b, n)."""
        # Neighbours are mutual: what arrives is gathered from where it left, a zero standing for no neighbour.
        leaving = _padded(mass * self.flow[1:].max(axis=0), 0.0)
        after: Array = mass * self.flow[0]
        for row in self.near[1:]:
            after += leaving[:, row]
        return after

    def promise(self, mass: Array, steps: int) -> Array:
        """No *steps* looks after a look in each cell find more than this, shape (b, n); *mass* is that before it."""
        ahead = [mass]
        for _ in range(steps):
            ahead.append(self.moved(ahead[-1]))
        best: Array = np.zeros_like(mass)
        lost = self.flow * self.glimpse * _padded(self.glimpse[None, :], 0.0)[0][self.near]
        for before, after in zip(ahead[-2::-1], ahead[:0:-1], strict=True):
            coming = _padded(self.glimpse * after + best, -np.inf)
            best = coming[:, self.near[0]] - lost[0] * before
            for row, part in zip(self.near[1:], lost[1:], strict=True):
                np.maximum(best, coming[:, row] - part * before, out=best)
        return best


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Beginnings of paths, all of one length: mass not found (b, n), cells (b, length), value and bound (b,)."""

    mass: Array
    path: Cells
    value: Array
    bound: Array

    def at(self, which: Cells) -> _Nodes:
        return _Nodes(self.mass[which], self.path[which], self.value[which], self.bound[which])


def best_path(
    grid: Grid, *, searcher: int, prior: Sequence[float], glimpse: float | Sequence[float], steps: int, work: int = WORK
) -> PathPlan:
    """
    Find the path that is likeliest to find the target within *steps*.

    Args:
        grid: Where both move.

        searcher: Cell of the searcher before the first step.

        prior: Probability of each cell for the target before the first step, shape (cells,), each in [0, 1]; what
            they fall short of 1 is elsewhere, for good.

        glimpse: Probability that a look finds a target in the cell, in [0, 1]; one number or one for each cell.

        steps: >= 0; 0 gives an empty path.

        work: Cells x steps to bound before giving up the proof; a figure of effort and not of time, so that the same
            question always gets the same answer.

    Returns:
        The best path, or with a `bound` above its `p` the best one found.

    Raises:
        InvalidInput: Lists of a length other than the number of cells, or a prior above 1 in all.
        OutOfDomain: A number out of its range, or cells x steps x steps above 200,000,000.
    """
    seen = _checked(grid, searcher, prior, glimpse, steps)
    if steps == 0:
        return PathPlan(0.0, (), 0.0)
    chain = _tables(grid, np.array(seen, dtype=np.float64))
    start = _Nodes(
        np.array([prior], dtype=np.float64), np.array([[searcher]], dtype=np.intp), np.zeros(1), np.full(1, np.inf)
    )
    return _Search(chain, steps, work).run(start)


def _checked(
    grid: Grid, searcher: int, prior: Sequence[float], glimpse: float | Sequence[float], steps: int
) -> list[float]:
    """Glimpse of each cell, once all arguments are found in their domain."""
    size = grid.rows * grid.columns
    if steps < 0 or size * max(steps, 1) ** 2 > SIZE:
        raise OutOfDomain(
            "too long or too large", where="steps", expected=f"cells x steps x steps up to {SIZE}", got=str(steps)
        )
    if not 0 <= searcher < size:
        raise OutOfDomain("no such cell", where="searcher", expected=f"0 to {size - 1}", got=str(searcher))
    seen = [float(glimpse)] * size if isinstance(glimpse, int | float) else list(glimpse)
    for name, values in (("prior", prior), ("glimpse", seen)):
        if len(values) != size:
            raise InvalidInput("one number for each cell is needed", where=name, expected=f"{size}")
        for position, number in enumerate(values):
            _probability(number, f"{name}[{position}]")
    if math.fsum(prior) > 1.0 + 1e-9:
        raise InvalidInput("more than all of it", where="prior", expected="up to 1 together", got=str(math.fsum(prior)))
    return seen


class _Search:
    """Depth first over blocks of nodes, the most promising block of the longest paths first."""

    def __init__(self, chain: _Chain, steps: int, work: int) -> None:
        self._chain, self._steps, self._left = chain, steps, float(work)
        self._block = max(8, min(512, 200_000 // chain.glimpse.size))
        self._best = -1.0
        self._path: tuple[int, ...] = ()

    def run(self, start: _Nodes) -> PathPlan:
        width = max(1.0, min(BEAM, self._left / (10.0 * self._chain.glimpse.size * self._steps**2)))
        self._beam(start, int(width))
        stack = [start]
        while stack and self._left > 0.0:
            nodes = self._open(stack.pop())
            if nodes.value.size == 0:
                continue
            children = self._children(nodes)
            order = np.argsort(-children.bound, kind="stable")
            cuts = range(0, order.size, self._block)
            stack += [children.at(order[cut : cut + self._block]) for cut in reversed(cuts)]
        bound = max([self._best, *(float(each.bound.max()) for each in stack if each.bound.size)])
        return PathPlan(min(self._best, 1.0), self._path, min(bound, 1.0))

    def _beam(self, nodes: _Nodes, width: int) -> None:
        """A good path to begin with: at each length only the most promising beginnings go on."""
        for _ in range(self._steps):
            nodes = self._children(nodes)
            nodes = nodes.at(np.argsort(-nodes.bound, kind="stable")[:width])

    def _open(self, nodes: _Nodes) -> _Nodes:
        """Nodes that still promise more than the best path."""
        if nodes.path.shape[1] > self._steps:
            return nodes.at(np.zeros(0, dtype=np.intp))
        return nodes.at(np.flatnonzero(nodes.bound > self._best + PROVEN))

    def _children(self, nodes: _Nodes) -> _Nodes:
        """Every next step of the nodes, with bounds; whole paths are held against the best so far."""
        chain = self._chain
        remaining = self._steps - nodes.path.shape[1]
        self._left -= float(nodes.value.size) * chain.glimpse.size * (remaining + 1)
        mass = chain.moved(nodes.mass)
        promise = chain.promise(mass, remaining)
        at = nodes.path[:, -1]
        step, parent = np.nonzero(chain.near[:, at] < chain.glimpse.size)
        cell = chain.near[step, at[parent]]
        found = chain.glimpse[cell] * mass[parent, cell]
        value = nodes.value[parent] + found
        bound = np.minimum(value + promise[parent, cell], nodes.bound[parent])
        if remaining == 0:
            best = int(np.argmax(value))
            if value[best] > self._best:
                self._best = float(value[best])
                self._path = (*(int(c) for c in nodes.path[parent[best], 1:]), int(cell[best]))
        kept = np.flatnonzero(bound > self._best + PROVEN)
        parent, cell = parent[kept], cell[kept]
        after = mass[parent]
        after[np.arange(kept.size), cell] -= found[kept]
        return _Nodes(after, np.column_stack([nodes.path[parent], cell]), value[kept], bound[kept])


def _tables(grid: Grid, glimpse: Array) -> _Chain:
    size = grid.rows * grid.columns
    row, column = np.divmod(np.arange(size), grid.columns)
    near = np.full((5, size), size, dtype=np.intp)
    near[0] = np.arange(size)
    for position, (down, right) in enumerate(((-1, 0), (1, 0), (0, -1), (0, 1)), start=1):
        to_row, to_column = row + down, column + right
        there = (to_row >= 0) & (to_row < grid.rows) & (to_column >= 0) & (to_column < grid.columns)
        near[position, there] = (to_row * grid.columns + to_column)[there]
    known = near < size
    neighbours = known[1:].sum(axis=0)
    flow = np.where(known, (1.0 - grid.stay) / np.maximum(neighbours, 1), 0.0)
    flow[0] = np.where(neighbours > 0, grid.stay, 1.0)
    return _Chain(near, flow, glimpse)


def _padded(values: Array, last: float) -> Array:
    """One more column, for the neighbour that is not there."""
    return np.concatenate([values, np.full((values.shape[0], 1), last)], axis=1)


def _probability(number: float, where: str) -> None:
    if not 0.0 <= number <= 1.0:
        raise OutOfDomain("not a probability", where=where, expected="a number in [0, 1]", got=str(number))
