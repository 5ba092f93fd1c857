"""What each report is worth: its information, whether it is likely true, and what settling it would change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.search.book import Book, Piece, product
from safeconduct.search.grid import Array
from safeconduct.search.waterfill import water_fill

AT_ODDS = 0.2
"""Two reports are at odds where both being true is less than so many times as likely as if they were unconnected."""

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Worth:
    """
    One report and what it does to the map.

    Args:
        weight: Probability before the others that it is true.

        true_now: The same after all others; None where it does not count.

        bits: Information it adds to the map of the others (Kullback-Leibler), >= 0.

        settle_bits: Information to be expected from settling whether it is true, >= 0.

        moves: Share of the whole effort that would move, in expectation, if it were settled, in [0, 1].

        drop_moves: Share of the effort that would move if it were left out.
    """

    id: str
    status: str
    weight: float
    true_now: float | None
    bits: float
    settle_bits: float
    moves: float
    drop_moves: float


@dataclass(frozen=True, slots=True)
class AtOdds:
    """
    Two reports that hardly can both be true.

    Args:
        ratio: How likely both are, beside two reports that have nothing to do with each other, in [0, `AT_ODDS`).
    """

    first: str
    second: str
    ratio: float


def weighed(book: Book, swept_km2: float) -> tuple[Worth, ...]:
    """
    What each report is worth, in the order of the book.

    Args:
        swept_km2: Area that all resources can sweep: how the best use of it would move measures what a report changes.
            0 measures by the map itself.
    """
    whole = np.append(book.map.poa, book.map.outside)
    effort = _effort(whole, book, swept_km2)
    return tuple(_worth(book, position, whole, effort, swept_km2) for position in range(len(book.pieces)))


def chance_true(book: Book, position: int) -> float:
    """
    How likely the report at *position* is true after all others, in [0, 1]; 0 where it does not count.

    Args:
        position: Among `Book.pieces`.
    """
    if not book.pieces[position].counts:
        return 0.0
    true, false, _ = _apart(book, position)
    return float(true.sum()) / float(true.sum() + false.sum())


def _worth(book: Book, position: int, whole: Array, effort: Array, swept_km2: float) -> Worth:
    piece = book.pieces[position]
    if not piece.counts:
        return Worth(piece.report.id, piece.status, piece.weight, None, 0.0, 0.0, 0.0, 0.0)
    true, false, without = _apart(book, position)
    chance = float(true.sum()) / float(true.sum() + false.sum())
    rest = without / without.sum()
    settle, moves = 0.0, 0.0
    drop_moves = _moved(effort, _effort(rest, book, swept_km2))
    for share, mass in ((chance, true), (1.0 - chance, false)):
        if share > 0.0 and mass.sum() > 0.0:
            then = mass / mass.sum()
            settle += share * _divergence(then, whole)
            moves += share * _moved(effort, _effort(then, book, swept_km2))
    return Worth(
        piece.report.id, piece.status, piece.weight, chance, _divergence(whole, rest), settle, moves, drop_moves
    )


def _apart(book: Book, position: int) -> tuple[Array, Array, Array]:
    """Weights of all cells and the outside with the piece true, with it false, and without it, not scaled."""
    piece = book.pieces[position]
    made = piece.likelihood
    size = book.grid.size + 1
    true, false, without = np.zeros(size), np.zeros(size), np.zeros(size)
    if made is None:
        return true, false, without
    scale = made.false if made.false > 0.0 else 1.0
    ratio = np.append(made.inside, made.outside) / scale
    for account, speaks in zip(book.accounts, book.members, strict=True):
        others = tuple(told and i != position for i, told in enumerate(speaks))
        inside, out = product(book.grid, book.pieces, others, book.outside_before)
        rest = account.before * np.append(inside, out)
        without += rest
        if speaks[position]:
            true += piece.weight * ratio * rest
            false += (1.0 - piece.weight) * rest
        else:
            false += rest
    return true, false, without


def _divergence(of: Array, beside: Array) -> float:
    """Bits by which *of* is better informed than *beside*; places that *beside* excludes are left out."""
    both = (of > 0.0) & (beside > 0.0)
    return max(0.0, float((of[both] * np.log2(of[both] / beside[both])).sum()))


def _effort(map_and_outside: Array, book: Book, swept_km2: float) -> Array:
    """Share of the effort in each cell where one searcher spreads it best; the map itself where there is no effort."""
    poa = map_and_outside[:-1]
    held = np.flatnonzero(poa > 0.0)
    if swept_km2 <= 0.0 or held.size == 0:
        total = poa.sum()
        return poa / total if total > 0.0 else poa
    spread = np.zeros_like(poa)
    inverse = np.full(held.size, book.grid.cell_km2 / swept_km2)
    spread[held] = water_fill(np.log(poa[held]), inverse)[0]
    return spread


def _moved(effort: Array, other: Array) -> float:
    return float(0.5 * np.abs(effort - other).sum())


def at_odds(book: Book) -> tuple[AtOdds, ...]:
    """
    Pairs of reports that can hardly both be true, the worst first, at most `MOST_SHOWN`.

    Both are taken at their word, over the map as it was before any report.
    """
    positions = [i for i in book.counted if book.pieces[i].report.place and _positive(book.pieces[i])]
    shapes = {i: _at_its_word(book, book.pieces[i]) for i in positions}
    found = [
        AtOdds(book.pieces[a].report.id, book.pieces[b].report.id, ratio)
        for n, a in enumerate(positions)
        for b in positions[n + 1 :]
        if (ratio := float((shapes[a] * shapes[b] * _flat(book)).sum())) < AT_ODDS
    ]
    return tuple(sorted(found, key=lambda pair: (pair.ratio, pair.first, pair.second))[:MOST_SHOWN])


def _positive(piece: Piece) -> bool:
    return piece.report.place is not None and piece.report.place.kind != "searched"


def _flat(book: Book) -> Array:
    inside = np.full(book.grid.size, (1.0 - book.outside_before) / book.grid.size)
    return np.append(inside, book.outside_before)


def _at_its_word(book: Book, piece: Piece) -> Array:
    """Likelihood over cells and outside, scaled to mean 1 on the flat map."""
    made = piece.likelihood
    if made is None:
        return np.ones(book.grid.size + 1)
    values = np.append(made.inside, made.outside)
    mean = float((values * _flat(book)).sum())
    return values / mean if mean > 0.0 else values


def why(book: Book, cells: Sequence[int]) -> tuple[tuple[str, float], ...]:
    """
    Which reports put probability into some cells.

    Args:
        cells: Positions of cells, n >= 1.

    Returns:
        (id, by how many times the report lifts the probability there beside the rest of the map), the greatest first,
        those of 1.25 times and more.
    """
    chosen = np.asarray(cells, dtype=np.int64)
    here = book.map.poa[chosen]
    if not here.sum() > 0.0:
        return ()
    lifts = []
    for position in book.counted:
        piece = book.pieces[position]
        without = here / np.maximum(piece.factor[chosen], 1e-300)
        rest = book.map.poa / np.maximum(piece.factor, 1e-300)
        beyond = book.map.outside / max(piece.factor_outside, 1e-300)
        total = float(rest.sum()) + beyond
        if total > 0.0 and math.isfinite(total):
            lifts.append((piece.report.id, float(here.sum()) / max(float(without.sum()) / total, 1e-300)))
    return tuple(sorted(((n, x) for n, x in lifts if x >= 1.25), key=lambda each: -each[1]))
