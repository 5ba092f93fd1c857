"""Faults of meaning: what each record says is well formed, but the records do not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from safeconduct.formats.fields import ID, near
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import Asset
from safeconduct.model.case import GATES, Case
from safeconduct.model.errors import InvalidInput

SITE = "site"
"""The place name that stands for wherever the persons are."""

_BEFORE_TAKE_OFF = frozenset({"entered", "on-scene", "find", "reached"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a node."""

    node: Node
    message: str
    expected: str
    got: str


def check(root: Node, case: Case, *, shared_sources: Iterable[str], rules: frozenset[str] | None) -> None:
    """
    Hold the records of a case against each other.

    Args:
        root: The file from which *case* was read; its records stand in the same order.

        case: The case.

        shared_sources: Ids of sources that need no title in the case.

        rules: Known rule ids; None checks none.

    Raises:
        InvalidInput: The first fault in file order.
    """
    faults = chain(
        _twice(root),
        _parties(root, case),
        _offices(root, case),
        _bases(root, case),
        _assets(root, case),
        _chains(root, case),
        _evidence(root, case),
        _sources(root, case, shared_sources),
        _rules(root, rules),
        _same_clearance(root, case),
        _record_order(root, case),
    )
    first = min(faults, key=lambda fault: fault.node.line, default=None)
    if first is not None:
        raise InvalidInput(first.message, where=first.node.where, expected=first.expected, got=first.got)


def _twice(root: Node) -> Iterator[Fault]:
    lists = (
        "parties",
        "persons",
        "evidence",
        "scenarios",
        "weather",
        "winds",
        "bases",
        "assets",
        "clearances",
        "red_lines",
    )
    groups = [root.items(key) for key in lists] + [party.items("offices") for party in root.items("parties")]
    for group in groups:
        seen: dict[str, Node] = {}
        for member in group:
            node = member.get("id")
            if node is None:
                continue
            name = str(node.value)
            if name in seen:
                yield Fault(node, "the same id twice", "each id once", f"{name!r} also on line {seen[name].line}")
            seen.setdefault(name, node)


def _unknown(nodes: Iterable[Node | None], known: Iterable[str], what: str) -> Iterator[Fault]:
    names = tuple(known)
    for node in nodes:
        if node is not None and str(node.value) not in names:
            got = str(node.value)
            some = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
            yield Fault(node, f"unknown {what}", f"one of {some or 'none declared'}{near(got, names)}", repr(got))


def _parties(root: Node, case: Case) -> Iterator[Fault]:
    known = tuple(party.id for party in case.parties)
    named = [root.get("host")]
    named += [asset.get("provider") for asset in root.items("assets")]
    named += [record.get(key) for record in root.items("clearances") for key in ("authority", "provider")]
    named += [record.get("by") for asset in root.items("assets") for record in asset.items("records")]
    named += [offer.get("party") for offer in root.items("offers")]
    for line in root.items("red_lines"):
        named += [line.get("party"), *line.items("providers")]
    yield from _unknown(named, known, "party")
    host = case.party(case.host)
    if case.own_borders_only and host is not None and host.airspace is None:
        yield Fault(
            root.get("own_borders_only") or root,
            "a world of its own in which the host has no airspace",
            "an airspace for the host party",
            case.host,
        )


def _offices(root: Node, case: Case) -> Iterator[Fault]:
    for node, record in zip(root.items("clearances"), case.clearances, strict=True):
        party = case.party(record.authority)
        if party is not None and record.office:
            yield from _unknown([node.get("office")], [office.id for office in party.offices], "office")


def _bases(root: Node, case: Case) -> Iterator[Fault]:
    known = tuple(base.id for base in case.bases)
    yield from _unknown((asset.get("base") for asset in root.items("assets")), known, "base")
    yield from _unknown((via for asset in root.items("assets") for via in asset.items("via")), known, "base")
    ends = (step.get("to") for asset in root.items("assets") for step in asset.items("steps"))
    yield from _unknown(ends, (SITE, *known), "base")
    yield from _unknown((link.get("from") for link in root.items("ground")), known, "base")
    yield from _unknown((window.get("place") for window in root.items("weather")), (SITE, *known), "place")


def _assets(root: Node, case: Case) -> Iterator[Fault]:
    owner = {asset.id: asset.provider for asset in case.assets}
    yield from _unknown((node for line in root.items("red_lines") for node in line.items("assets")), owner, "asset")
    for record_node, record in zip(root.items("clearances"), case.clearances, strict=True):
        nodes = record_node.items("assets")
        yield from _unknown(nodes, owner, "asset")
        for node in nodes:
            provider = owner.get(str(node.value), record.provider)
            if provider != record.provider:
                yield Fault(
                    node,
                    "an asset of another provider",
                    f"assets of {record.provider}",
                    f"{node.value!r} of {provider}",
                )


def _chains(root: Node, case: Case) -> Iterator[Fault]:
    """Steps, gates and records that name what is not there; assets that wait for each other."""
    known = tuple(asset.id for asset in case.assets)
    for node, asset in zip(root.items("assets"), case.assets, strict=True):
        yield from _unknown((name for step in node.items("steps") for name in step.items("needs")), known, "asset")
        steps = tuple(step.id for step in asset.steps)
        yield from _unknown((record.get("step") for record in node.items("records")), steps, "step")
        if asset.id in _awaited(asset, case):
            yield Fault(node, "assets that wait for each other", "chains that begin somewhere", asset.id)
    for node, record in zip(root.items("clearances"), case.clearances, strict=True):
        covered = [
            a for a in case.assets if a.provider == record.provider and (not record.assets or a.id in record.assets)
        ]
        steps = tuple(dict.fromkeys(step.id for asset in covered for step in asset.steps))
        yield from _unknown([node.get("gate")], (*GATES, *steps), "gate")


def _awaited(asset: Asset, case: Case) -> set[str]:
    """Ids of all assets that *asset* waits for, and that those wait for."""
    needs = {each.id: {name for step in each.steps for name in step.needs} for each in case.assets}
    found: set[str] = set()
    waiting = set(needs[asset.id])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= needs.get(name, set())
    return found


def _evidence(root: Node, case: Case) -> Iterator[Fault]:
    known = tuple(report.id for report in case.evidence)
    for node in root.items("evidence"):
        yield from _unknown(node.items("contradicts"), known, "evidence")
    for node in root.items("scenarios"):
        yield from _unknown(node.items("evidence"), known, "evidence")
    if all(report.place is None or report.place.kind == "searched" for report in case.evidence):
        yield Fault(root.get("evidence") or root, "nothing says where", "evidence with a place", "no place")


def _sources(root: Node, case: Case, shared: Iterable[str]) -> Iterator[Fault]:
    known = {source.id for source in case.sources}.union(shared)
    for record in root.walk():
        if record is root or not isinstance(record.value, dict) or "sources" not in record.value:
            continue
        # A short reference of its own has a space in it; an id has none.
        ids = (node for node in record.items("sources") if ID.fullmatch(str(node.value)))
        yield from _unknown(ids, sorted(known), "source")


def _rules(root: Node, rules: frozenset[str] | None) -> Iterator[Fault]:
    if rules is not None:
        named = (node for record in root.items("clearances") for node in record.items("basis"))
        yield from _unknown(named, sorted(rules), "rule")


def _same_clearance(root: Node, case: Case) -> Iterator[Fault]:
    seen: dict[tuple[str, str, str, str, tuple[str, ...]], str] = {}
    for node, record in zip(root.items("clearances"), case.clearances, strict=True):
        key = (record.kind, record.authority, record.office, record.provider, tuple(sorted(record.assets)))
        if key in seen:
            yield Fault(
                node, "the same clearance twice", "one record with all its events", f"{record.id!r} like {seen[key]!r}"
            )
        seen.setdefault(key, record.id)


def _record_order(root: Node, case: Case) -> Iterator[Fault]:
    for node, asset in zip(root.items("assets"), case.assets, strict=True):
        nodes = node.items("records")
        for index in range(1, len(nodes)):
            if asset.records[index].at < asset.records[index - 1].at:
                yield Fault(
                    nodes[index],
                    "records out of order",
                    "records in the order in which they happened",
                    f"{asset.records[index].event} before {asset.records[index - 1].event}",
                )
        early = _too_early(asset)
        if early is not None:
            yield Fault(
                nodes[early],
                "on its way before it took off",
                "take-off before entered, on-scene, find and reached",
                asset.records[early].event,
            )


def _too_early(asset: Asset) -> int | None:
    """Index of an undisputed record of flight that stands before the first undisputed take-off; None if none does."""
    events: Mapping[int, str] = {k: record.event for k, record in enumerate(asset.records) if not record.contested}
    start = next((k for k, event in events.items() if event == "take-off"), None)
    if start is None:
        return None
    moment = asset.records[start].at
    return next(
        (k for k, event in events.items() if event in _BEFORE_TAKE_OFF and k < start and asset.records[k].at < moment),
        None,
    )
