"""Each row of a record, computed from its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from safeconduct.assessment.answer import Way as Answered
from safeconduct.assessment.regimes import asked_now, movement
from safeconduct.desk.stages import classes, found, stage_row, stages
from safeconduct.desk.views import Views, compared, inside, lacking, span_of
from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.sun import light_windows
from safeconduct.formats.comparison import Compared, WaySeen
from safeconduct.formats.validation import (
    Distance,
    Forecast,
    Group,
    No,
    Replay,
    Row,
    Shares,
    StageTold,
    Sun,
    Transit,
    WhatIf,
)
from safeconduct.model.instants import Instant, hours_between


def made_of(views: Views, row: Row) -> tuple[Compared, ...]:
    """
    What a row says when it is computed; several for shares.

    Raises:
        InvalidInput: The row names what the case does not have.
    """
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
        case StageTold():
            made = stage_row(views, row, row.what)
    return (made,)


def _distance(views: Views, row: Row, what: Distance) -> Compared:
    km = distance_m(views.place(row, what.start), views.place(row, what.end)) / 1000.0
    off = km - what.reported_km
    return compared(
        row,
        unit="km",
        predicted=km,
        reported=what.reported_km,
        difference=off,
        bound=f"within {what.tolerance_km:g} km",
        met=abs(off) <= what.tolerance_km,
    )


def _sun(views: Views, row: Row, what: Sun) -> Compared:
    half = timedelta(hours=6)
    windows = light_windows(views.place(row, what.place), what.reported_at - half, what.reported_at + half)
    days = [w for w in windows if w.kind == "day"]
    edges = [w.end if what.event == "sunset" else w.start for w in days]
    if not edges:
        lacking(row, f"a {what.event} within six hours of the reported one")
    predicted, reported = views.since(edges[0]), views.since(what.reported_at)
    off = predicted - reported
    return compared(
        row,
        unit="T+h",
        predicted=predicted,
        reported=reported,
        difference=off,
        bound=f"within {what.tolerance_min:g} min",
        met=abs(off) * 60.0 <= what.tolerance_min,
    )


def _transit(views: Views, row: Row, what: Transit) -> Compared:
    way = views.way(row, what.way, views.record.record_at)
    left, there = views.event(row, way, "take-off"), views.event(row, way, "on-scene")
    way = views.way(row, what.way, left)
    kind, planned = way.asset.type, sum(leg.distance_km or 0.0 for leg in way.plan.plan.legs)
    if kind is None or kind.cruise_kmh is None or planned <= 0.0:
        lacking(row, f"a way {what.way} by air at a known speed")
    km = distance_m(views.place(row, what.start), views.place(row, what.end)) / 1000.0
    speed, reported = kind.cruise_kmh, hours_between(left, there)
    hours = km / speed.value
    span = span_of(way.transit_h * (km / planned))  # the planned leg ends elsewhere; hours go with kilometres
    says = (
        f"{km:.2f} km at the sourced {speed.value:g} km/h ({', '.join(speed.cite.sources)}, grade {speed.cite.grade}) "
        f"are {hours:.2f} h; the recorded {reported:.2f} h are {km / reported:.0f} km/h"
    )
    return compared(
        row,
        unit="h",
        known_at=left,
        predicted=hours,
        span=span,
        reported=reported,
        difference=hours - reported,
        bound="",
        met=None,
        inside=inside(span, reported),
        note=". ".join(part for part in (says, row.cite.note) if part),
        sources=tuple(dict.fromkeys((*row.cite.sources, *speed.cite.sources))),
    )


def _replay(views: Views, row: Row, what: Replay) -> Compared:
    made = _arrival(views, row, what.at, what.way, what.event)
    near = made.difference is not None and abs(made.difference) <= what.tolerance_h
    bound = f"the record inside p10-p90, and p50 within {what.tolerance_h:g} h of it"
    return replace(made, bound=bound, met=bool(made.inside) and near)


def _forecast(views: Views, row: Row, what: Forecast) -> Compared:
    made = _arrival(views, row, what.at, what.way, what.event)
    span = made.span
    narrow = span is not None and span.p10 is not None and span.p90 is not None and span.p90 - span.p10 <= what.width_h
    return replace(made, bound=f"p90 - p10 at most {what.width_h:g} h", met=narrow)


def _arrival(views: Views, row: Row, at: Instant, name: str, event: str) -> Compared:
    """Arrival of one way as known at *at*, in the order of an assessment: with its draws, quantiles and stages."""
    world, way = views.world(at), views.way(row, name, at)
    _, arrival = movement(way, asked_now(world))
    reported, span = views.since(views.event(row, way, event)), span_of(arrival)
    told = stages(views.answer(at), views.answer(views.record.record_at), name)
    within = inside(span, reported)
    return compared(
        row,
        unit="T+h",
        known_at=at,
        predicted=span.p50,
        span=span,
        reported=reported,
        difference=None if span.p50 is None else span.p50 - reported,
        bound="",
        met=None,
        inside=within,
        percentile=float(np.mean(arrival <= reported)),
        causes=row.causes if within else (*row.causes, *found(told)),
        stages=told,
        classes=classes(world, way),
    )


def _shares(views: Views, row: Row, what: Shares) -> tuple[Compared, ...]:
    budget = next((d for d in views.answer(what.at).delay if d.way == what.way), None)
    if budget is None or budget.until != what.until:
        lacking(row, f"a delay budget of {what.way} until {what.until}")
    made = []
    for index, group in enumerate(what.groups, start=1):
        share = sum(s.share or 0.0 for s in budget.stages if _belongs(s.stage, group))
        off = share - group.reported
        made.append(
            compared(
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


def _what_if(views: Views, row: Row, what: WhatIf) -> Compared:
    way = _answered(views, row, what)
    arrival = None if way.arrival is None else way.arrival.p50
    predicted = None if arrival is None else views.since(arrival)
    off = None if predicted is None else predicted - what.reported_h
    return compared(
        row,
        unit="T+h",
        known_at=what.at,
        predicted=predicted,
        reported=what.reported_h,
        difference=off,
        bound=f"within {what.tolerance_h:g} h",
        met=off is not None and abs(off) <= what.tolerance_h,
    )


def _answered(views: Views, row: Row, what: WhatIf) -> Answered:
    hits = [w for w in views.answer(what.at, what.request).ways if w.id == what.way]
    return hits[0] if hits else lacking(row, f"a way {what.way}")


def _no(views: Views, row: Row, what: No) -> Compared:
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
        span = None if never else span_of(arrival)
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
    return compared(
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
