"""What is granted when, and when each way then arrives, finds and reaches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from safeconduct.assessment.board import Permit
from safeconduct.assessment.draws import Array
from safeconduct.assessment.world import WayModel, World
from safeconduct.model.instants import hours_between

NEVER = math.inf

ONE_NOTE = frozenset({"entry", "overflight", "unmanned", "landing", "sensor", "arms", "frequency"})


@dataclass(frozen=True, slots=True)
class Regime:
    """
    One answer to *what is granted when*.

    Args:
        grants: Hours at which each clearance is granted: a number or shape (draws,); inf is never.

        alarms: Hours at which each party comes to know; absent is never.

        floor: Nothing that has not left yet leaves before it, and nothing is found before it.

        records: Whether recorded departures and arrivals count.

        ends: Hours at which a grant runs out; absent where it has no stated end. What has not crossed by then does
            not cross.
    """

    grants: Mapping[str, Array | float]
    alarms: Mapping[str, float]
    floor: float
    records: bool = True
    ends: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one way does in one regime, hours since the incident.

    Args:
        departure: Shape (draws,).

        arrival: Shape (draws,).

        found: Shape (draws, chances), by this way alone.

        until: Hours at which it left the scene; inf while it is there.
    """

    departure: Array
    arrival: Array
    found: Array
    until: float = NEVER


def granted_h(world: World, permit: Permit) -> float:
    """Hours at which it was granted; inf if it is not granted now."""
    if permit.granted_at is None:
        return NEVER
    return hours_between(world.case.incident_at, permit.granted_at)


def nothing_more(world: World) -> Regime:
    """Only what is granted."""
    start = world.case.incident_at
    ends = {p.id: hours_between(start, p.granted_until) for p in world.permits if p.granted_until is not None}
    return Regime({p.id: granted_h(world, p) for p in world.permits}, world.alarms, world.at, ends=ends)


def with_granted(world: World, names: Iterable[str], at: float) -> Regime:
    """What is granted, and *names* at *at*."""
    base = nothing_more(world)
    chosen = set(names)
    grants = {p.id: min(granted_h(world, p), at) if p.id in chosen else granted_h(world, p) for p in world.permits}
    return replace(base, grants=grants)


def all_now(world: World) -> Regime:
    """Every open clearance granted at the instant of the assessment."""
    return with_granted(world, open_ids(world), world.at)


def open_ids(world: World) -> tuple[str, ...]:
    """Clearances to which a yes could still come."""
    return tuple(p.id for p in world.permits if p.open)


def told(world: World, at: float) -> dict[str, float]:
    """Alarms where everybody not yet alarmed is told at *at*."""
    providers = {w.asset.provider for w in world.ways}
    return {p: min(world.alarms.get(p, NEVER), at) for p in providers}


def as_it_stands(world: World) -> Regime:
    """Asked clearances answered by their lead times, unasked ones never."""
    return replace(nothing_more(world), grants={p.id: _stands(world, p) for p in world.permits})


def asked_now(world: World) -> Regime:
    """As it stands, with every open clearance not yet asked being asked now, and everybody told."""
    grants = {p.id: _stands(world, p) for p in world.permits}
    for permit in world.permits:
        if permit.open and permit.asked_at is None and permit.lead_time_h is not None:
            grants[permit.id] = world.at + world.draws.of(permit.lead_time_h, stream(permit))
    return replace(nothing_more(world), grants=grants, alarms=told(world, world.at))


def stream(permit: Permit) -> str:
    """
    Name of the draws of its lead time: one note carries a state's leave for flight, landing, sensors, arms and
    radio, so their answers come early or late together.
    """
    if permit.kind in ONE_NOTE:
        return f"lead:{permit.authority}:{permit.provider}:note"
    return f"lead:{permit.id}"


def _stands(world: World, permit: Permit) -> Array | float:
    if permit.granted_at is not None or not permit.open or permit.asked_at is None or permit.lead_time_h is None:
        return granted_h(world, permit)
    asked = hours_between(world.case.incident_at, permit.asked_at)
    waited = world.at - asked
    answered: Array = asked + world.draws.beyond(permit.lead_time_h, stream(permit), waited)
    return np.maximum(answered, world.at)


def all_at(world: World, when: Mapping[str, float] | float, *, alarms: Mapping[str, float] | None = None) -> Regime:
    """
    A counterfactual: everything, refused or not, granted at an hour (one for all, or one for each provider), with no
    regard to what was recorded.
    """
    hours = {p.id: when if isinstance(when, int | float) else when.get(p.provider, NEVER) for p in world.permits}
    return Regime(hours, alarms if alarms is not None else told(world, -NEVER), -NEVER, records=False)


Finds: TypeAlias = dict[tuple[str, bytes], Array]
"""What ways, by name, find from each start: most changes of a regime leave most starts as they were."""


def outcome(way: WayModel, regime: Regime, known: Finds | None = None) -> Outcome:
    """
    When *way* leaves, arrives and finds under *regime*; inf for never.

    Args:
        known: Finds of the same ways under other regimes, to be used and added to.
    """
    departure, arrival = movement(way, regime)
    start = np.maximum(arrival, regime.floor)
    finds = {} if known is None else known
    key = way.id, start.tobytes()
    if key not in finds:
        finds[key] = _finding(way, start)
    found = finds[key]
    if regime.records and way.ended is not None:
        return Outcome(departure, arrival, np.where(found <= way.ended, found, NEVER), way.ended)
    return Outcome(departure, arrival, found)


def movement(way: WayModel, regime: Regime) -> tuple[Array, Array]:
    """Departure and arrival, each of shape (draws,): it may start before the last answer, but not cross before it."""
    trip = journey(way, regime)
    return trip.departure, trip.arrival


@dataclass(frozen=True, slots=True)
class Journey:
    """
    One way under one regime, hours since the incident, each of shape (draws,).

    Args:
        there: When it would be on scene whatever the weather.

        arrival: When it is on scene.

        points: (name, hour) of what ends on the way, in order: holds and legs; empty where the chain is not spelt out,
            or where the whole way is on record.
    """

    departure: Array
    there: Array
    arrival: Array
    points: tuple[tuple[str, Array], ...] = ()


def journey(way: WayModel, regime: Regime) -> Journey:
    """When *way* leaves, gets through its chain, and is on scene."""
    size = way.mobilise_h.size
    never = np.full(size, NEVER)
    if regime.records and way.arrived is not None:
        there = np.full(size, way.arrived)
        return Journey(np.full(size, way.departed if way.departed is not None else way.arrived), there, there)
    if way.bar or way.grounded or not way.plan.plan.legs or (regime.records and way.ended is not None):
        return Journey(never, never, never)
    cleared = np.full(size, -NEVER)
    for need in way.needs:
        if need.own and need.leg is None:
            cleared = np.maximum(cleared, regime.grants.get(need.clearance, NEVER) - need.first_h)
    if regime.records and way.departed is not None:
        departure = np.full(size, way.departed)
        moving = np.maximum(departure, cleared)
    else:
        departure = np.maximum(np.maximum(started(way, regime) + way.mobilise_h, cleared), regime.floor)
        moving = departure
    in_date = np.ones(size, dtype=np.bool_)
    for need in way.needs:
        if need.own and need.leg is None:
            in_date &= moving + need.first_h < regime.ends.get(need.clearance, NEVER)
    points, there = _through(way, regime, np.where(in_date, moving, NEVER))
    there = np.maximum(there, regime.floor)
    return Journey(departure, there, way.arrive.opens(there), points)


def _through(way: WayModel, regime: Regime, moving: Array) -> tuple[tuple[tuple[str, Array], ...], Array]:
    """
    (points, end) of the legs begun at *moving*: each leg waits for what it needs on the spot.

    What is recorded as done is done; the rest goes on from there, not before the assessment.
    """
    held = [need for need in way.needs if need.leg is not None and need.own]
    ended = dict(way.done) if regime.records else {}
    if not held and not way.waits and not ended and not way.asset.steps:
        return (), moving + way.transit_h
    points: list[tuple[str, Array]] = []
    now, last = moving, max(ended, default=-1)
    for index, leg in enumerate(way.plan.plan.legs):
        if index <= last:
            now = np.where(np.isfinite(now), ended[index], now) if index in ended else now
            continue
        for need in (n for n in held if n.leg == index):
            granted = np.maximum(now, regime.grants.get(need.clearance, NEVER))
            now = np.where(granted < regime.ends.get(need.clearance, NEVER), granted, NEVER)
            points.append((f"approval {need.clearance}", now))
        for wait in (w for w in way.waits if w.leg == index):
            for other in wait.others:
                now = np.maximum(now, journey(other, regime).there)
                points.append((f"waiting for {other.asset.id}", now))
            if wait.after is not None and regime.records:
                now = np.maximum(now, wait.after)
                points.append(("waiting for a dated event", now))
        now = now + way.legs_h[index]
        points.append((leg_name(leg.mode, leg.id), now))
    return tuple(points), now


def leg_name(mode: str, step: str) -> str:
    """How a leg is called among the stages of a delay."""
    words = {"handle": "handling", "land": "handling", "formalities": "formalities"}
    return f"{words.get(mode, 'transit')} {step}".strip()


def started(way: WayModel, regime: Regime) -> Array | float:
    """The event that starts mobilisation; a request tells a provider, one that is never told never starts."""
    start = way.asset.mobilisation_start
    asked = regime.grants.get(way.request, NEVER) if way.request else NEVER
    # A permission that stood before the incident tells nobody of it.
    known = np.minimum(regime.alarms.get(way.asset.provider, NEVER), np.where(np.less(asked, 0.0), NEVER, asked))
    if start == "request" and way.request:
        return np.where(np.less(asked, 0.0), known, asked)
    if start == "approval" and way.approval:
        approved = regime.grants.get(way.approval, NEVER)
        return np.where(np.less(approved, 0.0), known, approved)
    return known


def _finding(way: WayModel, start: Array) -> Array:
    if way.search is None:
        return np.full(way.work_h.shape, NEVER)
    if way.strikes is not None:
        shown = way.search.opens(start)[:, None]
        return np.where(way.strikes > 0.0, shown, NEVER)
    return way.search.finishes(start, way.work_h)
