"""
Ways of one asset to one site: chains of legs with the states they enter, before any permission is looked at.

Label-setting over the bases that the asset may use: a label is (hours, states entered, range left), and one label
beats another if it is no later, enters no other state and has no less range left.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace

from safeconduct.model.assets import Asset, AssetType, Base, GroundLink
from safeconduct.model.sources import Cite, Spread
from safeconduct.motion.hours import WIND_KMH, flight_hours
from safeconduct.reach.airways import DETOUR_EXTRA_M, DETOUR_LIMIT, MOST_STATES, SkiesLike, around
from safeconduct.reach.chain import Ground, Plan, PlanLeg, undominated, unknown_plan
from safeconduct.reach.flown import flight_leg, flight_legs, least_spent_km, straight_spent_km

__all__ = [
    "AIR",
    "DETOUR_EXTRA_M",
    "DETOUR_LIMIT",
    "MOST_STATES",
    "MOST_STOPS",
    "ON_SCENE_H",
    "RESERVE_H",
    "STOP_H",
    "WIND_KMH",
    "Ground",
    "Plan",
    "PlanLeg",
    "SkiesLike",
    "around",
    "flight_hours",
    "plans",
    "range_km",
]

RESERVE_H = 1.0 / 3.0
"""Fuel kept in reserve: 20 minutes at cruise (reference: parameters 4, US military helicopter VFR)."""

ON_SCENE_H = 0.5
"""Least time on scene that fuel must allow, our assumption."""

STOP_H = Spread(
    0.5, 0.75, 1.5, Cite((), "assumed", "landing, refuelling and leaving again"), "refuelling stops; no source", None
)

MOST_STOPS = 2
"""Ways with more stops than this are not looked for."""

AIR = ("helicopter", "fixed-wing", "uav")


def plans(asset: Asset, ground: Ground) -> tuple[Plan, ...]:
    """
    All Pareto-optimal (hours, states entered) ways of *asset*; one plan that says what is unknown where there is none.
    """
    if asset.type is None:
        return (unknown_plan(asset, "the offer names no asset"),)
    if asset.type.kind == "satellite":
        return (_remote(asset),)
    base = ground.base(asset.base)
    if base is None:
        return (unknown_plan(asset, "no source names its base"),)
    found = list(_ground_plans(asset, base, ground))
    if asset.type.kind in AIR:
        found = list(_air_plans(asset, asset.type, base, ground))
    if not found:
        return (unknown_plan(asset, "no road, runway or landing place in the case leads it to the site"),)
    return undominated(found)


def _remote(asset: Asset) -> Plan:
    if asset.product_time_h is None:
        return unknown_plan(asset, "no source says how long its product takes")
    leg = PlanLeg("remote", asset.name, "coordinator", (), None, asset.product_time_h, ())
    return Plan(asset.id, (leg,), (), asset.effects, None, ())


def _ground_plans(asset: Asset, base: Base, ground: Ground) -> Iterator[Plan]:
    for link in ground.links:
        if link.start == base.id:
            legs, lands, missing = _by_road(asset, base, link, ground)
            yield Plan(asset.id, () if missing else legs, lands, asset.effects, None, missing)


def _by_road(
    asset: Asset, base: Base, link: GroundLink, ground: Ground
) -> tuple[tuple[PlanLeg, ...], tuple[tuple[str, int], ...], tuple[str, ...]]:
    own = asset.provider
    entered = [s for s in (*link.enters, ground.host) if s not in (own, base.state)]
    states = tuple(dict.fromkeys([*([base.state] if base.state != own else []), *entered]))
    legs, missing = [], []
    if link.drive_h is None:
        missing.append(f"no source gives the road time from {base.name}")
    else:
        enters = tuple((s, 0.0 if s == base.state else 0.5) for s in states)
        path = (base.position, ground.site)
        legs.append(PlanLeg("drive", base.name, "road end", path, None, link.drive_h, enters))
    if link.walk_h is None:
        missing.append("walking time unknown: no terrain")
    else:
        legs.append(PlanLeg("walk", "road end", "site", (ground.site,), None, link.walk_h, ()))
    return tuple(legs), tuple((s, 0) for s in states), tuple(missing)


@dataclass(frozen=True, slots=True)
class _Label:
    """A partial flight: at *base* after *legs*, which take *hours* and enter or land in *states*."""

    base: Base
    legs: tuple[PlanLeg, ...]
    lands: tuple[tuple[str, int], ...]
    range_km: float | None
    hoped: tuple[str, ...] = ()
    hours: float = 0.0
    states: frozenset[str] = frozenset()

    def beats(self, other: _Label) -> bool:
        """Whether it is as good in every respect, at the same base."""
        left, least = self.range_km, other.range_km
        enough = left is None or (least is not None and left >= least)
        return self.hours <= other.hours and enough and self.states <= other.states


def _air_plans(asset: Asset, kind: AssetType, base: Base, ground: Ground) -> Iterator[Plan]:
    if kind.cruise_kmh is None and asset.flight_time_h is None:
        yield unknown_plan(asset, "its cruising speed is unknown")
        return
    settled: list[_Label] = []
    at: dict[str, list[_Label]] = {}
    made = 0
    queue = [(0.0, 0, base.id, made, _Label(base, (), (), range_km(kind)))]
    while queue:
        *_, label = heapq.heappop(queue)
        here = at.setdefault(label.base.id, [])
        if any(s.beats(label) for s in here):
            continue
        here.append(label)
        settled.append(label)
        for stop in _stops(asset, label, ground):
            for onward in _flown_to(asset, kind, label, stop, ground):
                made += 1
                heapq.heappush(queue, (onward.hours, len(onward.states), onward.base.id, made, onward))
    for label in settled:
        yield from _finishes(asset, kind, label, ground)


def range_km(kind: AssetType) -> float | None:
    """Distance with standard fuel, kilometres; from endurance and speed where no range is given; None where unknown."""
    if kind.range_km is not None:
        return kind.range_km.value
    if kind.endurance_h is not None and kind.cruise_kmh is not None:
        return kind.endurance_h.value * kind.cruise_kmh.value
    return None


def _stops(asset: Asset, label: _Label, ground: Ground) -> list[Base]:
    if len(label.legs) >= 2 * MOST_STOPS:  # a flight and a landing each
        return []
    seen = {label.base.id} | {leg.end for leg in label.legs}
    return [b for b in ground.bases if b.id in asset.via and b.id not in seen and b.name not in seen]


def _flown_to(asset: Asset, kind: AssetType, label: _Label, stop: Base, ground: Ground) -> Iterator[_Label]:
    if not _lands_at(kind, stop) or not _within(
        kind, label, least_spent_km(kind, label.base.position, stop.position, ground)
    ):
        return
    ends = (label.base.name, label.base.position), (stop.name, stop.position)
    for leg in flight_legs(asset, kind, *ends, ground, label.hours):
        if not _within(kind, label, leg.spent_km):
            continue
        stopped = PlanLeg("land", stop.name, stop.name, (stop.position,), None, STOP_H, ())
        legs = (*label.legs, leg, stopped)
        lands = label.lands if stop.state == asset.provider else (*label.lands, (stop.state, len(legs) - 2))
        fuelled = stop.fuel is not False
        left = range_km(kind) if fuelled else (None if label.range_km is None else label.range_km - leg.spent_km)
        hoped = (*label.hoped, stop.name) if stop.fuel is None else label.hoped
        states = label.states | {state for state, _ in leg.enters} | {state for state, _ in lands}
        if len(states) <= MOST_STATES:
            hours = label.hours + leg.hours.p50 + STOP_H.p50
            yield _Label(stop, legs, lands, left, hoped, hours, states)


def _within(kind: AssetType, label: _Label, distance_km: float) -> bool:
    cruise = kind.cruise_kmh.value if kind.cruise_kmh else 0.0
    return label.range_km is None or distance_km + RESERVE_H * cruise <= label.range_km


def _lands_at(kind: AssetType, base: Base) -> bool:
    """Whether the runway is long enough; an unknown runway or need does not bar it here (it is shown as a limit)."""
    if kind.kind == "helicopter" or kind.runway_m is None or base.runway_m is None:
        return True
    return base.runway_m >= kind.runway_m.value


def _finishes(asset: Asset, kind: AssetType, label: _Label, ground: Ground) -> Iterator[Plan]:
    brings = asset.persons > 0 and kind.kind == "fixed-wing"
    if brings:
        yield from _on_by_road(asset, kind, label, ground)
        return
    for leg in _last_flights(asset, kind, label, ground):
        left, home = _range_left(asset, kind, label, (leg.spent_km, leg.hours.p50), ground)
        hoped = (*label.hoped, home.name) if home.fuel is None and home.id != asset.base else label.hoped
        yield Plan(asset.id, (*label.legs, leg), label.lands, asset.effects, left, (), tuple(dict.fromkeys(hoped)))


def _last_flights(asset: Asset, kind: AssetType, label: _Label, ground: Ground) -> list[PlanLeg]:
    """
    The flights to the site; the straight one alone where even that is out of range, which no permission changes.
    """
    start, end = (label.base.name, label.base.position), ("site", ground.site)
    if label.range_km is not None:
        least_km = least_spent_km(kind, start[1], end[1], ground)
        hours = least_km / kind.cruise_kmh.value if kind.cruise_kmh else 0.0
        left, _ = _range_left(asset, kind, label, (least_km, hours), ground)
        if left is not None and left < 0.0:
            direct = ground.flights.straight(start[1], end[1])
            return [flight_leg(asset, kind, (start[0], end[0]), direct, ground, label.hours)]
    return flight_legs(asset, kind, start, end, ground, label.hours)


def _on_by_road(asset: Asset, kind: AssetType, label: _Label, ground: Ground) -> Iterator[Plan]:
    """Land, and go on by road and foot."""
    flown = bool(label.legs)
    legs = label.legs[:-1] if flown and label.legs[-1].mode == "land" else label.legs
    for link in ground.links:
        if link.start == label.base.id and (flown or kind.kind not in AIR):
            road, lands, missing = _by_road(asset, label.base, link, ground)
            landed = label.lands
            unload = replace(STOP_H, cite=Cite((), "assumed", "unloading and changing to vehicles"))
            stop = PlanLeg("land", label.base.name, label.base.name, (label.base.position,), None, unload, ())
            extra = tuple((s, len(legs) + i) for s, i in lands if s not in {x for x, _ in landed})
            known = () if missing else (*legs, stop, *road)
            searches = asset.sweep_width_km is not None
            effects = tuple(e for e in asset.effects if e == "reach" or (e == "find" and searches)) or ("reach",)
            yield Plan(asset.id, known, (*landed, *extra), effects, None, missing)


def _range_left(
    asset: Asset, kind: AssetType, label: _Label, last: tuple[float, float], ground: Ground
) -> tuple[float | None, Base]:
    """
    Range left over at the site after a last flight, given by (kilometres of range, hours) that it takes, and the way to
    the nearest place with fuel, time on scene and reserve.

    A base whose fuel is unknown counts only where the known ones lie too far.
    """
    spent_km, hours = last
    homes = [b for b in ground.bases if b.fuel is not False and _lands_at(kind, b)] or [label.base]
    sure = [b for b in homes if b.fuel] + [label.base]

    def back(base: Base) -> float:
        return straight_spent_km(asset, kind, ground.site, base.position, ground, label.hours + hours + ON_SCENE_H)

    if label.range_km is None:
        return None, label.base
    cruise = kind.cruise_kmh.value if kind.cruise_kmh else 0.0
    left = label.range_km - spent_km - (RESERVE_H + ON_SCENE_H) * cruise
    near = min(sure, key=back)
    home = near if left >= back(near) else min(homes, key=back)
    return left - back(home), home
