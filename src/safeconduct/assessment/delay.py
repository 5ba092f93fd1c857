"""Where the hours go: the critical path of each way by stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.answer import Delay, Quantiles, Stage
from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import NEVER, Regime, movement, started
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


def delay(world: World, way: WayModel, regime: Regime) -> Delay | None:
    """
    Stages of one way from the incident to its effect; each stage is the time that it adds to the latest end so far, so
    that they sum to the whole. None where the way never arrives.

    Recorded steps stand as they are; the others are drawn. Shares are of the sum of the stages in the mean.
    """
    marks = list(_marks(world, way, regime))
    if not marks or not np.isfinite(marks[-1].at).any():
        return None
    alive = np.isfinite(marks[-1].at)
    before = np.zeros(int(alive.sum()))
    spans = []
    for mark in marks:
        end = np.clip(mark.at[alive], before, marks[-1].at[alive])  # what is recorded as done waited for nothing
        spans.append((mark, end - before))
        before = end
    total = float(np.mean(before))
    stages = tuple(_stage(mark, span, total) for mark, span in spans if mark.recorded or span.max() > 0.0)
    until = "a reported find" if marks[-1].stage == "search" else "on scene"
    return Delay(way.id, until, _quantiles(before), stages)


def _stage(mark: _Mark, span: Array, total: float) -> Stage:
    share = float(np.mean(span)) / total if total > 0.0 else None
    return Stage(mark.stage, _quantiles(span), share, mark.recorded, mark.contested, mark.note)


def _quantiles(values: Array) -> Quantiles:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9], method="inverted_cdf")
    return Quantiles(float(low), float(middle), float(high))


def _marks(world: World, way: WayModel, regime: Regime) -> Iterator[_Mark]:
    size = way.mobilise_h.size
    alarm = world.alarms.get(way.asset.provider)
    request = _granted(world, way.request)
    told = [h for h in (alarm, request) if h is not None]
    if told:
        yield _Mark("becoming known", np.full(size, min(told)), recorded=True)
    elif way.asset.provider in regime.alarms:
        yield _Mark("becoming known", np.full(size, regime.alarms[way.asset.provider]), recorded=False)
    moved = regime.records and (way.departed is not None or way.arrived is not None)
    if way.request and (request is not None or not moved):
        at = regime.grants.get(way.request, NEVER)
        yield _Mark("request", np.zeros(size) + at, recorded=request is not None)
        yield from _acknowledged(world, way, size)
    departure, arrival = movement(way, regime)
    recorded = way.departed is not None and regime.records
    waits = [w for w in _approvals(world, way, regime) if w[1].recorded or not moved]
    starts = [w for kind, w in waits if kind == "deploy" and way.asset.mobilisation_start == "approval"]
    yield from starts
    ready = departure if recorded else np.minimum(started(way, regime) + way.mobilise_h, departure)
    yield _Mark("mobilisation", ready, recorded=recorded)
    if not recorded:
        yield from (w for _, w in waits if w not in starts)
        yield _Mark("waiting to leave", departure, recorded=False)
    yield _Mark("transit", arrival, recorded=way.arrived is not None and regime.records)
    find = next((r for r in way.asset.records if r.event in ("find", "reached")), None)
    if find is not None:
        yield _found(world, find, size)


def _found(world: World, find: Record, size: int) -> _Mark:
    at = hours_between(world.case.incident_at, find.at)
    return _Mark("search", np.full(size, at), recorded=True, contested=find.contested, note=find.note)


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
