"""What is odd but real: a reader should look twice, and no result changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from safeconduct.formats.yamltree import Node
from safeconduct.model.case import Case, ClearanceRecord
from safeconduct.model.instants import hours_between, iso

LATE_H = 6.0
"""A grant that its holder knew this much later is worth a second look."""

_ANSWERS = frozenset({"acknowledged", "granted", "refused"})

_UNASKED = frozenset({"request", "deploy"})
"""Kinds that a party decides for itself: the host's asking, the provider's own approval."""


def oddities(root: Node, case: Case) -> tuple[str, ...]:
    """
    List what is odd about a case that has no fault.

    Args:
        root: The file from which *case* was read; its records stand in the same order.

        case: The case.

    Returns:
        One sentence each, beginning with its place, in file order.
    """
    found = chain(_start(root, case), _permissions(root, case), _means(root, case), _weather(root, case))
    return tuple(f"{node.where}: {says}" for node, says in sorted(found, key=lambda odd: odd[0].line))


def _start(root: Node, case: Case) -> Iterator[tuple[Node, str]]:
    host = case.party(case.host)
    if host is not None and host.alarm is None:
        yield root.get("parties") or root, f"no alarm for the host {case.host}: its delay cannot be taken apart"
    if case.assess_at < case.incident_at:
        yield root.get("assess_at") or root, "assessed before the incident"
    for node, party in zip(root.items("parties"), case.parties, strict=True):
        if party.alarm is not None and party.alarm.at < case.incident_at:
            yield node.get("alarm") or node, f"{party.id} was alarmed before the incident"
    if case.kind == "real" and any(
        node.value == "given" for node in root.walk() if node.path.rpartition(".")[2] == "grade"
    ):
        yield root.get("kind") or root, "a real case holds facts of the grade 'given', which is for exercises"
    known = {report.place.points for report in case.evidence if report.place is not None and report.place.known}
    if len(known) > 1:
        yield root.get("evidence") or root, "several reports know the place, and they differ"


def _permissions(root: Node, case: Case) -> Iterator[tuple[Node, str]]:
    for node, record in zip(root.items("clearances"), case.clearances, strict=True):
        yield from _events(node, record)
    for node, line in zip(root.items("red_lines"), case.red_lines, strict=True):
        if not (line.providers or line.armed or line.kinds or line.items or line.assets):
            yield node, f"the red line {line.id!r} bars everything"


def _events(node: Node, record: ClearanceRecord) -> Iterator[tuple[Node, str]]:
    asked = False
    for below, event in zip(node.items("events"), record.events, strict=True):
        if event.status in _ANSWERS and not asked and record.kind not in _UNASKED:
            later = any(other.status == "asked" for other in record.events)
            if not later:
                yield below, f"{record.id} was {event.status}, but no request is recorded"
            elif event.status == "granted":
                yield below, f"{record.id} was granted before it was asked: taken as a standing permission"
            else:
                yield below, f"{record.id} was {event.status} before it was asked"
        asked = asked or event.status in {"asked", "granted"}
        late_h = hours_between(event.at, event.known_at)
        if event.status == "granted" and late_h > LATE_H:
            yield below, f"the grant of {record.id} was known only {late_h:.1f} h after it was given"


def _means(root: Node, case: Case) -> Iterator[tuple[Node, str]]:
    alarms = [party.alarm.at for party in case.parties if party.alarm is not None]
    for node, asset in zip(root.items("assets"), case.assets, strict=True):
        remote = asset.type is not None and asset.type.kind == "satellite"
        if asset.base is None and not remote:
            yield node, f"{asset.id} has no base: its way is unknown"
        if asset.type is None:
            yield node, f"{asset.id} has no type: its way is unknown"
        if asset.offered is not None and alarms and asset.offered.at < min(alarms):
            yield node.get("offered") or node, f"{asset.id} was offered before anybody was alarmed"
        if any(record.at < case.incident_at for record in asset.records):
            yield node.get("records") or node, f"{asset.id} has records from before the incident"


def _weather(root: Node, case: Case) -> Iterator[tuple[Node, str]]:
    nodes = dict(zip((window.id for window in case.weather), root.items("weather"), strict=True))
    if not any(window.place == "site" for window in case.weather):
        yield root, "no weather at the site: limits of weather are unknown"
    for place in dict.fromkeys(window.place for window in case.weather):
        windows = sorted((w for w in case.weather if w.place == place), key=lambda w: w.start)
        until = windows[0].start
        open_ended = False
        for window in windows:
            if window.start > until and not open_ended:
                says = f"no weather at {place} from {iso(until)} to {iso(window.start)}: unknown then"
                yield nodes[window.id], says
            open_ended = open_ended or window.end is None
            until = max(until, window.end or until)
