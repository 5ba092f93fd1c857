"""The first lines of the answer: the one thing to do now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from safeconduct.assessment.answer import AskOrder, GoalValue
from safeconduct.assessment.names import KIND_WORDS
from safeconduct.assessment.survival import silent
from safeconduct.assessment.value import POINT, expected
from safeconduct.assessment.wayroom import Presented
from safeconduct.assessment.world import World
from safeconduct.model.instants import after, hours_between

GOAL_WORDS = {"survivors": "who survives", "found": "whether they are found", "reached": "whether they are reached"}


def first_lines(
    world: World,
    goals: Sequence[GoalValue],
    *,
    goal: str,
    asked: str,
    order: AskOrder,
    ways: Sequence[Presented],
) -> tuple[str, ...]:
    """
    What to do first: ask now, whom, for what; before it, what no permission can change any more.

    Never advice to end a search, and never advice to launch.
    """
    by_name = {g.goal: g for g in goals}
    ended = bool(world.groups) and all(silent(group, world.at) for group, _ in world.groups)
    lines = list(_beyond(by_name[asked], by_name[goal], ended=ended))
    lines += _asking(world, order, ways, by_name[goal])
    if not lines:
        lines += _going(ways)
    lines += _waiting(world)
    return tuple(lines)


def _going(ways: Sequence[Presented]) -> list[str]:
    """Nothing is left to ask: what helps most as things stand, its risk beside it."""
    useful = [w for w in ways if w.way.verdict == "useful" and w.way.state != "ended"]
    if not useful:
        return ["Nothing is left to ask that changes this goal, as far as is known."]
    best = max(useful, key=lambda w: (expected(w.verdict.lift), w.way.id))
    line = (
        f"Nothing is left to ask that changes this goal. What helps most as things stand: {_named(best)}; "
        f"risk to the rescuers {best.way.risk.level}."
    )
    return [line]


def _beyond(asked: GoalValue, shown: GoalValue, *, ended: bool) -> list[str]:
    if ended and asked.goal == "survivors":
        other = "" if asked.goal == shown.goal else f"; shown instead: {GOAL_WORDS[shown.goal]}"
        line = f"How long they last is not known beyond the hours of its model, which are over{other}."
        return [f"{line} This is no reason to end a search."]
    if asked.goal == shown.goal:
        if shown.negligible:
            return [f"No permission and no way in this case changes {GOAL_WORDS[asked.goal]} as far as is known."]
        return []
    reason = (
        "nobody is counted for it"
        if asked.maximum <= 0.0
        else "whatever is granted changes it by less than half a point"
    )
    line = (
        f"No permission can now change {GOAL_WORDS[asked.goal]}, as far as is known ({reason}); "
        f"shown instead: {GOAL_WORDS[shown.goal]}. This is no reason to end a search."
    )
    return [line]


def _asking(world: World, order: AskOrder, ways: Sequence[Presented], goal: GoalValue) -> list[str]:
    """The way that would add most and what to ask for it; ways that a source names before hypothetical ones."""
    point = POINT * max(goal.maximum, 1e-9)
    unasked = {s.clearance: s for s in order.steps}
    coming = [w for w in ways if expected(w.verdict.lift_now) >= point and any(n in unasked for n in w.way.missing)]
    if not coming:
        return _asking_anyway(world, order, ways)
    best = min(coming, key=lambda w: (w.way.asset.hypothetical, -expected(w.verdict.lift_now), w.way.id))
    asks = [unasked[n] for n in best.way.missing if n in unasked]
    deadlines = [s.ask_by for s in asks if s.ask_by]
    until = _until(world, min(deadlines)) if deadlines else ""
    lines = [f"ASK NOW for {_named(best)}: {'; '.join(s.says for s in asks)}.{until}"]
    others = list(dict.fromkeys(w.way.provider for w in coming if w.way.provider != best.way.provider))
    if others:
        lines.append(f"Ask at the same time: {', '.join(others)}. Asking costs nothing.")
    return lines


def _until(world: World, deadline: datetime) -> str:
    left = hours_between(world.case.incident_at, deadline) - world.at
    if left <= 0.0:
        return " At usual lead times an answer already comes late: every minute counts."
    return f" Ask by {deadline:%d %b %H:%MZ} at the latest."


def _asking_anyway(world: World, order: AskOrder, ways: Sequence[Presented]) -> list[str]:
    """No request is worth half a point: whom to ask all the same, by who could be there first."""
    requests = {s.on_behalf_of: s for s in order.steps if world.permit(s.clearance).kind == "request"}
    coming = [w for w in ways if w.way.provider in requests and w.way.arrival and w.way.arrival.p50]
    if not coming:
        return []
    soonest = min(coming, key=lambda w: (float(np.median(w.arrival)), w.way.id))
    step = requests[soonest.way.provider]
    line = (
        f"Ask all the same: {step.says}, {_named(soonest)}. On what is known it changes little; asking costs nothing "
        "and what is known may be wrong."
    )
    return [line]


def _named(shown: Presented) -> str:
    arrival = shown.way.arrival
    at = f", there about {arrival.p50:%d %b %H:%MZ}" if arrival and arrival.p50 else ""
    return f"{shown.way.asset.name}{' (hypothetical)' if shown.way.asset.hypothetical else ''}{at}"


def _waiting(world: World) -> list[str]:
    """Clearances that were asked and not answered."""
    waiting = [p for p in world.permits if p.open and p.asked_at is not None]
    if not waiting:
        return []
    told = [
        f"{p.id} ({KIND_WORDS.get(p.kind, p.kind)}, asked {p.asked_at:%H:%MZ})"
        for p in sorted(waiting, key=lambda p: (p.asked_at or after(world.case.incident_at, 0.0), p.id))
        if p.asked_at
    ]
    return [f"Press for an answer: {'; '.join(told[:5])}{' and others' if len(told) > 5 else ''}."]
