"""The clearances that the ways need: what the law engages, met with what the case records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safeconduct.model.assets import Asset
from safeconduct.model.case import Case, ClearanceEvent, ClearanceRecord, RedLine
from safeconduct.model.instants import Instant
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.sources import Spread
from safeconduct.reach.plans import Plan

CLOSED = frozenset({"refused", "revoked", "barred"})
"""Statuses that count as not granted in every state and belong to no sufficient set."""

ASKING_ORDER = {"request": 0, "deploy": 1}
"""The host's request comes first, then the provider's own leave, then the rest by name."""

LawOf = Callable[[WayFacts], tuple[Gate, ...]]


@dataclass(frozen=True, slots=True)
class Permit:
    """
    One clearance of the board.

    Args:
        gates: What the law says of it, one for each different answer.

        status: As known at the instant of the assessment.

        granted_at: When it was granted, if it stands.

        asked_at: When it was asked, if it is unanswered.

        barred_by: The rule or red line that no answer lifts; empty if none.
    """

    id: str
    kind: str
    authority: str
    provider: str
    record: ClearanceRecord | None
    gates: tuple[Gate, ...]
    status: str
    granted_at: Instant | None
    asked_at: Instant | None
    lead_time_h: Spread | None
    barred_by: str

    @property
    def open(self) -> bool:
        """Whether a yes could still come."""
        return self.status != "granted" and self.status not in CLOSED


@dataclass(frozen=True, slots=True)
class WayNeeds:
    """
    What one plan needs.

    Args:
        clearances: (id, state or authority whose border or apron first needs it).

        satisfied: Gates that the law already opens, for the account.
    """

    plan: Plan
    clearances: tuple[tuple[str, str, str], ...]
    satisfied: tuple[Gate, ...]


def facts_of(asset: Asset, plan: Plan, case: Case, at: Instant) -> WayFacts:
    """The facts of one plan that rules ask about."""
    kind = asset.type.kind if asset.type else "team"
    flies = any(leg.mode == "fly" for leg in plan.legs) or kind in ("helicopter", "fixed-wing", "uav")
    remote = kind == "satellite"
    states = tuple(sorted(plan.states | ({case.host} if not remote else set())))
    crosses = () if remote else tuple(s for s in states if s != asset.provider)
    lands = {s for s, _ in plan.lands}
    if not remote and ("reach" in plan.effects or not flies) and case.host != asset.provider:
        lands.add(case.host)
    return WayFacts(
        on=at,
        known=at,
        host=case.host,
        provider=asset.provider,
        actor=asset.actor,
        aircraft=asset.status if flies else "none",
        pilotless=bool(asset.type and asset.type.pilotless),
        armed=asset.armed,
        crosses=crosses,
        lands_in=tuple(sorted(lands)),
        activities=asset.activities or ("search",),
        items=asset.items,
        emergency=case.emergency,
        lost_is_civil=case.lost_is_civil,
        in_conflict=case.in_conflict,
        persons=asset.persons,
    )


def board(
    case: Case, at: Instant, ways: Iterable[tuple[Asset, Plan]], law: LawOf
) -> tuple[tuple[WayNeeds, ...], tuple[Permit, ...]]:
    """
    What each way needs, and the board of all clearances: those that some way needs and those the case records.

    Args:
        case: As known at *at*.

        law: The room `law`, asked once for each different set of facts.
    """
    answers: dict[WayFacts, tuple[Gate, ...]] = {}
    gates_of: dict[str, list[Gate]] = {}
    needs = []
    for asset, plan in ways:
        facts = facts_of(asset, plan, case, at)
        gates = answers.setdefault(facts, law(facts)) if asset.provider != case.host else ()
        wanted, satisfied = [], []
        for gate in gates:
            if gate.status in ("satisfied", "satisfied-with-conditions"):
                satisfied.append(gate)
                continue
            name = _id_of(case, gate, asset)
            gates_of.setdefault(name, []).append(gate)
            wanted.append((name, gate.kind, gate.authority))
        wanted.sort(key=lambda item: (ASKING_ORDER.get(item[1], 2), item[0]))
        needs.append(WayNeeds(plan, tuple(dict.fromkeys(wanted)), tuple(satisfied)))
    return tuple(needs), _permits(case, at, gates_of)


def _id_of(case: Case, gate: Gate, asset: Asset) -> str:
    """The record that covers this asset, the narrowest first; else a name built from authority, kind and provider."""
    fitting = [
        c
        for c in case.clearances
        if (c.kind, c.authority, c.provider) == (gate.kind, gate.authority, asset.provider)
        and (not c.assets or asset.id in c.assets)
    ]
    if fitting:
        return min(fitting, key=lambda c: (not c.assets, len(c.assets), c.id)).id
    name = f"{gate.authority}-{gate.kind.upper()}-{asset.provider}"
    taken = any(c.id == name for c in case.clearances)
    return f"{name}-OTHER" if taken else name


def _permits(case: Case, at: Instant, gates_of: dict[str, list[Gate]]) -> tuple[Permit, ...]:
    records = {c.id: c for c in case.clearances}
    out = []
    for name in sorted({*records, *gates_of}):
        record = records.get(name)
        gates = tuple(dict.fromkeys(gates_of.get(name, ())))
        kind, authority, provider = (
            (record.kind, record.authority, record.provider)
            if record
            else (gates[0].kind, gates[0].authority, name.removesuffix("-OTHER").rsplit("-", 1)[1])
        )
        status, granted, asked = _status(record, gates, at)
        lead = record.lead_time_h if record and record.lead_time_h else _lead(gates)
        barred = next((r for g in gates if g.status == "blocked-absolute" for r in g.rules), "")
        status = "barred" if barred and status != "granted" else status
        out.append(Permit(name, kind, authority, provider, record, gates, status, granted, asked, lead, barred))
    return tuple(out)


def _lead(gates: tuple[Gate, ...]) -> Spread | None:
    """The slowest of the lead times that the rules give."""
    return max((g.lead_time_h for g in gates if g.lead_time_h), key=lambda s: (s.p50, s.p90), default=None)


def _status(
    record: ClearanceRecord | None, gates: tuple[Gate, ...], at: Instant
) -> tuple[str, Instant | None, Instant | None]:
    """(status, granted at, asked at). The latest act counts; a grant whose time is over has lapsed."""
    events: list[ClearanceEvent] = sorted(record.events, key=lambda e: (e.known_at, e.at)) if record else []
    if not events:
        return ("unknown" if any(g.status == "unknown" for g in gates) else "needed"), None, None
    last = events[-1]
    asked = next((e.at for e in events if e.status == "asked"), None)
    if last.status == "granted":
        if last.valid_until is not None and last.valid_until <= at:
            return "lapsed", None, None
        return "granted", max(last.at, last.valid_from or last.at), None
    if last.status in ("asked", "acknowledged"):
        return last.status, None, asked or last.at
    return last.status, None, asked if last.status == "silent" else None


def barred_by(asset: Asset, lines: tuple[RedLine, ...]) -> RedLine | None:
    """The first red line that *asset* crosses, or None. Unknown armament does not pass a line against arms."""
    for line in lines:
        if line.providers and asset.provider not in line.providers:
            continue
        if line.party == asset.provider and not line.providers:
            continue
        tests = []
        if line.armed:
            tests.append(asset.armed is not False)
        if line.kinds:
            tests.append(asset.type is not None and asset.type.kind in line.kinds)
        if line.items:
            tests.append(bool(set(line.items) & set(asset.items)))
        if line.assets:
            tests.append(asset.id in line.assets)
        if all(tests) and (tests or line.providers):
            return line
    return None
