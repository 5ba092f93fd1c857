"""Whether a crew may do its sortie: each clearance for the time it is needed. Unknown is never permitted."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.case import Case, ClearanceRecord
from safeconduct.model.instants import Instant, iso
from safeconduct.search.plan import Resource

GRANTED = "granted"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """
    One clearance of a crew.

    Args:
        status: Of its last event; ``needed`` before any, ``unknown`` where the case holds no record.

        grants: Whether it covers the whole time asked for.

        says: Conditions and times, as printed; empty for none.
    """

    id: str
    kind: str
    authority: str
    status: str
    grants: bool
    says: str


def held(case: Case, resource: Resource, start: Instant, end: Instant) -> tuple[Held, ...]:
    """The clearances of a crew for the time from *start* to *end*, those not granted first."""
    own = [
        _state(record, start, end)
        for record in case.clearances
        if record.id in resource.missing
        or (record.provider == resource.provider and (not record.assets or resource.id in record.assets))
    ]
    # What is neither missing nor granted is not engaged by this crew's way.
    own = [each for each in own if each.id in resource.missing or each.status == GRANTED]
    named = {each.id for each in own}
    own += [Held(name, "", "", UNKNOWN, False, "") for name in resource.missing if name not in named]
    return tuple(sorted(own, key=lambda each: (each.grants, each.id)))


def _state(record: ClearanceRecord, start: Instant, end: Instant) -> Held:
    events = sorted(record.events, key=lambda e: (e.at, e.known_at))
    if not events:
        return Held(record.id, record.kind, record.authority, "needed", False, "")
    last = events[-1]
    says = list(last.conditions)
    inside = last.status == GRANTED
    if last.valid_from is not None:
        says.append(f"from {iso(last.valid_from)}")
        inside = inside and last.valid_from <= start
    if last.valid_until is not None:
        says.append(f"until {iso(last.valid_until)}")
        inside = inside and last.valid_until >= end
    if last.status == GRANTED and not inside:
        says.append("not for the whole of this sortie")
    return Held(record.id, record.kind, record.authority, last.status, inside, "; ".join(says))
