"""Hold the program against the record: each figure predicted from what was known, beside what was reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, NoReturn

import numpy as np

from safeconduct.assessment.answer import Assessment
from safeconduct.assessment.answer import Way as Answered
from safeconduct.assessment.draws import Array, Draws
from safeconduct.assessment.engine import build
from safeconduct.assessment.regimes import asked_now, movement
from safeconduct.assessment.world import WayModel, World
from safeconduct.desk.assess import Changes, assess
from safeconduct.desk.cases import load_case
from safeconduct.desk.stages import classes, found, stages
from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.sun import light_windows
from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.comparison import SCHEMA_ID, CaseCompared, Compared, Page, Span, WaySeen
from safeconduct.formats.validation import (
    Distance,
    Forecast,
    Group,
    No,
    Place,
    Record,
    Replay,
    Row,
    Shares,
    Sun,
    Transit,
    WhatIf,
    shipped_record,
    shipped_records,
)
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.known import as_known
from safeconduct.model.sources import Source
from safeconduct.model.space import LonLat
from safeconduct.wiring.rooms import means

DAY_H = 24.0
"""As for an assessment without ``--by``."""


def validate(name: str | None = None) -> Page:
    """
    Compare the shipped cases, or one of them, with what was reported.

    Args:
        name: A shipped case that has a record; None takes all, sorted.

    Raises:
        InvalidInput: There is no such case, or it has no record.
        Corrupt: A packaged record is not what was written.
    """
    names = tuple(shipped_records())
    if name is not None and name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise InvalidInput("no record to compare with", where=name, expected=f"one of {', '.join(names)}{hint}")
    chosen = names if name is None else (name,)
    command = "safeconduct validate" + ("" if name is None else f" {name}")
    return Page(SCHEMA_ID, command, tuple(compare(load_case(each), shipped_record(each)) for each in chosen))


def compare(case: Case, record: Record) -> CaseCompared:
    """
    All rows of *record*, computed from *case*.

    Raises:
        InvalidInput: A row names a place, way or event that the case does not have.
    """
    views = _Views(case, record)
    rows = tuple(made for row in record.rows for made in _made(views, row))
    used = {name for row in rows for name in (*row.sources, *(s for c in row.classes for s in c.sources))}
    titles = {**catalogue().sources, **{s.id: s for s in case.sources}}
    sources = tuple(Source(name, titles[name].title) for name in sorted(used & set(titles)))
    return CaseCompared(case.id, case.title, case.incident_at, case.seed, Draws(case.seed).draws, rows, sources)


def _made(views: _Views, row: Row) -> tuple[Compared, ...]:
    match row.what:
        case Distance():
            made = _distance(views, row, row.what)
        case Sun():
            made = _sun(views, row, row.what)
        case Transit():
            made = _transit(views, row, row.what)
        case Replay():
            made = _replay(views, row, row.what)
        case Forecast():
            made = _forecast(views, row, row.what)
        case Shares():
            return _shares(views, row, row.what)
        case WhatIf():
            made = _what_if(views, row, row.what)
        case No():
            made = _no(views, row, row.what)
    return (made,)


class _Views:
    """One case seen at several instants; what rows share is computed once."""

    def __init__(self, case: Case, record: Record) -> None:
        self.case, self.record = case, record
        self._worlds: dict[Instant, World] = {}
        self._answers: dict[tuple[Instant, Instant | None], Assessment] = {}

    def since(self, at: Instant) -> float:
        """Hours from the incident."""
        return hours_between(self.case.incident_at, at)

    def world(self, at: Instant) -> World:
        """The case in numbers as an assessment at *at* sees it, with the same draws."""
        if at not in self._worlds:
            by = self.case.incident_at + timedelta(hours=DAY_H)
            self._worlds[at], _ = build(as_known(self.case, at), at, by, means(), Draws(self.case.seed))
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
        return hits[0] if hits else _lacking(row, f"a way {name}")

    def event(self, row: Row, way: WayModel, event: str) -> Instant:
        """The first such event that the whole record has of the way's asset."""
        asset = next(a for a in self.case.assets if a.id == way.asset.id)
        hits = sorted(r.at for r in asset.records if r.event == event)
        return hits[0] if hits else _lacking(row, f"the event {event} of {asset.id}")

    def place(self, row: Row, place: Place) -> LonLat:
        """Where a named place is."""
        if not isinstance(place, str):
            return place
        bases = {b.id: b.position for b in self.case.bases}
        points = {e.id: e.place.points[0] for e in self.case.evidence if e.place and e.place.kind == "point"}
        where = {**points, **bases}.get(place)
        return where if where is not None else _lacking(row, f"a base or a report with one point called {place}")


def _lacking(row: Row, expected: str) -> NoReturn:
    raise InvalidInput("the case does not have what its record names", where=f"row {row.id}", expected=expected)


def _compared(row: Row, **values: Any) -> Compared:
    fixed = {"kind": row.kind, "says": row.says, "causes": row.causes, "note": row.cite.note}
    origin = {"grade": row.cite.grade, "sources": row.cite.sources}
    return Compared(**{"id": row.id, **fixed, **origin, "known_at": None, "span": None, **values})


def _distance(views: _Views, row: Row, what: Distance) -> Compared:
    km = distance_m(views.place(row, what.start), views.place(row, what.end)) / 1000.0
    off = km - what.reported_km
    return _compared(
        row,
        unit="km",
        predicted=km,
        reported=what.reported_km,
        difference=off,
        bound=f"within {what.tolerance_km:g} km",
        met=abs(off) <= what.tolerance_km,
    )


def _sun(views: _Views, row: Row, what: Sun) -> Compared:
    half = timedelta(hours=6)
    windows = light_windows(views.place(row, what.place), what.reported_at - half, what.reported_at + half)
    days = [w for w in windows if w.kind == "day"]
    edges = [w.end if what.event == "sunset" else w.start for w in days]
    if not edges:
        _lacking(row, f"a {what.event} within six hours of the reported one")
    predicted, reported = views.since(edges[0]), views.since(what.reported_at)
    off = predicted - reported
    return _compared(
        row,
        unit="T+h",
        predicted=predicted,
        reported=reported,
        difference=off,
        bound=f"within {what.tolerance_min:g} min",
        met=abs(off) * 60.0 <= what.tolerance_min,
    )


def _transit(views: _Views, row: Row, what: Transit) -> Compared:
    way = views.way(row, what.way, views.record.record_at)
    left, there = views.event(row, way, "take-off"), views.event(row, way, "on-scene")
    way = views.way(row, what.way, left)
    kind, planned = way.asset.type, sum(leg.distance_km or 0.0 for leg in way.plan.plan.legs)
    if kind is None or kind.cruise_kmh is None or planned <= 0.0:
        _lacking(row, f"a way {what.way} by air at a known speed")
    km = distance_m(views.place(row, what.start), views.place(row, what.end)) / 1000.0
    speed, reported = kind.cruise_kmh, hours_between(left, there)
    hours = km / speed.value
    span = _span(way.transit_h * (km / planned))  # the planned leg ends elsewhere; hours go with kilometres
    says = (
        f"{km:.2f} km at the sourced {speed.value:g} km/h ({', '.join(speed.cite.sources)}, grade {speed.cite.grade}) "
        f"are {hours:.2f} h; the recorded {reported:.2f} h are {km / reported:.0f} km/h"
    )
    return _compared(
        row,
        unit="h",
        known_at=left,
        predicted=hours,
        span=span,
        reported=reported,
        difference=hours - reported,
        bound="",
        met=None,
        inside=_inside(span, reported),
        note=". ".join(part for part in (says, row.cite.note) if part),
        sources=tuple(dict.fromkeys((*row.cite.sources, *speed.cite.sources))),
    )


def _replay(views: _Views, row: Row, what: Replay) -> Compared:
    made = _arrival(views, row, what.at, what.way, what.event)
    near = made.difference is not None and abs(made.difference) <= what.tolerance_h
    bound = f"the record inside p10-p90, and p50 within {what.tolerance_h:g} h of it"
    return replace(made, bound=bound, met=bool(made.inside) and near)


def _forecast(views: _Views, row: Row, what: Forecast) -> Compared:
    made = _arrival(views, row, what.at, what.way, what.event)
    span = made.span
    narrow = span is not None and span.p10 is not None and span.p90 is not None and span.p90 - span.p10 <= what.width_h
    return replace(made, bound=f"p90 - p10 at most {what.width_h:g} h", met=narrow)


def _arrival(views: _Views, row: Row, at: Instant, name: str, event: str) -> Compared:
    """Arrival of one way as known at *at*, in the order of an assessment: with its draws, quantiles and stages."""
    world, way = views.world(at), views.way(row, name, at)
    _, arrival = movement(way, asked_now(world))
    reported, span = views.since(views.event(row, way, event)), _span(arrival)
    compared = stages(views.answer(at), views.answer(views.record.record_at), name)
    inside = _inside(span, reported)
    return _compared(
        row,
        unit="T+h",
        known_at=at,
        predicted=span.p50,
        span=span,
        reported=reported,
        difference=None if span.p50 is None else span.p50 - reported,
        bound="",
        met=None,
        inside=inside,
        percentile=float(np.mean(arrival <= reported)),
        causes=row.causes if inside else (*row.causes, *found(compared)),
        stages=compared,
        classes=classes(world, way),
    )


def _shares(views: _Views, row: Row, what: Shares) -> tuple[Compared, ...]:
    budget = next((d for d in views.answer(what.at).delay if d.way == what.way), None)
    if budget is None or budget.until != what.until:
        _lacking(row, f"a delay budget of {what.way} until {what.until}")
    made = []
    for index, group in enumerate(what.groups, start=1):
        share = sum(s.share or 0.0 for s in budget.stages if _belongs(s.stage, group))
        off = share - group.reported
        made.append(
            _compared(
                row,
                id=f"{row.id}.{index}",
                says=group.says,
                unit="share",
                known_at=what.at,
                predicted=share,
                reported=group.reported,
                difference=off,
                bound=f"within {100.0 * what.tolerance:g} points",
                met=abs(off) <= what.tolerance,
                note=row.cite.note if index == 1 else "",
            )
        )
    return tuple(made)


def _belongs(stage: str, group: Group) -> bool:
    return any(stage == head or stage.startswith(f"{head} ") for head in group.stages)


def _what_if(views: _Views, row: Row, what: WhatIf) -> Compared:
    way = _answered(views, row, what)
    arrival = None if way.arrival is None else way.arrival.p50
    predicted = None if arrival is None else views.since(arrival)
    off = None if predicted is None else predicted - what.reported_h
    return _compared(
        row,
        unit="T+h",
        known_at=what.at,
        predicted=predicted,
        reported=what.reported_h,
        difference=off,
        bound=f"within {what.tolerance_h:g} h",
        met=off is not None and abs(off) <= what.tolerance_h,
    )


def _answered(views: _Views, row: Row, what: WhatIf) -> Answered:
    hits = [w for w in views.answer(what.at, what.request).ways if w.id == what.way]
    return hits[0] if hits else _lacking(row, f"a way {what.way}")


def _no(views: _Views, row: Row, what: No) -> Compared:
    world = views.world(what.at)
    regime, models = asked_now(world), {w.id: w for w in world.ways}
    ways, firsts = [], []
    for way in views.answer(what.at).ways:
        if way.provider == views.case.host:
            continue
        _, arrival = movement(models[way.id], regime)
        counts = way.kind != "remote"
        if counts:
            firsts.append(float(arrival.min()))
        never = not np.isfinite(arrival).any()
        span = None if never else _span(arrival)
        asset = way.asset
        ways.append(
            WaySeen(
                way.id,
                way.provider,
                asset.name,
                asset.hypothetical,
                counts,
                span,
                way.verdict,
                way.because.says,
                tuple(c.says for c in way.other_causes),
            )
        )
    first = min((h for h in firsts if np.isfinite(h)), default=None)
    return _compared(
        row,
        unit="T+h",
        known_at=what.at,
        predicted=first,
        reported=what.within_h,
        difference=None if first is None else first - what.within_h,
        bound=f"no draw of any way earlier than T+{what.within_h:g} h",
        met=first is None or first > what.within_h,
        ways=tuple(ways),
    )


def _span(hours: Array) -> Span:
    low, middle, high = np.quantile(hours, [0.1, 0.5, 0.9], method="inverted_cdf").tolist()
    return Span(_finite(low), _finite(middle), _finite(high))


def _finite(hours: float) -> float | None:
    return hours if np.isfinite(hours) else None


def _inside(span: Span, reported: float) -> bool:
    return span.p10 is not None and span.p10 <= reported and (span.p90 is None or reported <= span.p90)
