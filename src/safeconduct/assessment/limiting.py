"""What limited each kind of help: request, permission, distance or weather, from the hours of the best way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from safeconduct.assessment.answer import LimitingCause
from safeconduct.assessment.clocks import STEP_H, Clock
from safeconduct.assessment.delay import Span, spans
from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import NEVER, Regime, movement
from safeconduct.assessment.verdicts import Finding
from safeconduct.assessment.world import WayModel, World

GROUPS = ("request", "permission", "distance", "weather")

GROUP_OF = {
    "becoming known": "request",
    "request": "request",
    "acknowledgement": "request",
    "acceptance": "permission",
    "approval": "permission",
    "formalities": "permission",
    "waiting for weather": "weather",
}
"""Stages by their first words; every other stage on the way is distance: mobilisation, transit, handling."""

BEYOND = ("search", "work")
"""Stages after the arrival on scene, which no group counts."""

VERDICT_GROUP = {
    "request": "request",
    "alarm": "request",
    "time": "request",
    "clearance": "permission",
    "red-line": "permission",
}

WEATHER_LIMITS = frozenset({"weather", "light", "sensor"})

WORDS = {
    "request": "the request: becoming known, asked, acknowledged",
    "permission": "permission: the host's yes, approvals, customs, border",
    "distance": "distance: getting ready, on the way, handling",
    "weather": "weather and light",
}


def limiting_causes(
    world: World, ranked: Sequence[tuple[WayModel, Finding]], regime: Regime
) -> tuple[LimitingCause, ...]:
    """
    The limiting cause of each kind of help, in the order of its name: of what comes from abroad, and of home means
    where no other party has any of that kind.

    Of the ways of one kind the best is that with the earliest median arrival, ways that a source names before
    hypothetical ones. Its hours from the incident until it can work on scene are summed by group; hours in which the
    weather shut the scene to it (or hid the ground from one that only searches) count as weather whatever else was
    pending, for no permission brings it in before the cloud lifts. The group with most hours is the cause. Where no way
    of the kind arrives, a refusal or the verdict of the first in rank speaks.

    Args:
        ranked: Every way with its verdict, best first.
    """
    abroad = {way.asset.help for way, _ in ranked if way.asset.provider != world.case.host}
    kinds: dict[str, list[tuple[WayModel, Finding]]] = {}
    for way, finding in ranked:
        if way.asset.help not in abroad or way.asset.provider != world.case.host:
            kinds.setdefault(way.asset.help, []).append((way, finding))
    return tuple(_of_kind(world, kind, kinds[kind], regime) for kind in sorted(kinds))


def _of_kind(world: World, kind: str, ways: Sequence[tuple[WayModel, Finding]], regime: Regime) -> LimitingCause:
    arriving = []
    for way, finding in ways:
        able = _able(way).opens(movement(way, _unhurried(way, regime))[1])
        median = float(np.quantile(able, 0.5, method="inverted_cdf"))
        if np.isfinite(median):
            arriving.append((way.asset.hypothetical, median, way.id, way, finding))
    if not arriving:
        return _verdict(world, kind, ways)
    _, _, _, best, finding = min(arriving, key=lambda item: item[:3])
    regime = _unhurried(best, regime)
    hours = shares(spans(world, best, regime), best)
    there = movement(best, regime)[1]
    able = _able(best).opens(there)
    sure = np.isfinite(able)
    hours["weather"] += float(np.mean(able[sure] - there[sure]))
    total = sum(hours.values())
    cause = max(GROUPS, key=lambda name: (hours[name], -GROUPS.index(name)))
    share = 100.0 * hours[cause] / total if total > 0.0 else 0.0
    says = f"{WORDS[cause]} ({share:.0f} % of {total:.1f} h of {best.asset.name})"
    split = [hours[group] for group in GROUPS]
    return LimitingCause(kind, cause, best.id, finding.cause, split[0], split[1], split[2], split[3], says)


def shares(stages: Iterable[Span], way: WayModel) -> dict[str, float]:
    """Mean hours of each group until the way is on scene."""
    hours = dict.fromkeys(GROUPS, 0.0)
    for stage in stages:
        if stage.stage in BEYOND:
            continue
        shut = _shut(way, stage)
        hours["weather"] += float(np.mean(shut))
        hours[group_of(stage.stage)] += float(np.mean(stage.end - stage.begin - shut))
    return hours


def group_of(stage: str) -> str:
    """The group of a stage, of `GROUPS`."""
    return next((g for head, g in GROUP_OF.items() if stage == head or stage.startswith(f"{head} ")), "distance")


def _unhurried(way: WayModel, regime: Regime) -> Regime:
    """
    Without *not before now* for a way of which something is on record, but no arrival: that nobody wrote its arrival
    down does not mean that it is still on its way.
    """
    seen = way.departed is not None or any(r.event in ("find", "reached") for r in way.asset.records)
    return replace(regime, floor=-NEVER) if seen and way.arrived is None else regime


def _able(way: WayModel) -> Clock:
    """
    When the way can work on scene: one that only searches must see the ground, unless it is on record with a find at an
    hour at which it could not have seen it.
    """
    if way.search is None or way.reaches:
        return way.arrive
    finds = [hour for hour in way.finds_h if _closed(way.search, hour)]
    return way.arrive if finds else way.search


def _closed(clock: Clock, hour: float) -> bool:
    """Whether the clock stands still at that hour in most weather histories."""
    step = min(max(int(hour / STEP_H), 0), clock.rate.shape[1] - 1)
    return float((clock.rate[:, step] <= 0.0).mean()) > 0.5


def _shut(way: WayModel, stage: Span) -> Array:
    """Hours of a stage in which the scene was shut to the way, by draw."""
    clock = _able(way)
    if clock.always:
        return np.zeros(stage.begin.size)
    skies, steps = clock.rate.shape
    grid = np.arange(steps + 1) * STEP_H
    closed = np.concatenate([np.zeros((skies, 1)), np.cumsum(clock.rate <= 0.0, axis=1) * STEP_H], axis=1)
    out = np.zeros(stage.begin.size)
    history = stage.draws.astype(np.int64) % skies
    for each in range(skies):
        mine = history == each
        until, since = np.interp(stage.end[mine], grid, closed[each]), np.interp(stage.begin[mine], grid, closed[each])
        out[mine] = until - since
    return out


def _verdict(world: World, kind: str, ways: Sequence[tuple[WayModel, Finding]]) -> LimitingCause:
    """Where no way arrives: who sent it back, else the first verdict that is not unknown, else unknown."""
    for way, finding in ways:
        back = next(
            (r for r in way.asset.records if r.event == "turned-back" and r.by not in ("", way.asset.provider)), None
        )
        if back is not None:
            says = f"{WORDS['permission']}: {way.asset.name} was turned back by {back.by}"
            return LimitingCause(kind, "permission", way.id, finding.cause, None, None, None, None, says)
    for way, finding in ways:
        permits = [world.permit(n.clearance) for n in way.needs]
        closed = next((p for p in permits if not p.open and p.status != "granted"), None)
        if closed is not None and not way.unknown:
            says = f"{WORDS['permission']}: {closed.id} is {closed.status} ({way.asset.name})"
            return LimitingCause(kind, "permission", way.id, finding.cause, None, None, None, None, says)
    way, finding = next(((w, f) for w, f in ways if f.cause != "unknown"), ways[0])
    cause = VERDICT_GROUP.get(finding.cause, finding.cause)
    if finding.cause == "physical":
        cause = "weather" if WEATHER_LIMITS & set(finding.what) else "distance"
    says = f"no way of this kind arrives; {way.asset.name}: {finding.cause} ({', '.join(finding.what)})"
    return LimitingCause(kind, cause, way.id, finding.cause, None, None, None, None, says)
