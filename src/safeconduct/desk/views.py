"""One case seen at several instants, and a row of its record as it is printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn

import numpy as np

from safeconduct.assessment.answer import Assessment
from safeconduct.assessment.draws import Array, Draws
from safeconduct.assessment.engine import build
from safeconduct.assessment.world import WayModel, World
from safeconduct.desk.assess import Changes, assess
from safeconduct.formats.comparison import Compared, Span
from safeconduct.formats.validation import Place, Record, Row
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.known import as_known
from safeconduct.model.space import LonLat
from safeconduct.wiring.rooms import means

DAY_H = 24.0
"""As for an assessment without ``--by``."""


class Views:
    """One case seen at several instants; what rows share is computed once."""

    def __init__(self, case: Case, record: Record) -> None:
        self.case, self.record = case, record
        self._worlds: dict[Instant, World] = {}
        self._answers: dict[tuple[Instant, Instant | None], Assessment] = {}

    @property
    def predict_at(self) -> Instant:
        """What was known at the request: the instant from which stages are predicted."""
        return self.record.predict_at or self.case.assess_at

    def since(self, at: Instant) -> float:
        """Hours from the incident."""
        return hours_between(self.case.incident_at, at)

    def world(self, at: Instant) -> World:
        """The case in numbers as an assessment at *at* sees it, with the same draws."""
        if at not in self._worlds:
            by = max(self.case.incident_at, at) + timedelta(hours=DAY_H)
            law = means(without=self.case.id)
            self._worlds[at], _ = build(as_known(self.case, at), at, by, law, Draws(self.case.seed))
        return self._worlds[at]

    def answer(self, at: Instant, request: Instant | None = None) -> Assessment:
        """The assessment at *at*, with the request moved to *request*."""
        if (at, request) not in self._answers:
            changes = Changes({}, (), None if request is None else (None, request))
            self._answers[at, request] = assess(self.case, at=at, changes=changes)
        return self._answers[at, request]

    def way(self, row: Row, name: str, at: Instant) -> WayModel:
        """A way by its id."""
        hits = [w for w in self.world(at).ways if w.id == name]
        return hits[0] if hits else lacking(row, f"a way {name}")

    def event(self, row: Row, way: WayModel, event: str) -> Instant:
        """The first such event that the whole record has of the way's asset."""
        asset = next(a for a in self.case.assets if a.id == way.asset.id)
        hits = sorted(r.at for r in asset.records if r.event == event)
        return hits[0] if hits else lacking(row, f"the event {event} of {asset.id}")

    def place(self, row: Row, place: Place) -> LonLat:
        """Where a named place is."""
        if not isinstance(place, str):
            return place
        bases = {b.id: b.position for b in self.case.bases}
        points = {e.id: e.place.points[0] for e in self.case.evidence if e.place and e.place.kind == "point"}
        where = {**points, **bases}.get(place)
        return where if where is not None else lacking(row, f"a base or a report with one point called {place}")


def lacking(row: Row, expected: str) -> NoReturn:
    """
    Refuse a row that names what its case does not have.

    Raises:
        InvalidInput: Always.
    """
    raise InvalidInput("the case does not have what its record names", where=f"row {row.id}", expected=expected)


def compared(row: Row, **values: Any) -> Compared:
    """A row with what was computed for it."""
    fixed = {"kind": row.kind, "says": row.says, "causes": row.causes, "note": row.cite.note}
    origin = {"grade": row.cite.grade, "sources": row.cite.sources}
    return Compared(**{"id": row.id, **fixed, **origin, "known_at": None, "span": None, **values})


def span_of(hours: Array, shares: tuple[float, float, float] = (0.1, 0.5, 0.9)) -> Span:
    """Quantiles over the draws; None where one is never."""
    low, middle, high = np.quantile(hours, shares, method="inverted_cdf").tolist()
    return Span(_finite(low), _finite(middle), _finite(high))


def _finite(hours: float) -> float | None:
    return hours if np.isfinite(hours) else None


def inside(span: Span, reported: float) -> bool:
    """Whether the record lies between the outer quantiles."""
    return span.p10 is not None and span.p10 <= reported and (span.p90 is None or reported <= span.p90)
