"""A case as known at one instant, and the same case with its request moved: plain filters over the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol, TypeVar

from safeconduct.model.assets import Asset
from safeconduct.model.case import Case, ClearanceEvent, ClearanceRecord, Evidence
from safeconduct.model.instants import Instant
from safeconduct.model.parties import Party
from safeconduct.model.persons import PersonGroup
from safeconduct.model.sources import Cite, Dated


class _Known(Protocol):
    @property
    def known_at(self) -> Instant: ...


K = TypeVar("K", bound=_Known)


def _by(items: Iterable[K], at: Instant) -> tuple[K, ...]:
    return tuple(item for item in items if item.known_at <= at)


def _dated(item: Dated | None, at: Instant) -> Dated | None:
    return item if item is not None and item.known_at <= at else None


def as_known(case: Case, at: Instant) -> Case:
    """
    Leave out everything that the office that acted knew only after *at* (*at* itself counts as known).

    A withdrawal that comes later has not happened yet. Assets conceivable from the start stay; their offers,
    records and grants come and go with their own dates.
    """

    def evidence(item: Evidence) -> Evidence:
        later = item.withdrawn_at is not None and item.withdrawn_at > at
        return replace(item, withdrawn_at=None) if later else item

    def group(item: PersonGroup) -> PersonGroup:
        return replace(item, claims=_by(item.claims, at), supply=_by(item.supply, at))

    def asset(item: Asset) -> Asset:
        steps = tuple(replace(s, after=_dated(s.after, at)) for s in item.steps)
        return replace(item, offered=_dated(item.offered, at), records=_by(item.records, at), steps=steps)

    def party(item: Party) -> Party:
        return replace(item, alarm=_dated(item.alarm, at))

    def clearance(item: ClearanceRecord) -> ClearanceRecord:
        return replace(item, events=_by(item.events, at))

    return replace(
        case,
        parties=tuple(party(p) for p in case.parties),
        persons=tuple(group(g) for g in _by(case.persons, at)),
        evidence=tuple(evidence(e) for e in _by(case.evidence, at)),
        weather=_by(case.weather, at),
        winds=_by(case.winds, at),
        scenarios=_by(case.scenarios, at),
        assets=tuple(asset(a) for a in _by(case.assets, at)),
        clearances=tuple(clearance(c) for c in case.clearances),
        red_lines=_by(case.red_lines, at),
        offers=_by(case.offers, at),
        happenings=_by(case.happenings, at),
    )


def decided(record: ClearanceRecord, status: str) -> ClearanceEvent | None:
    """The first event of that status, in order of time; None if there is none."""
    events = sorted((e for e in record.events if e.status == status), key=lambda e: (e.at, e.known_at))
    return events[0] if events else None


def request_moved(case: Case, to: Instant, *, party: str | None = None) -> Case:
    """
    Move the host's request to *to*; each recorded step of that provider keeps its lag behind the request.

    Args:
        case: A case as known at the instant of the assessment; steps that are not in it are left to their
            distributions.

        to: When the request is to have been made.

        party: One provider; None moves the request to every provider, and makes it where none is recorded.
    """
    providers = {a.provider for a in case.assets if a.provider != case.host}
    for provider in sorted(providers if party is None else {party}):
        case = _moved_for(case, provider, to)
    return case


def _moved_for(case: Case, provider: str, to: Instant) -> Case:
    own = [c for c in case.clearances if c.provider == provider]
    requests = [c for c in own if c.kind == "request"]
    made = [e for c in requests if (e := decided(c, "granted")) is not None]
    if not made:
        return _made(case, provider, requests, to)
    first = min(e.at for e in made)
    shift = to - first

    def clearance(item: ClearanceRecord) -> ClearanceRecord:
        if item.provider != provider:
            return item
        return replace(item, events=tuple(_shifted(e, first, shift) for e in item.events))

    def asset(item: Asset) -> Asset:
        if item.provider != provider:
            return item
        moved = tuple(
            replace(r, at=r.at + shift, known_at=r.known_at + shift) if r.at >= first else r for r in item.records
        )
        return replace(item, records=moved)

    return replace(
        case,
        clearances=tuple(clearance(c) for c in case.clearances),
        assets=tuple(asset(a) for a in case.assets),
    )


def _shifted(event: ClearanceEvent, first: Instant, shift: timedelta) -> ClearanceEvent:
    if event.at < first:
        return event
    return replace(
        event,
        at=event.at + shift,
        known_at=event.known_at + shift,
        valid_from=None if event.valid_from is None else event.valid_from + shift,
    )


def _made(case: Case, provider: str, requests: list[ClearanceRecord], to: Instant) -> Case:
    """Add a request that nobody recorded."""
    cite = Cite((), "assumed", "what-if: the request is made at this hour")
    event = ClearanceEvent("granted", to, to, (), None, None, cite)
    if requests:
        target = requests[0].id
        clearances = tuple(replace(c, events=(*c.events, event)) if c.id == target else c for c in case.clearances)
        return replace(case, clearances=clearances)
    record = ClearanceRecord(
        f"{case.host}-REQUEST-{provider}", "request", case.host, "", provider, (), (event,), None, (), cite
    )
    return replace(case, clearances=(*case.clearances, record))


def with_decision(case: Case, clearance: str, status: str, at: Instant) -> Case:
    """
    Add a decision to a clearance that the case records, as a what-if; it outweighs what was recorded from then on.

    Args:
        clearance: Id of a record of the case.

        status: ``granted`` or ``refused``.
    """
    cite = Cite((), "assumed", f"what-if: {status}")
    event = ClearanceEvent(status, at, at, (), None, None, cite)
    return replace(
        case,
        clearances=tuple(
            replace(c, events=(*(e for e in c.events if _before(e, at, status)), event)) if c.id == clearance else c
            for c in case.clearances
        ),
    )


def _before(event: ClearanceEvent, at: Instant, status: str) -> bool:
    """Whether a recorded event stays when a what-if decides at *at*: earlier ones, and later ones that say the same."""
    return (event.known_at <= at and event.at <= at) or event.status == status
