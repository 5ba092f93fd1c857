"""What was flown and walked without finding them, laid on the map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from safeconduct.model.case import Evidence
from safeconduct.model.instants import Instant
from safeconduct.model.sources import Cite
from safeconduct.search.book import Book, Piece, mixed
from safeconduct.search.grid import Array
from safeconduct.search.likelihood import Likelihood
from safeconduct.search.repeats import CAP_DEPENDENCE
from safeconduct.search.stance import COUNTED

FLOWN = "sorties"
"""Id under which the sorties stand in the book."""


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """
    One sortie that found nothing.

    Args:
        pod: Chance that it would have found them, in each cell, shape (n,).

        coverage: Mean coverage over the cells it touched; None where the crew gave a POD.

        area_km2: Area of the cells it touched.

        says: How its POD was made.

        warnings: What is odd about its track.

        tracks: Lines to draw.

        planned_coverage: What was meant; None where the log does not say.
    """

    id: str
    resource: str
    start: Instant
    end: Instant
    pod: Array
    coverage: float | None
    area_km2: float
    says: str
    warnings: tuple[str, ...] = ()
    tracks: tuple[tuple[tuple[float, float], ...], ...] = ()
    planned_coverage: float | None = None


def together(flown: tuple[Flown, ...], cells: int, dependence: float = CAP_DEPENDENCE) -> Array:
    """
    POD of all sorties in each cell, shape (cells,): repeats do not fail independently (see `repeats.cumulative`).

    Args:
        dependence: 0 independent, 1 wholly dependent.
    """
    missed, greatest = np.ones(cells), np.zeros(cells)
    for each in flown:
        missed *= 1.0 - each.pod
        greatest = np.maximum(greatest, each.pod)
    independent = 1.0 - missed
    return np.maximum(independent - dependence * (independent - greatest), greatest)


def with_flown(book: Book, flown: tuple[Flown, ...], dependence: float = CAP_DEPENDENCE) -> Book:
    """
    The book with one piece more: what was searched and did not hold them.

    Raises:
        InvalidInput: Nothing is left: the sorties and the reports exclude every place.
    """
    if not flown:
        return book
    pod = together(flown, book.grid.size, dependence)
    last = max(each.end for each in flown)
    told = Evidence(
        FLOWN, f"{len(flown)} sorties found nothing", "", last, last, "A", "1", None, None, (), False, Cite((), "given")
    )  # fmt: skip
    left = 1.0 - pod
    piece = Piece(told, COUNTED, 1.0, Likelihood(FLOWN, left, 1.0, 1.0, ()), left, 1.0)
    pieces = (*book.pieces, piece)
    members = tuple((*speaks, True) for speaks in book.members)
    before = [account.before for account in book.accounts]
    chart, after = mixed(book.grid, pieces, members, before, book.outside_before)
    accounts = tuple(replace(a, after=share) for a, share in zip(book.accounts, after, strict=True))
    return replace(book, map=chart, pieces=pieces, accounts=accounts, members=members)
