"""
Chains of legs with stops and hand-overs: every Pareto-optimal (hours, leaves) journey from a base to a site.

A label is (where, with which carrier, hours, leaves, stops made); it beats another of the same place and carrier if it
is no later, needs no other leave and has made no more stops. Every carrier starts each leg with full fuel, so that
range bounds a leg and is no part of a label.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from safeconduct.model.assets import AssetType
from safeconduct.model.sources import Spread
from safeconduct.model.space import LonLat

JOURNEY_LABELS = 60_000
"""Partial journeys looked at before the search gives up on the whole front."""

JOURNEY_SECONDS = 30.0
"""Time after which it does so too."""


@dataclass(frozen=True, slots=True, order=True)
class Leave:
    """
    One state's leave for the craft of one provider.

    Args:
        state: Who gives it.

        kind: ``overflight``, ``landing`` or ``sea`` (its territorial sea).

        provider: State of the craft that needs it.
    """

    state: str
    kind: str
    provider: str


@dataclass(frozen=True, slots=True)
class Spot:
    """
    Where a leg starts or ends.

    Args:
        id: Unique among the spots of one question.

        state: On whose land it lies; empty for a site, whose states the last leg itself enters.

        fits: Whether the runway does for each type of carrier that needs one: ids of types; others may not land.

        unsure: Ids of types for which that is not known.
    """

    id: str
    name: str
    position: LonLat
    state: str = ""
    fits: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Carrier:
    """
    A craft with its provider.

    Args:
        kind: Its type.

        provider: Its state; empty where it is the state of the spot at which it takes over.

        at: Id of the one spot at which it takes over; empty for any, or for the carrier of the first leg.
    """

    kind: AssetType
    provider: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """
    One way of one leg.

    Args:
        hours: Under way.

        distance_km: Over ground or sea.

        spent_km: What of the range it takes: the distance in still air.

        enters: States whose airspace or territorial sea it enters, the provider's own left out.

        path: Points joined by geodesic legs.
    """

    hours: Spread
    distance_km: float
    spent_km: float
    enters: frozenset[str]
    path: tuple[LonLat, ...]


class HopFinder(Protocol):
    """What finds the ways of one leg."""

    def hops(self, start: Spot, end: Spot, kind: AssetType, provider: str) -> tuple[Hop, ...]:
        """All Pareto-optimal (hours, states entered) ways of a leg; those too long to be of interest may be missing."""
        ...

    def least_km(self, start: Spot, end: Spot, kind: AssetType) -> float:
        """A lower bound of what any way of the leg spends, kilometres; quick."""
        ...

    def apart_km(self, start: Spot, end: Spot, kind: AssetType) -> float:
        """A lower bound of what all legs of any chain between two spots spend together if *kind* flew them all."""
        ...


@dataclass(frozen=True, slots=True)
class JourneyLeg:
    """
    A leg as part of a journey.

    Args:
        carrier: Id of the type.

        provider: Its state.

        mode: ``fly`` or ``sail``.

        leaves: What its carrier needs, for this leg and for landing at its end.

        stop: ``refuel`` or ``hand-over`` at its end; empty at the site.
    """

    start: Spot
    end: Spot
    carrier: str
    provider: str
    mode: str
    hop: Hop
    leaves: frozenset[Leave]
    stop: str


@dataclass(frozen=True, slots=True)
class Journey:
    """
    One chain.

    Args:
        legs: In order, at least one.

        hours: p50 of the legs and the stops, added.

        leaves: Of all legs.
    """

    legs: tuple[JourneyLeg, ...]
    hours: float
    leaves: frozenset[Leave]


@dataclass(frozen=True, slots=True)
class Journeys:
    """
    The front, by rising hours.

    Args:
        complete: Whether every journey within the limits was looked at.

        proved_h: Every journey up to so many hours was looked at; None where *complete*.

        labels: Partial journeys looked at.
    """

    found: tuple[Journey, ...]
    complete: bool
    proved_h: float | None
    labels: int


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked.

    Args:
        start: The base.

        end: The site.

        first: The carrier of the first leg; its provider is given.

        relays: Carriers that may take over.

        stops: Spots where a carrier may refuel or hand over.

        most_stops: Most of both together.

        most_states: Most states whose leave is needed; None: any number.

        stop_h: Hours of a stop, refuelling or hand-over.

        reach_km: For each type what one filling allows, reserve taken off; None where unknown.

        ends: Ids of the types that may take the last leg; empty: all. An aeroplane that carries people sets nobody
            down at a site.

    """

    start: Spot
    end: Spot
    first: Carrier
    relays: tuple[Carrier, ...]
    stops: tuple[Spot, ...]
    most_stops: int
    most_states: int | None
    stop_h: Spread
    reach_km: dict[str, float | None]
    ends: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Label:
    hours: float
    leaves: frozenset[Leave]
    spot: Spot
    carrier: Carrier
    legs: tuple[JourneyLeg, ...]


def journeys(
    question: Question,
    finder: HopFinder,
    *,
    labels: int = JOURNEY_LABELS,
    seconds: float = JOURNEY_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Journeys:
    """
    All Pareto-optimal (hours, leaves) journeys; dominance is not later and a subset.

    A carrier lands only where its runway may do. Where it hands over, its provider needs leave to land unless the spot
    lies in its own state; so does the provider of the carrier that takes over, which must have come there.

    Args:
        question: What is asked.

        finder: Finds the ways of single legs; each leg is asked for once for each type and provider.

        labels: Budget; when it is spent the answer says up to which hour it is whole.

        seconds: Budget of time; the same, looked at before each label.

        clock: Seconds that only go forward.
    """
    hops, until = _Hops(question, finder), clock() + seconds
    arrived: list[_Label] = []
    settled: dict[tuple[str, str, str], list[_Label]] = {}
    queue: list[tuple[float, int, int, _Label]] = []
    made = 0
    start = _Label(0.0, frozenset(), question.start, question.first, ())
    heapq.heappush(queue, (hops.bound_h(start), 0, made, start))
    proved = None
    while queue:
        bound_h, _, _, label = heapq.heappop(queue)
        here = settled.setdefault((label.spot.id, label.carrier.kind.id, label.carrier.provider), [])
        if _beaten(label, arrived) or _beaten(label, [each for each in here if len(each.legs) <= len(label.legs)]):
            continue
        if made >= labels or clock() > until:
            proved = bound_h
            break
        here.append(label)
        if label.spot.id == question.end.id:
            arrived.append(label)
            continue
        for onward in _onward(question, label, hops):
            bound = hops.bound_h(onward)
            if bound < math.inf:
                made += 1
                heapq.heappush(queue, (bound, len(onward.leaves), made, onward))
    found = tuple(Journey(each.legs, each.hours, each.leaves) for each in arrived)
    return Journeys(found, proved is None, proved, made)


def _beaten(label: _Label, others: list[_Label]) -> bool:
    """Whether one that came earlier needs no other leave."""
    return any(other.leaves <= label.leaves for other in others)


class _Hops:
    """The ways of legs, each found once."""

    def __init__(self, question: Question, finder: HopFinder) -> None:
        self._question, self._finder = question, finder
        self._known: dict[tuple[str, str, str, str], tuple[Hop, ...]] = {}
        self._rest: dict[str, tuple[float, float]] = {}

    def bound_h(self, label: _Label) -> float:
        """
        The earliest hour at which a label can come to the site; inf where the stops that are left bring no carrier
        there.
        """
        question, spot = self._question, label.spot
        if spot.id not in self._rest:
            kinds = [question.first.kind, *(relay.kind for relay in question.relays)]
            apart = [self._finder.apart_km(spot, question.end, kind) for kind in kinds]
            speeds = [kind.cruise_kmh.value if kind.cruise_kmh else math.inf for kind in kinds]
            reaches = [question.reach_km.get(kind.id) for kind in kinds]
            filling = math.inf if None in reaches else max(reach for reach in reaches if reach is not None)
            hours = min(km / speed for km, speed in zip(apart, speeds, strict=True))
            self._rest[spot.id] = (hours, min(apart) / filling if filling > 0.0 else math.inf)
        hours, fillings = self._rest[spot.id]
        left = 1 + question.most_stops - len(label.legs)
        return label.hours + hours if spot.id == question.end.id or fillings <= left + 1e-9 else math.inf

    def within(self, start: Spot, end: Spot, carrier: Carrier) -> tuple[Hop, ...]:
        """Ways that one filling allows."""
        kind = carrier.kind
        reach = self._question.reach_km.get(kind.id)
        if reach is not None and self._finder.least_km(start, end, kind) > reach:
            return ()
        key = (start.id, end.id, kind.id, carrier.provider)
        if key not in self._known:
            self._known[key] = self._finder.hops(start, end, kind, carrier.provider)
        return tuple(hop for hop in self._known[key] if reach is None or hop.spent_km <= reach)


def _onward(question: Question, label: _Label, hops: _Hops) -> list[_Label]:
    """What one more leg makes of a label."""
    out = []
    if not question.ends or label.carrier.kind.id in question.ends:
        for hop in hops.within(label.spot, question.end, label.carrier):
            out += _flown(question, label, question.end, hop, "", label.carrier)
    if len(label.legs) >= question.most_stops:
        return out
    for stop in question.stops:
        kind = label.carrier.kind.id
        if stop.id == label.spot.id or not (kind in stop.fits or kind in stop.unsure):
            continue
        for hop in hops.within(label.spot, stop, label.carrier):
            out += _flown(question, label, stop, hop, "refuel", label.carrier)
            for relay in question.relays:
                if relay.at in ("", stop.id) and (relay.kind.id in stop.fits or relay.kind.id in stop.unsure):
                    taking = Carrier(relay.kind, relay.provider or stop.state, stop.id)
                    out += _flown(question, label, stop, hop, "hand-over", taking)
    return out


def _flown(  # noqa: PLR0917
    question: Question, label: _Label, end: Spot, hop: Hop, stop: str, onward: Carrier
) -> list[_Label]:
    """The label after the leg, with *onward* as its carrier; none where too many states' leave would be needed."""
    provider = label.carrier.provider
    mode, kind = ("sail", "sea") if label.carrier.kind.kind == "ship" else ("fly", "overflight")
    leaves = {Leave(state, kind, provider) for state in hop.enters if state != provider}
    if stop:
        leaves |= {Leave(end.state, "landing", who) for who in {provider, onward.provider} if who != end.state}
    every = label.leaves | leaves
    if question.most_states is not None and len({leave.state for leave in every}) > question.most_states:
        return []
    leg = JourneyLeg(label.spot, end, label.carrier.kind.id, provider, mode, hop, frozenset(leaves), stop)
    hours = label.hours + hop.hours.p50 + (question.stop_h.p50 if stop else 0.0)
    return [_Label(hours, every, end, onward, (*label.legs, leg))]
