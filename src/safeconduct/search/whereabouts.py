"""Where an assessment takes them to be: the place where it is known, else the map of the book of reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from safeconduct.model.case import Case
from safeconduct.search.book import Book, write_book
from safeconduct.search.poa import SAY_LITTLE, ProbabilityMap, Scenario, middle, probability_map
from safeconduct.search.weigh import chance_true


def whereabouts(case: Case, *, found: bool = True) -> ProbabilityMap | None:
    """
    The map that ways are computed to and searches are simulated on.

    While the place is not known it is that of `write_book`, without terrain and with every report as graded; the
    weight of a report is then its chance of being true. Once it is known, the report that settles it stands alone.

    Args:
        case: As known at the instant of the assessment.

        found: False leaves reports of a find out: what was known before it.

    Returns:
        None where no report can be put on a map.

    Raises:
        InvalidInput: The reports exclude every place; the smallest set of them that does is named.
    """
    evidence = tuple(e for e in case.evidence if found or not e.finds)
    told = [e for e in evidence if e.place is not None and e.withdrawn_at is None]
    if any(e.finds or (e.place is not None and e.place.known) for e in told):
        return probability_map(evidence)
    if not any(e.place is not None and e.place.kind not in SAY_LITTLE for e in told):
        return None
    return _from_book(write_book(replace(case, evidence=evidence)))


def _from_book(book: Book) -> ProbabilityMap:
    best = int(np.argmax(book.map.poa))
    grid = book.grid
    reports = [
        Scenario(piece.report, chance_true(book, position), middle(piece.report.place))
        for position, piece in enumerate(book.pieces)
        if piece.counts and piece.report.place is not None and piece.report.place.points
    ]
    return ProbabilityMap(
        site=(float(grid.lon_deg[best]), float(grid.lat_deg[best])),
        known=False,
        scenarios=tuple(sorted(reports, key=lambda s: (-s.weight, s.evidence.id))),
        lon_deg=grid.lon_deg,
        lat_deg=grid.lat_deg,
        poa=book.map.poa,
        cell_km=grid.cell_km,
        columns=grid.columns,
        outside=book.map.outside,
    )
