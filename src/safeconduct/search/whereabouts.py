"""Where an assessment takes them to be: the place where it is known, else the map of the book of reports."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from safeconduct.model.case import Case, Evidence, Place
from safeconduct.model.space import LonLat
from safeconduct.search.book import LEAST_CELL_KM, Book, write_book
from safeconduct.search.grid import Array, SearchGrid, SearchMap
from safeconduct.search.weigh import chance_true


@dataclass(frozen=True, slots=True)
class Told:
    """
    One report that the map rests on.

    Args:
        weight: Its chance of being true after all others; 1 for one that settles the place.

        middle: The point, the centre, or half-way along the line.
    """

    evidence: Evidence
    weight: float
    middle: LonLat


@dataclass(frozen=True, slots=True, eq=False)
class Whereabouts:
    """
    Where they are.

    Args:
        site: The point that ways are computed to: the place, or the middle of the likeliest cell.

        known: Whether the place needs no search.

        reports: What it rests on, likeliest first.

        map: Probability of area; a single cell where the place is known.
    """

    site: LonLat
    known: bool
    reports: tuple[Told, ...]
    map: SearchMap

    def effort_km2(self) -> Array:
        """
        Share of a fixed effort per square kilometre, shape (n,): proportional to the root of the probability density.

        Of all plans that do not change with time it is the one with the least mean time to detection: minimise
        ``sum p/f`` subject to ``sum f A = 1``.
        """
        root = np.sqrt(self.map.density())
        spread: Array = root / (root.sum() * self.map.grid.cell_km2)
        return spread


def whereabouts(case: Case, *, found: bool = True) -> Whereabouts | None:
    """
    The map that ways are computed to and searches are simulated on.

    While the place is not known it is that of `write_book`, without terrain and with every report as graded. Once it is
    known, the report that settled it last stands alone. Withdrawn reports count for nothing.

    Args:
        case: As known at the instant of the assessment.

        found: False leaves reports of a find out: what was known before it.

    Returns:
        None where no report can be put on a map.

    Raises:
        InvalidInput: The reports exclude every place; the smallest set of them that does is named.
    """
    evidence = tuple(e for e in case.evidence if found or not e.finds)
    placed = [(e, e.place) for e in evidence if e.place is not None and e.withdrawn_at is None]
    settled = [(e, place) for e, place in placed if e.finds or place.known]
    if settled:
        return _settled(*max(settled, key=lambda pair: pair[0].known_at))
    if all(place.kind == "searched" for _, place in placed):
        return None
    return _from_book(write_book(replace(case, evidence=evidence)))


def _settled(report: Evidence, place: Place) -> Whereabouts:
    site = _middle(place)
    half = LEAST_CELL_KM / 2.0
    there = SearchMap(SearchGrid(site, -half, -half, LEAST_CELL_KM, 1, 1), np.ones(1), 0.0)
    return Whereabouts(site, known=True, reports=(Told(report, 1.0, site),), map=there)


def _from_book(book: Book) -> Whereabouts:
    told = [
        Told(piece.report, chance_true(book, position), _middle(piece.report.place))
        for position, piece in enumerate(book.pieces)
        if piece.counts and piece.report.place is not None
    ]
    ranked = tuple(sorted(told, key=lambda each: (-each.weight, each.evidence.id)))
    return Whereabouts(book.map.best, known=False, reports=ranked, map=book.map)


def _middle(place: Place) -> LonLat:
    """Half-way along the line; of a point itself."""
    plane = SearchGrid(place.points[0], 0.0, 0.0, 1.0, 1, 1)
    x, y = plane.plane([p[0] for p in place.points], [p[1] for p in place.points])
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    if gone[-1] == 0.0:
        return place.points[0]
    return plane.place(float(np.interp(gone[-1] / 2.0, gone, x)), float(np.interp(gone[-1] / 2.0, gone, y)))
