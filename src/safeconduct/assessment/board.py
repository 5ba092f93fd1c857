"""The clearances that the ways need: what the law engages, met with what the case records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safeconduct.model.assets import Asset
from safeconduct.model.case import GATES, Case, ClearanceEvent, ClearanceRecord, RedLine
from safeconduct.model.instants import Instant
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.sources import Spread
from safeconduct.reach.plans import Plan

CLOSED = frozenset({"refused", "revoked", "barred"})
"""Statuses that count as not granted in every state and belong to no sufficient set."""

FLYING = ("helicopter", "fixed-wing", "uav")

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

        granted_at: From when it holds, if it is granted.

        granted_until: When that grant runs out; None where it has no stated end, or is not granted.

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
    granted_until: Instant | None
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

        barred_by: The first rule that bars this way and that no answer lifts; empty if none.
    """

    plan: Plan
    clearances: tuple[tuple[str, str, str], ...]
    satisfied: tuple[Gate, ...]
    barred_by: str = ""


def facts_of(asset: Asset, plan: Plan, case: Case, at: Instant) -> WayFacts:
    """The facts of one plan that rules ask about."""
    kind = asset.type.kind if asset.type else "team"
    flies = any(leg.mode == "fly" for leg in plan.legs) or (kind in FLYING and not asset.steps)
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
        wanted += [(c.id, c.kind, c.authority) for c in case.clearances if _binds(c, asset)]
        wanted.sort(key=lambda item: (ASKING_ORDER.get(item[1], 2), item[0]))
        bar = next((r for g in gates if g.status == "blocked-absolute" for r in g.rules), "")
        needs.append(WayNeeds(plan, tuple(dict.fromkeys(wanted)), tuple(satisfied), bar))
    return tuple(needs), _permits(case, at, gates_of)


def _binds(record: ClearanceRecord, asset: Asset) -> bool:
    """Whether a record says itself where *asset* needs it, so that no rule has to engage it."""
    return (
        bool(record.gate)
        and record.provider == asset.provider
        and (not record.assets or asset.id in record.assets)
        and (record.gate in GATES or record.gate in {step.id for step in asset.steps})
    )


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
        status, granted, until, asked = _status(record, gates, at)
        lead = record.lead_time_h if record and record.lead_time_h else _lead(gates)
        absolute = bool(gates) and all(g.status == "blocked-absolute" for g in gates)
        barred = next((r for g in gates for r in g.rules), "") if absolute else ""
        status = "barred" if barred and status != "granted" else status
        out.append(Permit(name, kind, authority, provider, record, gates, status, granted, until, asked, lead, barred))
    return tuple(out)


def _lead(gates: tuple[Gate, ...]) -> Spread | None:
    """The slowest of the lead times that the rules give."""
    return max((g.lead_time_h for g in gates if g.lead_time_h), key=lambda s: (s.p50, s.p90), default=None)


DECISIONS = frozenset({"granted", "refused", "lapsed", "revoked"})


def _status(
    record: ClearanceRecord | None, gates: tuple[Gate, ...], at: Instant
) -> tuple[str, Instant | None, Instant | None, Instant | None]:
    """
    (status, granted from, granted until, asked at).

    The latest decision counts; asking does not undo a yes, but after any other decision it opens the matter again.
    Several grants in a row are one, from the first of them that still holds to the last end.
    """
    events: list[ClearanceEvent] = sorted(record.events, key=lambda e: (e.known_at, e.at)) if record else []
    if not events:
        return ("unknown" if any(g.status == "unknown" for g in gates) else "needed"), None, None, None
    decided = max((i for i, e in enumerate(events) if e.status in DECISIONS), default=-1)
    since = events[decided + 1 :]
    if decided >= 0 and events[decided].status == "granted":
        standing = _standing(events[: decided + 1], at)
        if standing is not None:
            return "granted", *standing, None
    asked = next((e.at for e in since if e.status == "asked"), since[0].at if since else None)
    if since:
        return since[-1].status, None, None, asked
    status = events[decided].status
    return ("lapsed" if status == "granted" else status), None, None, None


def _standing(events: list[ClearanceEvent], at: Instant) -> tuple[Instant, Instant | None] | None:
    """From when to when the grants at the end of *events* hold; None where their time is over."""
    last_no = max((i for i, e in enumerate(events) if e.status in DECISIONS and e.status != "granted"), default=-1)
    yes = [e for e in events[last_no + 1 :] if e.status == "granted" and (e.valid_until is None or e.valid_until > at)]
    if not yes:
        return None
    ends = [e.valid_until for e in yes if e.valid_until is not None]
    return min(max(e.at, e.valid_from or e.at) for e in yes), max(ends) if len(ends) == len(yes) else None


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
