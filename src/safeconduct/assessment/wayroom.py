"""The ways of the answer: arrival, legs with their clearance state, limits, verdict, counterfactual, effect, risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.answer import (
    AssetRef,
    Cause,
    Counterfactual,
    Effect,
    InstantQuantiles,
    Leg,
    Quantiles,
    RecordedEvent,
    Way,
)
from safeconduct.assessment.draws import Array
from safeconduct.assessment.limits import limits, risk
from safeconduct.assessment.names import also_says, cause_says, change_says
from safeconduct.assessment.regimes import asked_now, movement
from safeconduct.assessment.situation import verified_share
from safeconduct.assessment.trace import way_cites
from safeconduct.assessment.value import BORDERLINE, expected, quantiles, stated
from safeconduct.assessment.verdicts import Judge, Verdict
from safeconduct.assessment.world import WayModel, World
from safeconduct.model.instants import after
from safeconduct.reach.plans import PlanLeg

NOT_CLEARED = "NOT CLEARED - DO NOT FLY"
NOT_CLEARED_GROUND = "NOT CLEARED - DO NOT CROSS"


@dataclass(frozen=True, slots=True, eq=False)
class Presented:
    """A way as printed, with the numbers it came from."""

    way: Way
    model: WayModel
    arrival: Array
    verdict: Verdict


def present_ways(world: World, goal: str, *, what_if: bool) -> tuple[Presented, ...]:
    """
    Every way, best first: useful ones by what they add, then those that would add most; assets that a source names
    before hypothetical ones; then by arrival.
    """
    judge, regime = Judge(world, goal), asked_now(world)
    shown = []
    for model in world.ways:
        _, arrival = movement(model, regime)
        verdict = judge.verdict(model)
        shown.append(Presented(_way(world, model, arrival, verdict, what_if=what_if), model, arrival, verdict))
    return tuple(sorted(shown, key=_rank))


def _rank(shown: Presented) -> tuple[bool, bool, float, float, str]:
    useful = shown.way.verdict == "useful"
    lift = expected(shown.verdict.lift if useful else shown.verdict.lift_now)
    return (
        not useful,
        shown.way.asset.hypothetical,
        -round(lift, 6),
        float(np.quantile(shown.arrival, 0.5, method="inverted_cdf")),
        shown.way.id,
    )


def _way(world: World, model: WayModel, arrival: Array, verdict: Verdict, *, what_if: bool) -> Way:
    asset = model.asset
    facts = limits(model, world)
    needs = tuple(n.clearance for n in model.needs)
    missing = tuple(n for n in needs if world.permit(n).status != "granted")
    kind = asset.type
    return Way(
        id=model.id,
        asset=AssetRef(
            asset.id,
            kind.kind if kind else "unknown",
            kind.id if kind else "unknown",
            asset.hypothetical,
            asset.name,
            asset.base or "",
            asset.count,
        ),
        provider=asset.provider,
        kind=_kind(model),
        state=_state(model),
        arrival=_instants(world, arrival),
        legs=_legs(world, model, what_if=what_if),
        needs=needs,
        missing=missing,
        limits=facts,
        verdict=verdict.first.cause,
        because=Cause(verdict.first.cause, verdict.first.what, cause_says(verdict.first)),
        other_causes=tuple(Cause(c.cause, c.what, also_says(c)) for c in verdict.others),
        counterfactual=_counterfactual(verdict),
        effect=Effect(
            model.plan.plan.effects, Quantiles(*quantiles(verdict.lift)), Quantiles(*quantiles(verdict.lift_now))
        ),
        risk=risk(model, world, facts),
        recorded=tuple(
            RecordedEvent(r.event, r.at, r.contested, r.cite.grade, r.cite.sources, r.note) for r in asset.records
        ),
        verified_share=verified_share(way_cites(model)),
        note=asset.note,
        verdict_margin=stated(verdict.margin),
        borderline=verdict.margin < BORDERLINE,
    )


def _counterfactual(verdict: Verdict) -> Counterfactual | None:
    if verdict.first.cause == "useful":
        return None
    if verdict.changes is None:
        return Counterfactual(False, (), (), "None of the changes tried makes it useful.")
    says = change_says(verdict.changes, verdict.grants)
    return Counterfactual(True, verdict.changes, verdict.grants, says)


def _kind(model: WayModel) -> str:
    modes = {leg.mode for leg in model.plan.plan.legs} - {"land", "handle", "formalities"}
    if not modes:
        kind = model.asset.type.kind if model.asset.type else ""
        return {"satellite": "remote", "team": "ground", "vehicle": "ground", "ship": "sea", "": "mixed"}.get(
            kind, "air"
        )
    if modes == {"remote"}:
        return "remote"
    if modes == {"fly"}:
        return "air"
    if modes == {"sail"}:
        return "sea"
    return "mixed" if "fly" in modes or "sail" in modes else "ground"


def _state(model: WayModel) -> str:
    if model.ended is not None:
        return "ended"
    if model.arrived is not None:
        return "arrived"
    return "under-way" if model.departed is not None else "possible"


def _instants(world: World, hours: Array) -> InstantQuantiles | None:
    """Quantiles of an arrival; None where it never arrives in nine draws of ten."""
    low, middle, high = (after(world.case.incident_at, h) for h in quantiles(hours))
    return None if low is None else InstantQuantiles(low, middle, high)


def _legs(world: World, model: WayModel, *, what_if: bool) -> tuple[Leg, ...]:
    legs = model.plan.plan.legs
    ends = np.concatenate([[0.0], np.cumsum(np.median(model.legs_h, axis=1))]) if legs else np.zeros(1)
    firsts = {n.clearance: float(np.median(n.first_h)) for n in model.needs}
    out = []
    for index, leg in enumerate(legs):
        last = index == len(legs) - 1
        needed = tuple(
            name
            for name, first in firsts.items()
            if ends[index] - 1e-9 <= first and (first < ends[index + 1] - 1e-9 or last)
        )
        out.append(_leg(world, leg, model.legs_h[index], needed, what_if=what_if))
    return tuple(out)


def _leg(world: World, leg: PlanLeg, hours: Array, needed: tuple[str, ...], *, what_if: bool) -> Leg:
    cleared = all(world.permit(n).status == "granted" for n in needed)
    mark = "" if cleared else (NOT_CLEARED if leg.mode in ("fly", "land") else NOT_CLEARED_GROUND)
    return Leg(
        leg.mode,
        leg.start,
        leg.end,
        leg.path,
        leg.distance_km,
        Quantiles(*quantiles(hours)),
        tuple(s for s, _ in leg.enters),
        needed,
        cleared,
        "WHAT-IF" if cleared and what_if and needed else mark,
    )
