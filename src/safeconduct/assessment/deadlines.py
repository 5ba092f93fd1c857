"""Until when a clearance is worth having, and in which order to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from safeconduct.assessment.board import Permit
from safeconduct.assessment.regimes import NEVER, Finds, Outcome, Regime, all_now, open_ids, outcome
from safeconduct.assessment.value import POINT, Run, expected, maximum, run, value_of
from safeconduct.assessment.world import WayModel, World

CALL_H = 0.25
"""One request takes a desk a quarter of an hour to make: our assumption for the order to ask."""

EXACT_CALLS = 6
"""Up to so many requests all orders are compared, if it matters; 720 of them."""

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
    finds: Finds = {}
    return {name: _curve(world, goal, name, regime=regime, full=full, point=point, finds=finds) for name in players}


def _curve(world: World, goal: str, name: str, *, regime: Regime, full: Run, point: float, finds: Finds) -> Curve:
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
        taken = kept + [(w, outcome(w, late, finds)) for w in touched]
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

        gap: No order is worth more than this one by more than this: what all would be worth, asked at once, less what
            this order is worth; 0 where all orders were compared.
    """

    names: tuple[str, ...]
    method: str
    gap: float


def ask_order(world: World, goal: str, shares: dict[str, float], deadlines: dict[str, Curve]) -> Order:
    """
    Order of the requests of a desk that makes one at a time, each answered after its median lead time.

    The worthiest first where no order can be better by half a point. Else, up to `EXACT_CALLS` requests, the best of
    all orders; beyond, the better of two greedy ones (the worthiest first, or the one that must be asked first), which
    carries no guarantee but its gap: permissions complement each other, so the value is not submodular.
    """
    to_ask = [p for p in world.permits if p.id in open_ids(world) and p.asked_at is None]
    point = POINT * maximum(world, goal)
    worthy = sorted((p for p in to_ask if shares.get(p.id, 0.0) > point / 10.0), key=lambda p: (-shares[p.id], p.id))

    def urgency(permit: Permit) -> tuple[float, float, str]:
        curve = deadlines.get(permit.id)
        last = curve.last_h if curve and curve.last_h is not None else np.inf
        lead = permit.lead_time_h.p50 if permit.lead_time_h else 0.0
        return (last - lead, -shares.get(permit.id, 0.0), permit.id)

    worthiest = tuple(p.id for p in worthy)
    urgent = tuple(p.id for p in sorted(worthy, key=urgency))
    idle = tuple(p.id for p in sorted((p for p in to_ask if p not in worthy), key=urgency))
    if len(worthy) < 2:
        return Order((*worthiest, *idle), "only one request changes anything" if worthy else "nothing to gain", 0.0)
    orders = _Orders(world, goal, worthiest)
    most, count = orders.value(()), len(worthy)
    best = max((worthiest, urgent), key=orders.value)
    if most - orders.value(worthiest) < point:
        best, method = worthiest, f"worthiest first: no order of the {count} that matter is better by half a point"
    elif count <= EXACT_CALLS:
        best = orders.best(best)
        return Order((*best, *idle), f"the best of all orders of the {count} that matter", 0.0)
    else:
        method = f"greedy, which carries no guarantee: {count} requests are too many to compare all orders"
    return Order((*best, *idle), method, max(most - orders.value(best), 0.0))


class _Orders:
    """The value of orders of some requests, a call apart, each answered after its median lead time."""

    def __init__(self, world: World, goal: str, names: Sequence[str]) -> None:
        self._world, self._goal, self._names = world, goal, tuple(names)
        self._regime = all_now(world)
        self._leads = {n: (p.p50 if (p := world.permit(n).lead_time_h) else 0.0) for n in names}
        self._ways: dict[tuple[str, tuple[tuple[str, int], ...]], Outcome] = {}
        self._values: dict[tuple[str, ...], float] = {}

    def value(self, begun: tuple[str, ...]) -> float:
        """
        Value of an order, or of its beginning with all others asked at once right after it: no order that begins so
        is worth more, since asking earlier never makes a value fall.
        """
        places = {name: begun.index(name) if name in begun else len(begun) for name in self._names}
        if begun not in self._values:
            done = [(way, self._outcome(way, places)) for way in self._world.ways]
            taken = [(w, o) for w, o in done if np.isfinite(o.arrival).any()]
            self._values[begun] = expected(value_of(self._world, self._goal, taken))
        return self._values[begun]

    def best(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """The best of all orders, *known* where none is better: branch and bound, the promising beginnings first."""
        best, top = known, self.value(known)
        begun: list[tuple[str, ...]] = [()]
        while begun:
            here = begun.pop()
            if self.value(here) <= top + 1e-12:
                continue
            if len(here) == len(self._names):
                best, top = here, self.value(here)
                continue
            onward = [(*here, name) for name in known if name not in here]
            begun += sorted(onward, key=self.value)
        return best

    def _outcome(self, way: WayModel, places: dict[str, int]) -> Outcome:
        """A way depends only on the places of its own clearances, so each is computed once for each of them."""
        key = (way.id, tuple((n.clearance, places[n.clearance]) for n in way.needs if n.clearance in places))
        if key not in self._ways:
            late = {n: self._world.at + place * CALL_H + self._leads[n] for n, place in key[1]}
            self._ways[key] = outcome(way, replace(self._regime, grants={**self._regime.grants, **late}))
        return self._ways[key]
