"""Where the hours go: the critical path of each way by stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from safeconduct.assessment.answer import Delay, Quantiles, Stage
from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import NEVER, Journey, Regime, journey, leg_name, started
from safeconduct.assessment.world import WayModel, World
from safeconduct.model.assets import Record
from safeconduct.model.instants import hours_between


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """End of a stage: hours since the incident by draw, and whether it is a fact."""

    stage: str
    at: Array
    recorded: bool
    contested: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """
    One stage of a way: hours since the incident at which it begins and ends, shape (draws in which it arrives,).

    Args:
        draws: Which draws those are.
    """

    stage: str
    begin: Array
    end: Array
    draws: Array
    recorded: bool
    contested: bool
    note: str


def spans(world: World, way: WayModel, regime: Regime) -> tuple[Span, ...]:
    """
    Stages of one way from the incident to its effect; each stage is the time that it adds to the latest end so far, so
    that they sum to the whole. None at all where the way never arrives. Recorded steps stand as they are.
    """
    marks = list(_marks(world, way, regime))
    if not marks or not np.isfinite(marks[-1].at).any():
        return ()
    alive = np.isfinite(marks[-1].at)
    draws = np.flatnonzero(alive).astype(np.float64)
    before = np.zeros(int(alive.sum()))
    out = []
    for mark in marks:
        end = np.clip(mark.at[alive], before, marks[-1].at[alive])  # what is recorded as done waited for nothing
        out.append(Span(mark.stage, before, end, draws, mark.recorded, mark.contested, mark.note))
        before = end
    return tuple(out)


def delay(world: World, way: WayModel, regime: Regime) -> Delay | None:
    """
    The `spans` of one way in quantiles. None where the way never arrives.

    Recorded steps stand as they are; the others are drawn. Shares are of the sum of the stages in the mean.
    """
    found = spans(world, way, regime)
    if not found:
        return None
    whole = found[-1].end
    total = float(np.mean(whole))
    stages = tuple(_stage(s, s.end - s.begin, total) for s in found if s.recorded or (s.end - s.begin).max() > 0.0)
    until = {"search": "a reported find", "work": "the end of its work"}.get(found[-1].stage, "on scene")
    return Delay(way.id, until, _quantiles(whole), stages)


def _stage(mark: Span, span: Array, total: float) -> Stage:
    share = float(np.mean(span)) / total if total > 0.0 else None
    return Stage(mark.stage, _quantiles(span), share, mark.recorded, mark.contested, mark.note)


def _quantiles(values: Array) -> Quantiles:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9], method="inverted_cdf")
    return Quantiles(float(low), float(middle), float(high))


def _marks(world: World, way: WayModel, regime: Regime) -> Iterator[_Mark]:
    trip = journey(way, regime)
    recorded = way.departed is not None and regime.records
    moved = regime.records and (way.departed is not None or way.arrived is not None)
    waits = [w for w in _approvals(world, way, regime) if w[1].recorded or not moved]
    starts = [w for kind, w in waits if kind == "deploy" and way.asset.mobilisation_start == "approval"]
    gates = [w for _, w in waits if w not in starts and w.stage in _at_departure(world, way)] if recorded else []
    for mark in (*_asked(world, way, regime, moved=moved), *starts, *gates):
        # What came after it had begun to move held nothing up.
        early = way.begun if regime.records and way.begun is not None else NEVER
        yield replace(mark, at=np.minimum(mark.at, early))
    ready = trip.departure if recorded else np.minimum(started(way, regime) + way.mobilise_h, trip.departure)
    yield _Mark("mobilisation", ready, recorded=recorded)
    if not recorded:
        yield from (w for _, w in waits if w not in starts)
        yield _Mark("waiting to leave", trip.departure, recorded=False)
    yield from _moving(way, regime, trip)
    yield from _effect(world, way, trip.arrival)


def _at_departure(world: World, way: WayModel) -> frozenset[str]:
    """Stages of approvals that the case says it needed before it left; other hours of grants are upper bounds."""
    permits = (world.permit(need.clearance) for need in way.needs)
    return frozenset(f"approval {p.id}" for p in permits if p.record is not None and p.record.gate == "departure")


def _asked(world: World, way: WayModel, regime: Regime, *, moved: bool) -> Iterator[_Mark]:
    """Becoming known, and the host's request; after an offer it is the host's acceptance that is waited for."""
    size = way.mobilise_h.size
    alarm = world.alarms.get(way.asset.provider)
    request = _granted(world, way.request)
    told = [h for h in (alarm, request) if h is not None]
    if told:
        yield _Mark("becoming known", np.full(size, min(told)), recorded=True)
    elif way.asset.provider in regime.alarms:
        yield _Mark("becoming known", np.full(size, regime.alarms[way.asset.provider]), recorded=False)
    if way.request and (request is not None or not moved):
        at = np.zeros(size) + regime.grants.get(way.request, NEVER)
        offered = _offered(world, way)
        if offered is not None:
            yield _Mark("request", np.minimum(at, offered), recorded=True)
            yield _Mark("acceptance", at, recorded=request is not None)
        else:
            yield _Mark("request", at, recorded=request is not None)
        yield from _acknowledged(world, way, size)


def _offered(world: World, way: WayModel) -> float | None:
    """Hours at which the provider offered help; None where it did not. Its consent is asked once for all its assets."""
    ours = (a for a in world.case.assets if a.provider == way.asset.provider)
    own = [asset.offered.at for asset in ours if asset.offered is not None]
    general = [o.at for o in world.case.offers if o.party == way.asset.provider]
    hours = [hours_between(world.case.incident_at, at) for at in (*own, *general)]
    return min(hours, default=None)


def _moving(way: WayModel, regime: Regime, trip: Journey) -> Iterator[_Mark]:
    """From the departure to the scene, leg by leg where the case spells the chain out."""
    arrived = way.arrived is not None and regime.records
    if way.asset.steps:
        yield from _past(way, trip, arrived=arrived) if regime.records else ()
        yield from (_Mark(name, at, recorded=False) for name, at in trip.points)
    yield _Mark("transit", trip.there, recorded=arrived and not way.asset.steps)
    yield _Mark("waiting for weather", trip.arrival, recorded=False)


def _past(way: WayModel, trip: Journey, *, arrived: bool) -> Iterator[_Mark]:
    """
    Legs whose end is on record. Legs between two recorded hours that no source tells apart share them as predicted.
    """
    legs = way.plan.plan.legs
    ends = dict(way.done)
    if arrived and way.arrived is not None:
        ends[len(legs) - 1] = way.arrived
    first, begin = 0, trip.departure
    for last, hour in sorted(ends.items()):
        taken = np.cumsum(way.legs_h[first : last + 1], axis=0)
        whole = np.maximum(taken[-1], 1e-9)
        for index in range(first, last + 1):
            started_h = np.where(np.isfinite(begin), begin, hour)  # no departure is on record: nothing is known before
            at = started_h + (hour - started_h) * taken[index - first] / whole
            alone = first == last
            note = "" if alone else "not told apart by the record: shared out as predicted"
            yield _Mark(leg_name(legs[index].mode, legs[index].id), at, recorded=alone, note=note)
        first, begin = last + 1, np.full(begin.size, hour)


def _effect(world: World, way: WayModel, arrival: Array) -> Iterator[_Mark]:
    """The find, or at a known place the work."""
    known = world.found is not None and world.found <= 0.0
    find = next((r for r in way.asset.records if r.event in ("find", "reached")), None)
    if find is not None:
        yield _found(world, find, arrival.size, "work" if known and find.event == "reached" else "search")
    elif known and way.on_scene_h is not None:
        yield _Mark("work", arrival + way.on_scene_h, recorded=False)


def _found(world: World, find: Record, size: int, stage: str) -> _Mark:
    at = hours_between(world.case.incident_at, find.at)
    return _Mark(stage, np.full(size, at), recorded=True, contested=find.contested, note=find.note)


def _granted(world: World, name: str) -> float | None:
    if not name:
        return None
    at = world.permit(name).granted_at
    return None if at is None else hours_between(world.case.incident_at, at)


def _acknowledged(world: World, way: WayModel, size: int) -> Iterator[_Mark]:
    record = world.permit(way.request).record
    for event in record.events if record else ():
        if event.status == "acknowledged":
            at = hours_between(world.case.incident_at, event.at)
            yield _Mark("acknowledgement", np.full(size, at), recorded=True)


def _approvals(world: World, way: WayModel, regime: Regime) -> list[tuple[str, _Mark]]:
    """(kind, mark) of each answer other than the request, as late as it may come without delaying the departure."""
    size = way.mobilise_h.size
    waits = []
    for need in way.needs:
        permit = world.permit(need.clearance)
        if permit.kind != "request":
            at = np.zeros(size) + regime.grants.get(permit.id, NEVER) - need.first_h
            mark = _Mark(f"approval {permit.id}", at, recorded=permit.granted_at is not None)
            waits.append((float(np.median(at)), permit.kind, mark))
    waits.sort(key=lambda w: (w[0], w[2].stage))
    return [(kind, mark) for _, kind, mark in waits]
