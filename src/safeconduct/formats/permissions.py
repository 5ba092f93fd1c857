"""Readers of what was asked and answered: clearances and red lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    choice,
    code,
    flag,
    identifier,
    many,
    moment,
    nullable,
    refuse,
    text,
    words,
)
from safeconduct.formats.scene import from_start
from safeconduct.formats.values import cited, classed, known_at
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import ASSET_KINDS
from safeconduct.model.case import CLEARANCE_KINDS, ClearanceEvent, ClearanceRecord, RedLine
from safeconduct.model.law import ITEMS

EVENTS = ("asked", "acknowledged", "granted", "refused", "silent", "lapsed", "revoked")
"""What can be recorded of a clearance; the other statuses are concluded, not recorded."""


def clearance(node: Node, ctx: Context) -> ClearanceRecord:
    """
    Read a clearance and what happened to it.

    Raises:
        InvalidInput: As for every record; the events are out of order, or contradict each other.
    """
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "kind": choice(CLEARANCE_KINDS),
        "authority": code,
        "office": text,
        "provider": code,
        "assets": many(identifier),
        "lead_time_h": nullable(classed("lead")),
        "gate": identifier,
        "basis": many(words),
        "events": many(_event),
    }
    values, origin = cited(node, ctx, readers, ("id", "kind", "authority", "provider"))
    events = values.get("events", ())
    for index, below in enumerate(node.items("events")):
        _fits(below, events[:index], events[index])
    return ClearanceRecord(
        id=values["id"],
        kind=values["kind"],
        authority=values["authority"],
        office=values.get("office", ""),
        provider=values["provider"],
        assets=values.get("assets", ()),
        events=events,
        lead_time_h=values.get("lead_time_h"),
        basis=values.get("basis", ()),
        cite=origin,
        note=origin.note,
        gate=values.get("gate", ""),
    )


def _event(node: Node, ctx: Context) -> ClearanceEvent:
    readers: Mapping[str, Reader[Any]] = {
        "status": choice(EVENTS),
        "at": moment,
        "known_at": moment,
        "conditions": many(words),
        "from": moment,
        "until": moment,
    }
    values, origin = cited(node, ctx, readers, ("status", "at"))
    at, status = values["at"], values["status"]
    start, end = values.get("from"), values.get("until")
    if status != "granted" and (start is not None or end is not None):
        refuse(node, f"a validity on {status!r}", expected="'from' and 'until' on a grant only")
    if end is not None and end <= (start or at):
        refuse(node.get("until") or node, "ends before it begins", expected="'until' after 'from' and after the grant")
    return ClearanceEvent(
        status=status,
        at=at,
        known_at=known_at(node, values, at),
        conditions=values.get("conditions", ()),
        valid_from=start,
        valid_until=end,
        cite=origin,
    )


def _fits(node: Node, before: tuple[ClearanceEvent, ...], event: ClearanceEvent) -> None:
    """Refuse an event that cannot follow those *before* it."""
    if before and event.at < before[-1].at:
        refuse(node, "events out of order", expected="events in the order in which they happened", got=str(event.at))
    for other in before:
        if other.at == event.at and {other.status, event.status} == {"granted", "refused"}:
            refuse(
                node,
                "contradictory grants",
                expected="one answer at one instant; conflicting reports each with their own time",
                got=f"{other.status} and {event.status} at {event.at:%Y-%m-%dT%H:%MZ}",
            )
    standing = _standing(before)
    if event.status in {"revoked", "lapsed"} and not any(other.status == "granted" for other in before):
        refuse(node, f"{event.status} before it was granted", expected="a grant before it", got=event.status)
    if event.status == "granted" and standing is not None and _clash(standing, event):
        refuse(
            node,
            "contradictory grants",
            expected="one grant at a time: 'revoked' or 'lapsed' first, or one validity",
            got="two grants that overlap and differ in validity",
        )


def _standing(before: tuple[ClearanceEvent, ...]) -> ClearanceEvent | None:
    """The grant that nothing has ended yet."""
    for event in reversed(before):
        if event.status in {"revoked", "lapsed", "refused"}:
            return None
        if event.status == "granted":
            return event
    return None


def _clash(one: ClearanceEvent, two: ClearanceEvent) -> bool:
    if (one.valid_from, one.valid_until) == (two.valid_from, two.valid_until):
        return False
    start_one, start_two = one.valid_from or one.at, two.valid_from or two.at
    one_first = one.valid_until is None or start_two < one.valid_until
    two_first = two.valid_until is None or start_one < two.valid_until
    return one_first and two_first


def red_line(node: Node, ctx: Context) -> RedLine:
    """Read a condition that a party will not trade."""
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "party": code,
        "says": words,
        "providers": many(code),
        "armed": flag,
        "kinds": many(choice(ASSET_KINDS)),
        "items": many(choice(ITEMS)),
        "assets": many(identifier),
        "known_at": moment,
    }
    values, origin = cited(node, ctx, readers, ("id", "party", "says"))
    return RedLine(
        id=values["id"],
        party=values["party"],
        says=values["says"],
        providers=values.get("providers", ()),
        armed=values.get("armed", False),
        kinds=values.get("kinds", ()),
        items=values.get("items", ()),
        assets=values.get("assets", ()),
        known_at=from_start(values, ctx),
        cite=origin,
    )
