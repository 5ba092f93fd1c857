"""The clearances of the answer: who must say yes, on what basis, by when, and what it is worth; the order to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safeconduct.assessment.answer import Ask, AskOrder, Basis, Clearance, ClearanceHistory, CurvePoint, LeadTime, Worth
from safeconduct.assessment.board import Permit
from safeconduct.assessment.deadlines import Curve, Order
from safeconduct.assessment.game import Share
from safeconduct.assessment.names import ask_says
from safeconduct.assessment.wayroom import Presented
from safeconduct.assessment.world import World
from safeconduct.model.instants import after

NOTHING = Share(0.0, 0.0, 0.0, 0.0)


def clearances(
    world: World, shares: Mapping[str, Share], bends: Mapping[str, Curve], ways: Sequence[Presented]
) -> tuple[Clearance, ...]:
    """The board, the worthiest open clearance first, then by the number of ways that need it."""
    users = {p.id: tuple(w.way.id for w in ways if p.id in w.way.needs) for p in world.permits}
    order = sorted(
        world.permits,
        key=lambda p: (-shares.get(p.id, NOTHING).shapley, p.status == "granted", -len(users[p.id]), p.id),
    )
    return tuple(_clearance(world, p, shares.get(p.id, NOTHING), bends.get(p.id), users[p.id]) for p in order)


def _clearance(world: World, permit: Permit, share: Share, bend: Curve | None, users: tuple[str, ...]) -> Clearance:
    record = permit.record
    rules = tuple(dict.fromkeys(r for g in permit.gates for r in g.rules))
    basis = tuple(dict.fromkeys([*rules, *(record.basis if record else ())]))
    conditions = [c for g in permit.gates for c in g.conditions]
    conditions += [c for e in (record.events if record else ()) for c in e.conditions]
    start = world.case.incident_at
    return Clearance(
        id=permit.id,
        kind=permit.kind,
        authority=permit.authority,
        office=record.office if record else "",
        channel=next((g.channel for g in permit.gates if g.channel), ""),
        provider=permit.provider,
        basis=basis,
        rules=tuple(
            Basis("+".join(g.rules), g.why, "; ".join(g.cite.sources), g.cite.note, g.verified) for g in permit.gates
        ),
        status="needed" if permit.status == "barred" else permit.status,
        conditions=tuple(dict.fromkeys(conditions)),
        history=tuple(
            ClearanceHistory(e.status, e.at, e.conditions, e.cite.grade, e.cite.sources)
            for e in (record.events if record else ())
        ),
        lead_time_h=_lead(permit),
        half_value_at=after(start, _by_then(bend, bend.half_h)) if bend and bend.half_h is not None else None,
        last_useful_at=after(start, _by_then(bend, bend.last_h)) if bend and bend.last_h is not None else None,
        value=Worth(share.alone, share.last, share.shapley, share.error),
        curve=_points(world, bend),
        ways=users,
        barred_by=permit.barred_by,
    )


def _by_then(bend: Curve, hour: float) -> float:
    """The hour, or the last one that was tried where the value outlasts them all: then it is a lower bound."""
    return min(hour, bend.hours[-1])


def _points(world: World, bend: Curve | None) -> tuple[CurvePoint, ...]:
    if bend is None:
        return ()
    start = world.case.incident_at
    pairs = ((after(start, h), v) for h, v in zip(bend.hours, bend.values, strict=True))
    return tuple(CurvePoint(at, value) for at, value in pairs if at is not None)


def _lead(permit: Permit) -> LeadTime | None:
    spread = permit.lead_time_h
    if spread is None:
        return None
    source = "; ".join(spread.cite.sources) or spread.cite.note or spread.cite.grade
    return LeadTime(
        spread.p10, spread.p50, spread.p90, source, spread.cite.verified, spread.reference_class, spread.cases
    )


def ask_steps(world: World, order: Order, shares: Mapping[str, Share], bends: Mapping[str, Curve]) -> AskOrder:
    """The order to ask, each with the hour by which asking still helps: last useful moment less median lead time."""
    steps = []
    for name in order.names:
        permit, bend = world.permit(name), bends.get(name)
        lead = permit.lead_time_h.p50 if permit.lead_time_h else None
        by = None
        if bend is not None and bend.last_h is not None:
            by = after(world.case.incident_at, max(_by_then(bend, bend.last_h) - (lead or 0.0), world.at))
        steps.append(
            Ask(
                name,
                permit.authority,
                permit.provider,
                by,
                lead,
                shares.get(name, NOTHING).shapley,
                ask_says(permit, world.case.host),
            )
        )
    return AskOrder(tuple(steps), order.method, order.gap)
