"""Until when a clearance is worth having, and in which order to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from safeconduct.assessment.board import Permit
from safeconduct.assessment.regimes import NEVER, Outcome, Regime, all_now, open_ids, outcome
from safeconduct.assessment.value import POINT, Run, expected, maximum, run, value_of
from safeconduct.assessment.world import WayModel, World

CALL_H = 0.25
"""One request takes a desk a quarter of an hour to make: our assumption for the order to ask."""

EXACT_CALLS = 4
"""Up to so many requests all orders are compared."""

AHEAD_H = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 24.0, 36.0, 48.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """
    Value still to be had from a clearance granted at each hour, all others granted now.

    Args:
        hours: Since the incident.

        values: In the goal's unit, never rising.

        half_h: When it has halved; None if it was never above half a point.

        last_h: When it falls under half a point; None if it never exceeds it; inf if it does not within the horizon.
    """

    hours: tuple[float, ...]
    values: tuple[float, ...]
    half_h: float | None
    last_h: float | None


def curves(world: World, goal: str, players: Sequence[str]) -> dict[str, Curve]:
    """The curve of each open clearance."""
    regime = all_now(world)
    full = [(w, o) for w, o in run(world, regime) if np.isfinite(o.arrival).any()]
    point = POINT * maximum(world, goal)
    return {name: _curve(world, goal, name, regime=regime, full=full, point=point) for name in players}


def _curve(world: World, goal: str, name: str, *, regime: Regime, full: Run, point: float) -> Curve:
    touched = [w for w, _ in full if w.arrived is None and any(n.clearance == name for n in w.needs)]
    kept = [(w, o) for w, o in full if w not in touched]
    never = expected(value_of(world, goal, kept))
    hours = _grid(world, goal)
    values: list[float] = []
    for hour in hours:
        if not touched or (values and values[-1] < point / 10.0):
            values.append(0.0)
            continue
        late = replace(regime, grants={**regime.grants, name: hour})
        taken = kept + [(w, outcome(w, late)) for w in touched]
        value = max(expected(value_of(world, goal, taken)) - never, 0.0)
        values.append(min(value, values[-1]) if values else value)
    return Curve(hours, tuple(values), _halves(hours, values, point), _ends(hours, values, point))


def _grid(world: World, goal: str) -> tuple[float, ...]:
    """Hours at which a grant is tried; where the goal has a deadline, that is the last of them."""
    ahead = tuple(world.at + h for h in AHEAD_H)
    if goal == "survivors":
        return ahead
    return (*(h for h in ahead if h < world.by), world.by) if world.by > world.at else ahead[:1]


def _halves(hours: Sequence[float], values: Sequence[float], point: float) -> float | None:
    if not values or values[0] < point:
        return None
    return _crossing(hours, values, values[0] / 2.0)


def _ends(hours: Sequence[float], values: Sequence[float], point: float) -> float | None:
    if not values or values[0] < point:
        return None
    return _crossing(hours, values, point)


def _crossing(hours: Sequence[float], values: Sequence[float], level: float) -> float:
    """First hour at which the line through the points falls under *level*; inf if it never does."""
    for (h0, v0), (h1, v1) in zip(
        zip(hours, values, strict=True), zip(hours[1:], values[1:], strict=True), strict=False
    ):
        if v1 < level:
            return h0 + (h1 - h0) * (v0 - level) / (v0 - v1)
    return NEVER


@dataclass(frozen=True, slots=True)
class Order:
    """
    In which order to ask.

    Args:
        names: Clearances, the first to be asked first; the worthless ones last.

        method: How it was found.

        gap: What the greedy order would lose against this one.
    """

    names: tuple[str, ...]
    method: str
    gap: float


def ask_order(world: World, goal: str, shares: dict[str, float], deadlines: dict[str, Curve]) -> Order:
    """
    Order of the requests of a desk that makes one at a time, each answered after its median lead time.

    The worthiest first, or greedy by the latest hour at which asking still helps, where no order of the worthiest few
    is better by half a point; else the best of all.
    """
    to_ask = [p for p in world.permits if p.id in open_ids(world) and p.asked_at is None]
    point = POINT * maximum(world, goal)
    worthy = sorted((p for p in to_ask if shares.get(p.id, 0.0) > point / 10.0), key=lambda p: (-shares[p.id], p.id))
    chosen = worthy[:EXACT_CALLS]

    def urgency(permit: Permit) -> tuple[float, float, str]:
        curve = deadlines.get(permit.id)
        last = curve.last_h if curve and curve.last_h is not None else np.inf
        lead = permit.lead_time_h.p50 if permit.lead_time_h else 0.0
        return (last - lead, -shares.get(permit.id, 0.0), permit.id)

    greedy = tuple(p.id for p in sorted(chosen, key=urgency))
    rest = tuple(p.id for p in sorted(worthy[EXACT_CALLS:], key=urgency))
    idle = tuple(p.id for p in sorted((p for p in to_ask if p not in worthy), key=urgency))
    if len(chosen) < 2:
        return Order((*greedy, *rest, *idle), "only one request changes anything" if chosen else "nothing to gain", 0.0)
    values = _values_of_orders(world, goal, greedy)
    top = max(values.values())
    worthiest = tuple(p.id for p in chosen)
    best = next((o for o in (worthiest, greedy) if values[o] >= top - point), max(values, key=lambda o: values[o]))
    method = f"none of the {len(values)} orders of the {len(chosen)} worthiest requests is better by half a point"
    return Order((*best, *rest, *idle), method, max(values[best] - values[greedy], 0.0))


def _values_of_orders(world: World, goal: str, chosen: Sequence[str]) -> dict[tuple[str, ...], float]:
    """
    Value of each order of *chosen*, a call apart, each answered after its median lead time.

    A way depends only on the places of its own clearances in the order, so each is computed once for each of them.
    """
    regime = all_now(world)
    leads = {n: (p.p50 if (p := world.permit(n).lead_time_h) else 0.0) for n in chosen}
    memo: dict[tuple[str, tuple[tuple[str, int], ...]], Outcome] = {}

    def done(way: WayModel, places: dict[str, int]) -> Outcome:
        key = (way.id, tuple((n.clearance, places[n.clearance]) for n in way.needs if n.clearance in places))
        if key not in memo:
            late = {n: world.at + place * CALL_H + leads[n] for n, place in key[1]}
            memo[key] = outcome(way, replace(regime, grants={**regime.grants, **late}))
        return memo[key]

    values = {}
    for order in permutations(chosen):
        places = {name: place for place, name in enumerate(order)}
        taken = [(w, o) for w in world.ways if np.isfinite((o := done(w, places)).arrival).any()]
        values[order] = expected(value_of(world, goal, taken))
    return values
